"""Takes the sentences of English talk apart: the clause that asks, without its reason, its lead-up and its remarks.

"The new ones don't know the steps, so it should show them, I mean it" asks that it shows the steps. What is cut is
only paint for the demand; its lines stay with it. `understanding` calls this before anything is classified.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from worker.tools.analysis.rules.facts.candidates import with_digits
from worker.tools.analysis.rules.lexicon import Lexicon, plain
from worker.tools.analysis.rules.outline.statements import Statement

_LEAST = 3
"""A clause of fewer words can't stand alone."""
_CLAUSE = 4
_LONG = 6
_SUBJECT_WORDS = 6
_SO = re.compile(r",? (?:and )?so (?!that\b|far\b|to speak\b|many\b|much\b|on\b)")
_AND = re.compile(r",? (?:and|but|plus) ")
_PRONOUN = re.compile(r"(?:i|we|it|they|he|she|you)\b")
_ELLIPSIS = re.compile(r"\b(?:to|would|will|must|should|can|do|does)[.!]?$")
_CONDITION = re.compile(r"(?:and |but )?(?:if|when|as long as|until)\b", re.IGNORECASE)
_GOES_ON = re.compile(r"(?:, and|, but|;) ")
_GUESS = re.compile(r"(?:say |about |maybe |perhaps |around )?\d[\d.,]*(?: \w+)?\?")
"""An answer in the form of a question: "Fifteen?"."""
_WORD = re.compile(r"\w")
_SOUND = re.compile(
    r",?\s?\b(?:um+|uh+|erm?|hm+|mhm|uh-huh|oh my (?:gosh|god|goodness)|(?<=, )like(?=,)|let['\u2019]s say(?= \S))\b,?",
    re.IGNORECASE,
)
"""What is no word, with its comma."""
_TWICE = re.compile(r"\b(?P<said>\w[\w' ]{2,30}), (?P=said)\b", re.IGNORECASE)
_DIGIT = re.compile(r"\d")


def apart(statements: Sequence[Statement], lexicon: Lexicon, systems: re.Pattern[str]) -> Iterator[Statement]:
    """The statements, each sentence of talk or prose with only its clauses that ask for something."""
    fluent = [_fluent(each) for each in statements]
    for before, given in zip([*fluent[:1], *fluent], fluent, strict=False):
        statement = _placed(given, before, lexicon, systems)
        if statement.told and not statement.text.endswith("?"):
            background, text = asking(statement.text, lexicon)
            yield replace(statement, text=text, background=background)
        elif statement.told and _GUESS.fullmatch(with_digits(plain(statement.text))):
            yield replace(statement, text=f"{statement.text[:-1]}.")
        else:
            yield statement


def _fluent(statement: Statement) -> Statement:
    """The statement without the sounds and false starts of speech: "Is that, is that, um, the scale?"."""
    if not statement.told:
        return statement
    text = _TWICE.sub(r"\g<said>", _SOUND.sub("", statement.text)).strip(" ,")
    return replace(statement, text=text[0].upper() + text[1:]) if _WORD.search(text) else statement


def _placed(statement: Statement, before: Statement, lexicon: Lexicon, systems: re.Pattern[str]) -> Statement:
    """The statement with the name of a system for "there", where the sentence before it names one."""
    said = plain(statement.text)
    match = lexicon.words("place").search(said) if lexicon.words("flow").search(said) else None
    if match is None or not statement.told or (before.turn, before.speaker) != (statement.turn, statement.speaker):
        return statement
    named = {found[0]: before.text[found.start() : found.end()] for found in systems.finditer(plain(before.text))}
    if len(named) != 1 or before.lines[-1] + 1 < statement.lines[0]:
        return statement
    preposition = statement.text[match.start() : match.end()].rsplit(" ", 1)[0].removesuffix(" that")
    text = f"{statement.text[: match.start()]}{preposition} {next(iter(named.values()))}{statement.text[match.end() :]}"
    return replace(statement, text=text, lines=tuple(dict.fromkeys((*before.lines, *statement.lines))))


def asking(text: str, lexicon: Lexicon) -> tuple[str, str]:
    """What leads up to a demand, and the clauses of a sentence that ask for something, or the whole sentence."""
    before, text = _lead_up(text, lexicon)
    explained = _without_reason(text, lexicon)
    kept = _without_remark(explained, lexicon)
    return " ".join(filter(None, (before, explained[len(kept) - 1 :]))), kept


def _needs(text: str, lexicon: Lexicon) -> bool:
    said = plain(text)
    return lexicon.words("need").search(said) is not None or lexicon.words("wish").search(said) is not None


def _lead_up(text: str, lexicon: Lexicon) -> tuple[str, str]:
    """What leads up to a conclusion, and the conclusion: "there's no coverage, so it's got to do without"."""
    for match in _SO.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        least = _LONG if _DIGIT.search(before) else _LEAST
        enough = len(before.split()) >= _LEAST and len(after.split()) >= least
        if enough and not _ELLIPSIS.search(after) and _needs(after, lexicon) and not _needs(before, lexicon):
            return before, after[0].upper() + after[1:]
    return "", text


def _without_reason(text: str, lexicon: Lexicon) -> str:
    """The demand without the reason after it: "because she types them twice"."""
    match = lexicon.words("reason").search(plain(text))
    if match is None or match.start() == 0:
        return text
    before = text[: match.start()].rstrip(" ,")
    if len(before.split()) <= 1:
        return text
    for joint in _GOES_ON.finditer(text, match.end()):  # a second demand after the reason
        if _needs(text[joint.start() :], lexicon):
            return f"{before}{text[joint.start() :]}"
    return f"{before}{_end(text)}"


def _without_remark(text: str, lexicon: Lexicon) -> str:
    """The demand without a remark that follows it: ", I mean it", ", that's the law"."""
    if _CONDITION.match(text):
        return text
    pieces = text.split(", ")
    kept = len(pieces)
    while kept > 1 and _remarks(pieces[kept - 1], lexicon):
        kept -= 1
    before = ", ".join(pieces[:kept])
    if kept == len(pieces) or len(before.split()) < _CLAUSE or not _needs(before, lexicon):
        return text
    return f"{before}{_end(text)}"


def _remarks(piece: str, lexicon: Lexicon) -> bool:
    said = plain(piece)
    told = lexicon.words("remark").match(said) is not None
    return told and not _DIGIT.search(said) and not _needs(said, lexicon)


def _end(text: str) -> str:
    return text[-1] if text[-1] in ".!" else ""


def halves(text: str, lexicon: Lexicon) -> Sequence[str]:
    """The two demands of a sentence that states two: "it has to be fast, and it has to run in Chrome"."""
    for match in _AND.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        if len(before.split()) < _CLAUSE or len(after.split()) < _CLAUSE or not _needs(before, lexicon):
            continue
        start = " ".join(after.split()[:_SUBJECT_WORDS])
        if _states(start, lexicon):
            return f"{before}.", after[0].upper() + after[1:]
    return (text,)


def _states(start: str, lexicon: Lexicon) -> bool:
    """Whether a clause begins here: somebody or something, and what it must do."""
    said = plain(start)
    match = lexicon.words("need").search(said)
    return match is not None and (match.start() > 0 or _PRONOUN.match(said) is not None)
