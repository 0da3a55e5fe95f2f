"""Makes a clear sentence or phrase of its own of what was said, in the third person.

It cuts list marks, the speaker's name, lead-ins such as "Oh, and" or "we need", and asides such as "you know". English
speech is told in the third person (see `third_person`). All other words of a requirement stand in its lines.
"""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import cache

from worker.tools.analysis.rules.lexicon import Lexicon, function_words, plain
from worker.tools.analysis.rules.meaning.signals import Signals
from worker.tools.analysis.rules.outline.statements import Statement
from worker.tools.analysis.rules.telling import third_person
from worker.tools.analysis.rules.text.ids import requirement_id

_LEAST_WORDS = 2
_MARK = re.compile(r"^(?:[\s,.;:!?\u2026\u2013\u2014>*\u2022\u00b7-]+|\[[A-WZ]\]\s|\(?[a-z]\)\s|\(\d{1,2}\)\s)+")
_END = " ,;\u2013\u2014-"
_QUOTES = (("\u201c", "\u201d"), ('"', '"'), ("\u201e", "\u201c"), ("\u00ab", "\u00bb"), ("'", "'"))
_QUOTED = re.compile("\u201c[^\u201c\u201d]*\u201d")
_QUOTE_MARK = "\ue000"
_MOST_FILLERS = 6
_SPEAKER = re.compile(r"(?:\w{1,4}\.?\s)?(?P<name>[^\W\d_][\w'-]+(?:\s[^\W\d_][\w'-]+)?)(?:\s\([^()]{1,40}\))?\s?:\s+")
_SAYS = re.compile(
    r",?\s(?:says|said|asks|asked|adds|added)\s[A-Z]\w+(?P<end>[.!]?)$|"
    r",\s(?:please|mate|you know|you see|right|okay|thanks|of course|by the way|I mean it|I mean|obviously)"
    r"(?P<mark>[.!]?)$"
)
_ASIDE = re.compile(r",\s(?:you know|you see|I mean|mate|by the way|as I said|to be honest|please),", re.IGNORECASE)
_THAT = re.compile(
    r"That(?= (?!(?:is|was|has|will|would|should|must|can)\b)[a-z]+"
    r" (?:should|must|has|needs|can|will|is|goes|comes)\b)"
)

_KEYWORD = re.compile(r"\b(?:WHEN|WHILE|WHERE|IF|THEN|THE|SHALL|SHOULD|MUST|MAY|WILL|NOT|AND|OR)\b")
"""The words in capitals of a specification by templates: "WHEN a code is scanned THE kiosk SHALL print"."""

_QUESTION_LEAD = re.compile(r"^[\s\u00bf]*(?:(?:and|so|but|also|then|ok(?:ay)?|well),? )*", re.IGNORECASE)
_SUBJECT = r"(?:the|a|an|your|our|each|every|all|its) \w+|\w+"
_PRODUCT = re.compile(
    r"it|we|you|they|i|(?:the|your|our|this) (?:portal|system|app|site|tool|platform|shop|page|software|solution)",
    re.IGNORECASE,
)
_WANTED = re.compile(
    r"(?:do|does|did|would) (?:you|we|they|the \w+|people|anybody|anyone) (?:also |really |still |then )?"
    r"(?:want|need|like|expect|require|wish for|prefer)(?: to have| to get)? (?P<what>.+)",
    re.IGNORECASE,
)
_ASIDE_QUESTION = re.compile(
    r"(?:, (?:is|are|should|would) (?:that|it|they|those|this)\b.*|:? yes or no|, (?:right|yes|no|though)(?:,.*)?)$",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"(?:what|how) about (?P<what>.+)", re.IGNORECASE)
_NEEDED = re.compile(
    r"(?:is|are) (?P<what>.+?) (?:needed|wanted|required|planned|necessary|in scope|part of (?:it|this|that)|in there)",
    re.IGNORECASE,
)
_MUST = re.compile(rf"(?:do|does) (?P<who>{_SUBJECT}) (?:have|need) to (?P<what>.+)", re.IGNORECASE)
_MODAL = re.compile(
    rf"(?P<modal>should|could|can|will|would|must|shall|may) (?P<who>{_SUBJECT}) (?:also |then )?(?P<what>.+)",
    re.IGNORECASE,
)

