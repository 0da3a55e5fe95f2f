"""Decides for each statement whether something is asked for, and of which kind.

The rules stand in the order in which they are asked, and the first one that knows decides: orders to the reader, what
columns and sections say, small talk and the meeting itself, exclusions, open questions, facts, and at last whether
there is a demand.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from worker.tools.analysis.rules.lexicon import Lexicon, plain
from worker.tools.analysis.rules.meaning.demands import (
    ASKING,
    SECTION_KINDS,
    asks,
    in_context,
    in_section,
    kind_of,
    without_demand,
)
from worker.tools.analysis.rules.meaning.signals import Signals
from worker.tools.analysis.rules.meaning.verdicts import Notes, Reason, Verdict
from worker.tools.analysis.rules.outline.statements import Asked, Shape, Statement
from worker.tools.analysis.rules.outline.tables import priority_word
from worker.tools.analysis.rules.text import sentences
from worker.tools.analysis.rules.text.roles import Role
from worker.tools.requirements import BUILT, Kind

_LETTERS = re.compile(r"[^\W\d_]")
_BARE_FACT = re.compile(r"[^:]{2,40}:\s*[^.]{1,60}\.?")
_ACTION_ITEM = re.compile(
    r"^(?:action\b|(?:todo|to-do|ai|task|aufgabe)(?: ?#?\d+)?\s*[:\u2013-]|→|->|@\w+)", re.IGNORECASE
)
_FIGURES = ("duration", "start", "team")
_FEW_WORDS = 2
"""A remark of so few words, "Struck out.", is about the sentence before it."""
_SHORTEST_QUESTION = 3
_STATE = re.compile(r"(?:is|are|has|will|would|does|can|must|should)?$")
"""After a name these verbs tell of no act, and the name may be none."""
_STRUCK = re.compile(r"\s*~~(.{3,}?)~~")
_PAST_VERB = re.compile(
    r"(?!(?:need|want|propos|request|ask|demand|suggest|wish|requir|expect|pleas)ed\b)[a-z]{2,}ed\b|won\b"
)
_LEVELS = _SEVERAL = 2
_REMARK_WORDS, _MEETING_WORDS = 10, 6
_MARKED_WORD = re.compile(r"[\[(\"'\u201e\u201c\u00ab]\s?\w{1,12}\s?[\])\"'\u201c\u201d\u00bb]")
_OPEN_WORDS = 14
"""An item of a list of requirements that says in more words what it wants is not open as a whole."""
_LABEL_WORDS = 3

Rule = Callable[[Statement, Signals, Notes], Verdict | None]


def classify(statement: Statement, notes: Notes) -> Verdict:
    """The kind of a statement, as far as it alone shows it."""
    more = ". ".join(statement.details) if statement.shape is Shape.ROW else statement.background
    signals = Signals(statement.text, notes.lexicon, notes.systems, more=more)
    if signals.story:  # what it is good for says nothing about what it is
        wanted = notes.lexicon.words("benefit").sub("", statement.text)
        signals = Signals(wanted, notes.lexicon, notes.systems, more=more)
    for rule in _BEFORE:
        if verdict := rule(statement, signals, notes):
            return verdict
    if signals.reported and statement.shape is not Shape.ROW:
        signals = signals.reported
    for rule in _RULES:
        if verdict := rule(statement, signals, notes):
            return verdict
    return without_demand(statement, signals)


def parts(statement: Statement, notes: Notes) -> Iterator[Verdict]:
    """The verdicts on a statement: two on a list item that demands one thing and excludes another.

    "No native app. The web pages must work on a phone." is such an item.
    """
    whole = classify(statement, notes)
    said = list(sentences.split([(statement.text, statement.lines)])) if whole.kind is Kind.OUT_OF_SCOPE else []
    if not statement.listed or len(said) < _SEVERAL or _column(statement, Signals("", notes.lexicon), notes):
        yield whole
        return
    each = [classify(replace(statement, text=text), notes) for text, _ in said]
    demands = [one for one in each if one.kind in BUILT]
    excluded = [one for one in each if one.kind is Kind.OUT_OF_SCOPE and len(one.statement.text.split()) > _FEW_WORDS]
    if not (demands and excluded):
        yield whole
        return
    yield from (*demands, *excluded)


def _of_kind(statement: Statement) -> bool:
    """Whether it is an item of a list that has a kind."""
    return statement.listed and statement.section.role in SECTION_KINDS


def _struck(statement: Statement, _: Signals, __: Notes) -> Verdict | None:
    """What the notes strike out is out of scope."""
    match = _STRUCK.match(statement.text)
    if match is None:
        return None
    return Verdict(replace(statement, text=match[1].strip()), Kind.OUT_OF_SCOPE)


def _nothing(statement: Statement, signals: Signals, notes: Notes) -> Verdict | None:
    if not _LETTERS.search(statement.text):
        return Verdict(statement, None, Reason.TALK)
    if notes.lexicon.pattern("words", "void", whole=True).fullmatch(signals.said):
        return Verdict(statement, None, Reason.TALK)
    return Verdict(statement, None, Reason.ORDER) if signals.has("order") else None


def _legend(statement: Statement, signals: Signals, _: Notes) -> Verdict | None:
    """What explains the words for priorities: "shall = mandatory, may = optional"."""
    levels = sum(signals.has(name) for name in ("must", "should", "could"))
    explains = statement.text.count("=") >= _LEVELS or len(_MARKED_WORD.findall(statement.text)) >= _LEVELS
    return Verdict(statement, None, Reason.TALK) if levels >= _LEVELS and explains else None


def _column(statement: Statement, _: Signals, notes: Notes) -> Verdict | None:
    """What the columns for type, status and priority say: an epic, a spike, rejected, later, won't have."""
    hints, lexicon = statement.hints, notes.lexicon
    no_story = lexicon.pattern("words", "no_story", whole=True)
    if any(no_story.fullmatch(plain(cell)) for cell in (hints.kind, hints.priority) if cell):
        return Verdict(statement, None, Reason.CONTEXT)
    if hints.kind and lexicon.pattern("words", "spike", whole=True).fullmatch(plain(hints.kind)):
        return Verdict(statement, Kind.OPEN_QUESTION)
    if hints.status and lexicon.pattern("words", "done", whole=True).fullmatch(plain(hints.status).strip()):
        return Verdict(statement, None, Reason.CONTEXT)
    if statement.shape is Shape.ROW and any(_drops(plain(detail), lexicon) for detail in statement.details):
        return Verdict(statement, Kind.OUT_OF_SCOPE)
    out = priority_word(hints.priority, lexicon) == "WONT" or _is_out(plain(hints.status).strip(" ."), lexicon)
    return Verdict(statement, Kind.OUT_OF_SCOPE) if out else None


