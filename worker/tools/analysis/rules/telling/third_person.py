"""Turns the first person of English speech into the third: "we" is the client, a user story's "I" is its role.

Every other word stays as it was said. The verb after the pronoun is bent to the new person; where no verb follows, the
pronoun alone is replaced.
"""

import re

from worker.tools.analysis.rules.lexicon import lexicon

_EN = lexicon(("en",))
CLIENT = ("the", "client", "client's", "supplier", "they", "them", "their", "theirs", "themselves")
"""The words that stand for the speaker. They are not in the notes."""

_STORY = re.compile(
    r"as (?P<role>(?:an?|the|one of the) [^;.]{2,90}?|(?-i:[A-Z])[\w'-]+(?: (?-i:[A-Z])[\w'-]+)?)"
    r",? (?:i|we)(?:'(?P<short>d|m|ve|ll))? (?P<rest>.+)",
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
_YOUR = re.compile(r"\byour\b", re.IGNORECASE)
_TO_YOU = re.compile(r"\b(?P<with>by|for|to|with|from|at) you\b(?!\s[a-z]+)", re.IGNORECASE)
_WITH_YOU = re.compile(r"\b(?P<with>without|by|from) you\b(?!\s(?:can|must|may|have|are))", re.IGNORECASE)
_SECOND = re.compile(r"(?P<joint> (?:and|or|&) )(?P<verb>[a-z]+)(?= )")
"""A second verb with the same subject: "read and write"."""
_NO_VERB = frozenset(_EN.listed("person", "no_verb"))
_INVERTING = re.compile(r"\b(?:can|could|should|shall|would|will|may|might|must|did)\s+$", re.IGNORECASE)
"""What stands before the subject of a question, whose verb has no ending then."""
_SINGULAR = {"do": "does", "don't": "doesn't", "are": "is", "aren't": "isn't", "have": "has", "haven't": "hasn't"}
_IRREGULAR = {
    **_SINGULAR,
    "am": "is",
    "be": "is",
    "go": "goes",
    "were": "was",
    "weren't": "wasn't",
}
_SHORT = {"m": "is", "re": "is", "ve": "has", "d": "would", "ll": "will"}
_PLURAL_SHORT = _SHORT | {"m": "are", "re": "are", "ve": "have"}
_UNBENT = frozenset(_EN.listed("person", "unbent"))
_ADVERBS = frozenset(_EN.listed("person", "adverbs"))
_PAST = frozenset(_EN.listed("person", "past"))
_PAST_END = re.compile(r"(?<!e)ed$")
"""How a past ends: "asked", but not "need"."""
_OBJECTS = {"me": "them", "us": "them", "my": "their", "our": "their", "my people": "their people"}
_OBJECTS |= {"ours": "theirs", "myself": "themselves", "ourselves": "themselves"}
_FULL = {"them": "the client", "their": "the client's", "their people": "the client's staff", "theirs": "the client's"}
_FULL |= {"themselves": "themselves"}


def told(text: str, *, interviewer: bool = False) -> str:
    """An English text in the third person. For who asks the questions "your" is the client's, and "you" the supplier
    for everybody else.
    """
    if interviewer:
        text = _YOUR.sub(lambda match: _cased("the client's", match[0]), text)
        text = _TO_YOU.sub(lambda match: f"{match['with']} the client", text)
    else:
        text = _WITH_YOU.sub(lambda match: f"{match['with']} the supplier", text)
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
            rest = " ".join([verb, bent(second[0]), *second[1:]])
        else:
            rest = " ".join(filter(None, (bent(verb), more)))
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
    subject = _subject(match, seen=seen)
    if word == "let's":
        return f"{subject} should", match.end("word")
    if base not in {"i", "we"}:
        other = _OBJECTS[word]
        return _cased(other if seen else _FULL[other], match["word"]), match.end("word")
    if short:
        return f"{subject} {_PLURAL_SHORT[short] if seen else _SHORT[short]}", match.end("word")
    verb = match["next"]
    inverted = _INVERTING.search(match.string[: match.start()]) is not None
    if seen or inverted or verb is None or _FIRST.match(verb):
        return subject, match.end("word")
    return _with_verb(match, subject)


def _with_verb(match: re.Match[str], subject: str) -> tuple[str, int]:
    """The subject with its verb, also after an adverb, and with a second verb."""
    verb, after = match["next"], match["after"]
    if verb.lower() in _ADVERBS and after and not _FIRST.match(after):
        return f"{subject} {verb} {bent(after)}", match.end("after")
    said = f"{subject} {bent(verb)}"
    if (second := _SECOND.match(match.string, match.end("next"))) and second["verb"].lower() not in _NO_VERB:
        return f"{said}{second['joint']}{bent(second['verb'])}", second.end()
    return said, match.end("next")


def _subject(match: re.Match[str], *, seen: bool) -> str:
    name = "they" if seen else "the client"
    return name[0].upper() + name[1:] if _begins(match.string[: match.start()]) else name


def bent(verb: str) -> str:
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