_DO = re.compile(r"do (?=the |all |our |your |they )", re.IGNORECASE)
_PLEASE = re.compile(r"please,? ", re.IGNORECASE)
_HOW = re.compile(r"how (?:many|much|long|fast|often|soon|quick|big|far)", re.IGNORECASE)
_AMOUNT = re.compile(
    r"(?P<how>how (?:many|much|long|fast|often|soon|quickly|far back)(?: \w+){0,2}?) "
    r"(?P<modal>do|did|can|could|should|would|must|may|might|will) "
    r"(?P<who>you|we|they|it|(?:the|a|an|your) \w+) (?P<what>.+)",
    re.IGNORECASE,
)
"""A question for an amount, with its verb."""

_MODAL_WITHIN = 6
_MODAL_VERB = re.compile(r"\b(?:can|could|may|might|must|shall|should|will|would)\b", re.IGNORECASE)
_NO_PHRASE = re.compile(
    r"(?:to|each of|all of|both of|it|them|him|her|never|not|that|this|one|those|these)\b(?! (?:app|list|page)\b)",
    re.IGNORECASE,
)
"""How a text begins that can't stand without "we want" before it."""
_TO_ACT = re.compile(
    r"(?P<who>us|me|(?:the|our|my|their|his|her|all|every|each|both|these|those) (?:[\w'-]+ ){0,2}?[\w'-]+|[a-z]{3,}s|"
    r"people|everyone|everybody) to (?P<verb>[a-z]+)\b",
    re.IGNORECASE,
)
_HOLDS = re.compile(
    r"\b(?:ways?|ability|options?|possibility|chance|buttons?|places?|means|time|right|permission|access|tools?|plans?|"
    r"links?|to|and|has|have|had|got|needs?|wants?|ought|going|able|supposed|is|are|was|were|used|allowed|likes?|loves?)\b",
    re.IGNORECASE,
)
"""Nouns that "to" explains: "the option to print"."""
_PLURAL_BE = {"be": "are"}
_MANY = frozenset({"people", "staff", "everyone", "everybody", "them", "both", "all"})


@cache
def _filler(lexicon: Lexicon, name: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(lexicon.listed('words', name)) or '(?!)'})[\s,.:;\u2026\u2013-]*", re.IGNORECASE)


def sentence(statement: Statement, lexicon: Lexicon, people: AbstractSet[str]) -> str:
    """The text as a sentence or phrase that stands for itself. `people` are the names of those who speak."""
    text = statement.text
    _, said = requirement_id(_MARK.sub("", text))
    said = _unquoted(_without_speaker(said.strip(), people))
    reported = Signals(said, lexicon).reported
    if reported and not _NO_PHRASE.match(reported.text):
        said = _acted(reported.text)
    lead = said
    said = _without_lead(said, lexicon, "joint" if statement.listed else "filler")
    if lexicon.languages[0] == "en" and said != lead:
        said = _acted(said)
    said = _SAYS.sub(lambda match: match["end"] or match["mark"] or "", _ASIDE.sub("", said.strip(_END)))
    if lexicon.languages[0] == "en":
        said = _KEYWORD.sub(lambda match: match[0].lower(), said)
        quotes = _QUOTED.findall(said)
        told = third_person.told(_QUOTED.sub(_QUOTE_MARK, said), interviewer=statement.interviewer)
        for quote in quotes:  # a quotation stays as it was said
            told = told.replace(_QUOTE_MARK, quote, 1)
        said = _THAT.sub("The", told)
    said = _without_lead(said.strip(_END), lexicon, "joint")
    return said[:1].upper() + said[1:] if said else text.strip()


def thing(question: str, lexicon: Lexicon) -> str:
    """What a question asks about, as a name: "Could the portal have a chatbot?" asks about "Have a chatbot"."""
    asked = _asked(question)
    if lexicon.languages[0] == "en":
        asked = _ASIDE_QUESTION.sub("", asked)
        for pattern in (_WANTED, _ABOUT, _NEEDED, _MUST, _MODAL):
            if match := pattern.match(asked):
                who = match.groupdict().get("who") or "it"
                what = match["what"].removeprefix("be ")
                asked = what if _PRODUCT.fullmatch(who) else f"{who} {what}"
                break
    return asked[:1].upper() + asked[1:]