def _drops(remark: str, lexicon: Lexicon) -> bool:
    """Whether a short remark beside a requirement takes it out: "struck out by the manager"."""
    return len(remark.split()) <= _REMARK_WORDS and lexicon.words("dropped").search(remark) is not None


def _is_out(status: str, lexicon: Lexicon) -> bool:
    if not status:
        return False
    excluded = lexicon.pattern("columns", "excluded", whole=True)
    parts = (part.strip() for part in status.split("/"))
    return any(map(excluded.fullmatch, parts)) or lexicon.pattern("sections", "out_of_scope").search(status) is not None


def _is_settled(statement: Statement, notes: Notes) -> bool:
    """Whether the status beside a question says that it is answered: "closed: 50 x 25 mm"."""
    status = plain(statement.hints.status)
    match = re.match(rf"(?:{notes.lexicon.words('settled').pattern}|{notes.lexicon.words('done').pattern})", status)
    return match is not None


def _closed_section(statement: Statement, signals: Signals, notes: Notes) -> Verdict | None:
    """In a section of exclusions or of open questions everything is one."""
    section = SECTION_KINDS.get(statement.section.role)
    if section not in {Kind.OUT_OF_SCOPE, Kind.OPEN_QUESTION}:
        return None
    words = len(statement.text.split())
    if not statement.listed and (
        signals.small_talk or signals.has("meeting") or words == 1 or statement.text.endswith(":")
    ):
        return Verdict(statement, None, Reason.TALK)
    if section is Kind.OPEN_QUESTION and (statement.hints.answer or _is_settled(statement, notes)):
        return Verdict(statement, None, Reason.CONTEXT)
    if section is Kind.OUT_OF_SCOPE and signals.question:
        return Verdict(statement, Kind.OPEN_QUESTION, question=True)
    return Verdict(statement, section, question=section is Kind.OPEN_QUESTION and signals.question)


def _question(statement: Statement, signals: Signals, _: Notes) -> Verdict | None:
    if not signals.question:
        return None
    short = len(signals.said.split()) < _SHORTEST_QUESTION
    if short or signals.has("meeting") or signals.small_talk or signals.has("procedure"):
        return Verdict(statement, None, Reason.TALK, question=True)
    return Verdict(statement, Kind.OPEN_QUESTION, question=True)


def _interviewer(statement: Statement, signals: Signals, _: Notes) -> Verdict | None:
    """Who asks the questions demands nothing, but for what must be in so many words; the answers do."""
    must = signals.has("must") and signals.need and not signals.has("first_person")
    asks = statement.interviewer and not must and statement.section.role not in ASKING
    return Verdict(statement, None, Reason.TALK) if asks else None


def _small_talk(statement: Statement, signals: Signals, _: Notes) -> Verdict | None:
    talk = signals.assent or (not statement.listed and signals.small_talk)
    return Verdict(statement, None, Reason.TALK) if talk else None


