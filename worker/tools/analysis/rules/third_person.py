"""Turns the first person of English speech into the third: "we" is the client, a user story's "I" is its role.

Every other word stays as it was said. The verb after the pronoun is bent to the new person; where no verb follows, the
pronoun alone is replaced.
"""

import re

CLIENT = ("the", "client", "client's", "they", "them", "their", "theirs", "themselves")
"""The words that stand for the speaker. They are not in the notes."""

_STORY = re.compile(
    r"as (?P<role>(?:an?|the|one of the) [^;.]{2,90}?),? (?:i|we)(?:'(?P<short>d|m|ve|ll))? (?P<rest>.+)",
    re.IGNORECASE | re.DOTALL,
)
_WANT = re.compile(
    r"(?:(?:would |really |also )*(?:want|need|wish|like|love|expect|prefer|have)(?: to be able)? to|"
    r"(?:must|should|shall|can|could|would like to|will|may) be able to)\s+",
    re.IGNORECASE,
)
_FIRST = re.compile(
    r"\b(?P<word>let's|i'm|we're|i've|we've|i'd|we'd|i'll|we'll|i|we|me|us|my people|my|our|ours|myself|ourselves)\b"
    r"(?!\.\w|-)(?:(?P<space>\s+)(?P<next>[a-z']+)(?:(?P<more>\s+)(?P<after>[a-z']+))?)?",
    re.IGNORECASE,
)
_INVERTED = re.compile(r"\b(?P<verb>do|don't|are|aren't|have|haven't)\s+(?:we|i)\b", re.IGNORECASE)
_SECOND = re.compile(r"(?P<joint> (?:and|or|&) )(?P<verb>[a-z]+)(?= )")
"""A second verb with the same subject: "read and write"."""
_NO_VERB = frozenset("the a an it they them their his her its this that these those not then only also so".split())
_SINGULAR = {"do": "does", "don't": "doesn't", "are": "is", "aren't": "isn't", "have": "has", "haven't": "hasn't"}
_IRREGULAR = {
    **_SINGULAR,
    "am": "is",
    "go": "goes",
    "were": "was",
    "weren't": "wasn't",
}
_SHORT = {"m": "is", "re": "is", "ve": "has", "d": "would", "ll": "will"}
_PLURAL_SHORT = _SHORT | {"m": "are", "re": "are", "ve": "have"}
_UNBENT = frozenset(
    "can can't cannot could couldn't must mustn't may might shall should shouldn't will won't would wouldn't ought had was"
    " did didn't wasn't hadn't and or but as in on at of for with to from by than that which who when where if all both"
    " each two three four five what how why any there too either ourselves".split()
)
_ADVERBS = frozenset("also really always never just still only then now often already usually sometimes even".split())
_PAST = frozenset(
    "got took came went saw said told made gave knew thought wrote bought brought found kept left lost met paid put ran"
    " sent set sold spoke spent stood cut let asked voted agreed tried".split()
)
_PAST_END = re.compile(r"(?<!e)ed$")
"""How a past ends: "asked", but not "need"."""
_OBJECTS = {"me": "them", "us": "them", "my": "their", "our": "their", "my people": "their people"}
_OBJECTS |= {"ours": "theirs", "myself": "themselves", "ourselves": "themselves"}
_FULL = {"them": "the client", "their": "the client's", "their people": "the client's staff", "theirs": "the client's"}
_FULL |= {"themselves": "themselves"}


def told(text: str) -> str:
    """An English text in the third person."""
    said = text.replace("\u2019", "'") if _FIRST.search(text.replace("\u2019", "'")) else text
    if story := _STORY.fullmatch(said):
        return _story(story)
    return _replaced(said, named=False)


def _story(match: re.Match[str]) -> str:
    """A user story as what its role can do: "As a parent I want to pay" is "A parent can pay"."""
    role, rest = match["role"], match["rest"]
    if match["short"]:
        rest = f"{_SHORT[match['short'].lower()]} {rest}"
    want = _WANT.match(rest)
    if want:
        rest = f"can {rest[want.end() :]}"
    else:
        words = rest.split(" ", 1)
        verb, more = words[0], words[1] if len(words) > 1 else ""
        if verb.lower() in _ADVERBS and more:
            second = more.split(" ", 1)
            rest = " ".join([verb, _bent(second[0]), *second[1:]])
        else:
            rest = " ".join(filter(None, (_bent(verb), more)))
    role = _replaced(role, named=False)
    subject = role[0].upper() + role[1:]
    return f"{subject} {_replaced(rest, named=True)}"


def _begins(text: str) -> bool:
    """Whether the next word after this text begins a sentence."""
    return not text.strip() or text.rstrip()[-1] in ".!?"


def _replaced(text: str, *, named: bool) -> str:
    """The text with each first person replaced: by "the client" the first time, unless somebody is named already."""
    seen = named

    def inverted(match: re.Match[str]) -> str:
        nonlocal seen
        if seen:
            return f"{match['verb']} they"
        seen = True
        return f"{_cased(_SINGULAR[match['verb'].lower()], match['verb'])} the client"

    text = _INVERTED.sub(inverted, text)
    pieces: list[str] = []
    place = 0
    while match := _FIRST.search(text, place):
        said, end = _one(match, seen=seen)
        pieces += [text[place : match.start()], said]
        place, seen = end, True
    return "".join([*pieces, text[place:]])


def _one(match: re.Match[str], *, seen: bool) -> tuple[str, int]:
    """What a pronoun becomes, with the verb after it, and the place after both."""
    word = match["word"].lower()
    base, _, short = word.partition("'")
    if word == "let's":
        return f"{_subject(match, seen=seen)} should", match.end("word")
    if base not in {"i", "we"}:
        other = _OBJECTS[word]
        return _cased(other if seen else _FULL[other], match["word"]), match.end("word")
    if short:
        verb = _PLURAL_SHORT[short] if seen else _SHORT[short]
        return f"{_subject(match, seen=seen)} {verb}", match.end("word")
    verb = match["next"]
    if seen or verb is None or _FIRST.match(verb):
        return _subject(match, seen=seen), match.end("word")
    adverb, after = verb.lower() in _ADVERBS, match["after"]
    if adverb and after and not _FIRST.match(after):
        return f"{_subject(match, seen=seen)} {verb} {_bent(after)}", match.end("after")
    said = f"{_subject(match, seen=seen)} {_bent(verb)}"
    if (second := _SECOND.match(match.string, match.end("next"))) and second["verb"].lower() not in _NO_VERB:
        return f"{said}{second['joint']}{_bent(second['verb'])}", second.end()
    return said, match.end("next")


def _subject(match: re.Match[str], *, seen: bool) -> str:
    name = "they" if seen else "the client"
    return name[0].upper() + name[1:] if _begins(match.string[: match.start()]) else name


def _bent(verb: str) -> str:
    """A verb in the third person singular. What is no verb of the present stays as it is."""
    word = verb.lower()
    if word in _IRREGULAR:
        return _cased(_IRREGULAR[word], verb)
    if word in _UNBENT or word in _PAST or word.endswith(("'t", "ly", "'d", "'ll")) or _PAST_END.search(word):
        return verb
    if word.endswith(("s", "x", "z", "ch", "sh", "o")):
        return verb + "es"
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + "s"


def _cased(word: str, like: str) -> str:
    return word[0].upper() + word[1:] if like[:1].isupper() and like.lower() != "i" else word