def affirmed(question: str, lexicon: Lexicon) -> str:
    """The sentence that a yes to this question makes of it: "Will staff be trained?" is "Staff will be trained"."""
    asked = _asked(question)
    english = lexicon.languages[0] == "en"
    if match := _MUST.match(asked) if english else None:
        return f"{match['who'][:1].upper()}{match['who'][1:]} must {match['what']}."
    if match := _MODAL.match(asked) if english else None:
        return f"{match['who'][:1].upper()}{match['who'][1:]} {match['modal'].lower()} {match['what']}."
    return f"{_declared(thing(question, lexicon))}."


def _declared(asked: str) -> str:
    said = _DO.sub("", asked)
    return said[:1].upper() + said[1:]


def answered(question: str, answers: Sequence[str], lexicon: Lexicon) -> str:
    """A question and its bare answer as one text: "How long to keep the records: six years."."""
    asked = _asked(question)
    if match := _AMOUNT.match(asked):
        who, what = match["who"], match["what"]
        modal = match["modal"].lower()
        asked = f"{match['how']} to {what}" if modal in {"do", "did"} else f"{match['how']} {who} {modal} {what}"
    elif not _HOW.match(asked):
        asked = thing(question, lexicon)
    said = [_PLEASE.sub("", _without_lead(answer.strip(), lexicon, "joint").strip()) for answer in answers]
    whole = " ".join(answer[:1].upper() + answer[1:] if place else answer for place, answer in enumerate(said))
    small = whole.split(" ", 1)[0].lower() in function_words()["en"] or whole[:1].isdigit()
    first = whole[:1].lower() if small else whole[:1]
    return f"{asked[:1].upper()}{asked[1:]}: {first}{whole[1:]}"


def _asked(question: str) -> str:
    return _QUESTION_LEAD.sub("", question).rstrip("?\uff1f .")


def _without_lead(said: str, lexicon: Lexicon, name: str) -> str:
    """The text without the fillers, or without the conjunctions alone, that it begins with."""
    least = _LEAST_WORDS if name == "filler" else 1
    for _ in range(_MOST_FILLERS):
        match = _filler(lexicon, name).match(said.replace("\u2019", "'"))
        rest = _MARK.sub("", said[match.end() :]) if match else ""
        if len(rest.split()) < least or (name == "filler" and _NO_PHRASE.match(rest)):
            break
        if match and _subordinates(match[0], rest, lexicon):
            break
        said = rest
    return said


def _subordinates(lead: str, rest: str, lexicon: Lexicon) -> bool:
    """Whether the rest after a lead-in is no sentence of its own: after "dass", or "if" with a verb of the past."""
    words = lead.split()
    if words and words[-1].lower() == "if":
        return _MODAL_VERB.search(" ".join(rest.split()[:_MODAL_WITHIN])) is None
    return bool(words) and lexicon.pattern("words", "that", whole=True).fullmatch(plain(words[-1])) is not None


def _acted(said: str) -> str:
    """The text with what somebody is to do as what they do: "The shops to fill it in" is "The shops fill it in"."""
    match = _TO_ACT.match(said)
    if match is None or _HOLDS.search(match["who"]):
        return said
    who, verb = match["who"], match["verb"]
    if who.lower() in {"us", "me"}:
        return f"{'we' if who.lower() == 'us' else 'I'} {_PLURAL_BE.get(verb, verb)}{said[match.end() :]}"
    many = who.split()[-1].lower()
    plural = (many.endswith("s") and not many.endswith("ss")) or many in _MANY
    return f"{who} {_PLURAL_BE.get(verb, verb) if plural else third_person.bent(verb)}{said[match.end() :]}"


def _without_speaker(text: str, people: AbstractSet[str]) -> str:
    match = _SPEAKER.match(text)
    return text[match.end() :] if match and any(word in people for word in match["name"].split()) else text


def _unquoted(text: str) -> str:
    for first, last in _QUOTES:
        enclosed = len(text) > len(first) + len(last) and text.startswith(first) and text.endswith(last)
        if enclosed and first not in text[1:-1]:
            return text[1:-1]
    return text