def _meeting(statement: Statement, signals: Signals, notes: Notes) -> Verdict | None:
    """What is about the meeting, its tasks, or the tender itself."""
    if _of_kind(statement):
        return None
    if _tells_of_a_person(statement, signals, notes):
        return Verdict(statement, None, Reason.TALK)
    if notes.lexicon.words("client_duty").match(signals.said):
        return Verdict(statement, None, Reason.CONTEXT)
    story = statement.listed and signals.need and (signals.product or signals.story)
    task = _ACTION_ITEM.match(statement.text) or notes.lexicon.words("person_acts").match(statement.text)
    if signals.has("procedure") or (signals.has("meeting") and not story):
        return Verdict(statement, None, Reason.TALK)
    asked = statement.section.role is Role.ASKING and (statement.listed or not signals.has("task"))
    return Verdict(statement, None, Reason.TALK) if task and not asked else None


def _tells_of_a_person(statement: Statement, signals: Signals, notes: Notes) -> bool:
    """Whether it tells what somebody does at the meeting, "Femke reads out the clause", or did: "Anna laughed"."""
    words = statement.text.split()
    short = not statement.listed and len(words) <= _MEETING_WORDS
    person = words[0].strip(",.") in notes.people and not _STATE.match(" ".join(words[1:2]))
    return (short or _PAST_VERB.match(" ".join(words[1:2])) is not None) and person and not signals.need


def _exclusion(statement: Statement, signals: Signals, _: Notes) -> Verdict | None:
    """A list of constraints excludes by what it forbids, so nothing in it is out of scope by its words."""
    forbids = statement.listed and statement.section.role is Role.CONSTRAINT
    refused = statement.asked is Asked.EXCLUSIONS and signals.lexicon.words("refuses").match(signals.said)
    return Verdict(statement, Kind.OUT_OF_SCOPE) if refused or (signals.excluded and not forbids) else None


def _open(statement: Statement, signals: Signals, _: Notes) -> Verdict | None:
    """An item of a list of requirements is open only when it says nothing else."""
    if not signals.has("open"):
        return None
    if statement.listed and statement.section.role in ASKING:
        general = statement.section.role in {Role.ASKING, Role.FUNCTIONAL}
        if signals.need or not general or len(signals.said.split()) > _OPEN_WORDS:
            return None
    return Verdict(statement, Kind.OPEN_QUESTION)


def _label(statement: Statement, signals: Signals, _: Notes) -> Verdict | None:
    """A bare fact, such as "Budget: EUR 900,000", is no requirement."""
    bare = any(map(str.isdigit, signals.said)) and _is_label(statement.text, signals)
    return Verdict(statement, None, Reason.FACT) if bare else None


def _fact(statement: Statement, signals: Signals, notes: Notes) -> Verdict | None:
    """A sentence that states a fact limits the project."""
    beside = (statement.lines, statement.text) in notes.beside
    if beside or not any(map(str.isdigit, signals.figures)):
        return None
    if statement.lines in notes.limits and not (signals.acts and signals.need):
        listed = statement.listed and statement.section.role is Role.CONSTRAINT
        binds = listed or signals.need or signals.constraint > 0 or signals.fact("maximum") or signals.has("binding")
        return Verdict(statement, Kind.CONSTRAINT) if binds else Verdict(statement, None, Reason.FACT)
    does = signals.action or signals.need or signals.has("passive")
    asks = does and statement.listed and statement.section.role in ASKING - {Role.CONSTRAINT}
    told = (
        statement.lines in notes.figures
        and not asks
        and any(map(signals.fact, _FIGURES))
        and not (signals.has("must") or signals.has("firm") or signals.fact("maximum"))
    )
    return Verdict(statement, None, Reason.FACT) if told else None


def _is_label(text: str, signals: Signals) -> bool:
    """Whether it is a label with a value, such as "Duration: 6-8 months"."""
    if not _BARE_FACT.fullmatch(text) or signals.need:
        return False
    label = plain(text.split(":", 1)[0]).strip(" *")
    names = ("budget", "duration", "start", "team", "deadline")
    short = len(label.split()) <= _LABEL_WORDS
    return short and any(signals.lexicon.pattern("facts", name).search(label) for name in names)


def _context(statement: Statement, signals: Signals, _: Notes) -> Verdict | None:
    title = statement.section.preamble and not statement.listed and not statement.speaker
    return in_context(statement, signals) if title or statement.section.role is Role.CONTEXT else None


def _section(statement: Statement, signals: Signals, _: Notes) -> Verdict | None:
    functional = statement.section.role is Role.FUNCTIONAL
    return in_section(statement, signals) if _of_kind(statement) and not functional else None


def _demand(statement: Statement, signals: Signals, _: Notes) -> Verdict | None:
    return Verdict(statement, kind_of(statement, signals)) if asks(statement, signals) else None


_BEFORE: Sequence[Rule] = (_nothing, _struck, _legend, _column, _closed_section, _question, _interviewer, _small_talk)
"""The rules over the whole text."""

_RULES: Sequence[Rule] = (_meeting, _exclusion, _open, _label, _fact, _context, _section, _demand)
"""The rules over what is said, without "Anna said that"."""
