"""Decides for each statement whether something is asked for, and of which kind.

The section counts first, then orders and small talk that ask for nothing, then exclusions and questions, then a
demand. Without a demand only a list item of a section of requirements counts, or a statement that is clearly about
another system, a limit or the product's behaviour.
"""

import re
from dataclasses import dataclass
from enum import Enum, auto

from worker.tools.analysis.rules.lexicon import Lexicon, plain
from worker.tools.analysis.rules.roles import Role
from worker.tools.analysis.rules.signals import Signals
from worker.tools.analysis.rules.statements import Section, Shape, Statement
from worker.tools.analysis.rules.tables import priority_word
from worker.tools.requirements import Kind


class Reason(Enum):
    """Why a statement asks for nothing."""

    ORDER = auto()
    """It gives orders to whoever reads the notes."""
    TALK = auto()
    """Small talk, or about the meeting or the tender itself."""
    CONTEXT = auto()
    """It tells how things are."""
    FACT = auto()
    """A bare fact such as "Budget: EUR 900,000", which the facts hold."""
    UNDECIDED = auto()
    """Nothing shows what it is."""


@dataclass(frozen=True)
class Verdict:
    """A statement and its kind, or the reason why it has none."""

    statement: Statement
    kind: Kind | None
    reason: Reason | None = None
    question: bool = False
    """Whether it is a question that an answer may settle."""


_SECTION_KINDS = {
    Role.OUT_OF_SCOPE: Kind.OUT_OF_SCOPE,
    Role.OPEN_QUESTION: Kind.OPEN_QUESTION,
    Role.NON_FUNCTIONAL: Kind.NON_FUNCTIONAL,
    Role.INTEGRATION: Kind.INTEGRATION,
    Role.CONSTRAINT: Kind.CONSTRAINT,
    Role.FUNCTIONAL: Kind.FUNCTIONAL,
}
_ASKING = frozenset({Role.NON_FUNCTIONAL, Role.INTEGRATION, Role.CONSTRAINT, Role.FUNCTIONAL, Role.ASKING})
_BARE_FACT = re.compile(r"[^:]{2,40}:\s*[^.]{1,60}\.?")
_FUNCTIONAL = 2.0
_CLEAR = 3.4
_SPIKE = re.compile(r"spike|question|research|investigation|frage|pregunta|vraag|fråga|pytanie|pergunta|domanda")
_NO_STORY = re.compile(
    r"epic|epik|epos|info(?:rmation|rmativ\w*)?|chore|meeting|retro(?:spective)?|milestone|theme|initiative|heading|folder|note|hinweis|n/a|context"
)
_LETTERS = re.compile(r"[^\W\d_]")
_PAST = re.compile(
    r"^(?:[A-Z][\w'-]+ ){1,3}(?:explained|presented|showed|walked|gave|described|opened|welcomed|introduced|reported|thanked|joined|left|will|sends?|prepares?|shares?|to (?:send|check|share|provide|confirm|prepare|ask|follow|organi[sz]e|book|arrange|write|talk|set|find|clarify|get|circulate|forward|invite|contact))\b"
)
_ACTION_ITEM = re.compile(r"^(?:action|todo|to-do|ai|task|aufgabe|action \d+|→|->|@\w+)\s*[:\u2013-]?", re.IGNORECASE)


@dataclass(frozen=True)
class Notes:
    """What is known of the notes as a whole."""

    lexicon: Lexicon
    systems: re.Pattern[str]
    """Matches the names of other systems."""
    limits: frozenset[tuple[int, ...]]
    """The lines of the facts that limit the project: budget, deadlines, duration, start."""


def classify(statement: Statement, notes: Notes) -> Verdict:
    """The kind of a statement, as far as it alone shows it."""
    lexicon, systems = notes.lexicon, notes.systems
    more = ". ".join(statement.details) if statement.shape is Shape.ROW else ""
    signals = Signals(statement.text, lexicon, systems, more)
    if not _LETTERS.search(statement.text):
        return Verdict(statement, None, Reason.TALK)
    if signals.has("order"):
        return Verdict(statement, None, Reason.ORDER)
    section = _SECTION_KINDS.get(statement.section.role) if statement.section.role else None
    if _NO_STORY.fullmatch(plain(statement.hints.kind)) or _NO_STORY.fullmatch(plain(statement.hints.priority)):
        return Verdict(statement, None, Reason.CONTEXT)
    if status := _by_status(statement, lexicon):
        return Verdict(statement, status)
    if section in {Kind.OUT_OF_SCOPE, Kind.OPEN_QUESTION}:
        return _in_closed_section(statement, signals, section)
    if signals.question:
        return _question(statement, signals)
    if not statement.listed and signals.small_talk:
        return Verdict(statement, None, Reason.TALK)
    if signals.reported and not statement.listed:
        signals = signals.reported
    strong_section = statement.listed and section is not None
    if not strong_section and (signals.has("procedure") or signals.has("meeting") and not _strong(signals, statement)):
        return Verdict(statement, None, Reason.TALK)
    if (
        not strong_section
        and statement.section.role is not Role.ASKING
        and (_ACTION_ITEM.match(statement.text) or _PAST.match(statement.text))
    ):
        return Verdict(statement, None, Reason.TALK)
    if signals.excluded and not (statement.listed and statement.section.role is Role.CONSTRAINT):
        return _exclusion(statement, signals)
    if _open(statement, signals):
        return Verdict(statement, Kind.OPEN_QUESTION)
    if _is_bare_fact(statement, signals):
        return Verdict(statement, None, Reason.FACT)
    if statement.lines in notes.limits and not (signals.action and signals.need):
        return Verdict(statement, Kind.CONSTRAINT)
    if statement.section.role is Role.CONTEXT:
        return _in_context(statement, signals)
    if strong_section and section is not Kind.FUNCTIONAL:
        return Verdict(statement, _of_section(section, signals))
    if _asks(statement, signals):
        return Verdict(statement, _kind(signals, section))
    return _unasked(statement, signals, section)


def _by_status(statement: Statement, lexicon: Lexicon) -> Kind | None:
    """What the columns for status and priority say: rejected, later, won't have."""
    hints = statement.hints
    if priority_word(hints.priority, lexicon) == "WONT":
        return Kind.OUT_OF_SCOPE
    if _SPIKE.fullmatch(plain(hints.kind)):
        return Kind.OPEN_QUESTION
    status = plain(hints.status).strip(" .")
    if status and any(
        lexicon.pattern("columns", "excluded", whole=True).fullmatch(part.strip()) for part in status.split("/")
    ):
        return Kind.OUT_OF_SCOPE
    if hints.status and lexicon.pattern("sections", "out_of_scope").search(status):
        return Kind.OUT_OF_SCOPE
    return None


def _in_closed_section(statement: Statement, signals: Signals, section: Kind) -> Verdict:
    if not statement.listed and (signals.small_talk or signals.has("meeting") or len(statement.text.split()) < 2):
        return Verdict(statement, None, Reason.TALK)
    if section is Kind.OPEN_QUESTION and statement.hints.answer:
        return Verdict(statement, None, Reason.CONTEXT)
    if section is Kind.OUT_OF_SCOPE and signals.question:
        return Verdict(statement, Kind.OPEN_QUESTION, question=True)
    if not statement.listed and section is Kind.OUT_OF_SCOPE and statement.text.endswith(":"):
        return Verdict(statement, None, Reason.CONTEXT)
    return Verdict(statement, section, question=section is Kind.OPEN_QUESTION)


def _question(statement: Statement, signals: Signals) -> Verdict:
    if signals.has("meeting") or signals.small_talk or signals.has("procedure") or len(signals.said.split()) < 3:  # noqa: PLR2004 - "Right?", "And then?"
        return Verdict(statement, None, Reason.TALK, question=True)
    return Verdict(statement, Kind.OPEN_QUESTION, question=True)


def _exclusion(statement: Statement, signals: Signals) -> Verdict:
    if signals.has("old") and not statement.listed and not signals.need and not signals.has("exclusion"):
        return Verdict(statement, None, Reason.CONTEXT)
    return Verdict(statement, Kind.OUT_OF_SCOPE)


def _open(statement: Statement, signals: Signals) -> bool:
    if not signals.has("open"):
        return False
    if statement.section.role in _ASKING and statement.listed:
        return (
            not signals.need
            and statement.section.role in {Role.ASKING, Role.FUNCTIONAL}
            and len(signals.said.split()) <= 14
        )  # noqa: PLR2004 - more than a sentence that says it is open
    return True


def _is_bare_fact(statement: Statement, signals: Signals) -> bool:
    """Whether it is a label with a value that the facts hold, such as "Duration: 6-8 months"."""
    if not _BARE_FACT.fullmatch(statement.text) or signals.need:
        return False
    label = plain(statement.text.split(":", 1)[0]).strip(" *")
    names = ("budget", "duration", "start", "team", "deadline")
    return any(char.isdigit() for char in statement.text) and any(
        signals.lexicon.pattern("facts", name, whole=True).fullmatch(label)
        or (len(label.split()) <= 3 and signals.lexicon.pattern("facts", name).search(label))
        for name in names  # noqa: PLR2004 - a label, not a sentence
    )


def _in_context(statement: Statement, signals: Signals) -> Verdict:
    """In the background only a clear demand counts."""
    if signals.need and not signals.weak_need and not signals.has("old") and not statement.text.endswith(":"):
        return Verdict(statement, _kind(signals, None))
    if _limits(signals):
        return Verdict(statement, Kind.CONSTRAINT)
    return Verdict(statement, None, Reason.CONTEXT)


def _limits(signals: Signals) -> bool:
    dated = (
        signals.fact("deadline") and not signals.fact("not_deadline") and any(char.isdigit() for char in signals.said)
    )
    paid = signals.fact("budget") and not signals.fact("not_budget") and any(char.isdigit() for char in signals.said)
    return (dated or paid) and signals.constraint > 0


def _of_section(section: Kind | None, signals: Signals) -> Kind:
    """The section's kind, unless the words are clearly of another one."""
    if section is Kind.CONSTRAINT and signals.quality >= _CLEAR and signals.quality > signals.constraint:
        return Kind.NON_FUNCTIONAL
    if section is Kind.NON_FUNCTIONAL and signals.integration >= _CLEAR and not signals.quality:
        return Kind.INTEGRATION
    return section or Kind.FUNCTIONAL


def _strong(signals: Signals, statement: Statement) -> bool:
    """Whether a demand on the product itself is stated, whatever else the sentence is about."""
    return statement.listed and signals.need and (signals.product or signals.story)


def _asks(statement: Statement, signals: Signals) -> bool:
    role = statement.section.role
    if statement.text.endswith(":") and not statement.listed:
        return False
    if statement.signed:
        return True
    if statement.listed:
        if role in _ASKING:
            return True
        if signals.need or signals.subject or signals.story:
            return not (signals.weak_need and signals.has("old"))
        return _is_feature(statement, signals)
    if statement.alone and not signals.has("old") and signals.action and _is_feature(statement, signals):
        return True
    if signals.need:
        return not signals.has("vague") and not (
            (signals.weak_need or not signals.action)
            and signals.has("old")
            and not signals.story
            and not (signals.product and not signals.weak_need)
        )
    if role in _ASKING and (signals.subject or signals.product or role is not Role.ASKING) and not signals.has("old"):
        return len(signals.said.split()) > 2  # noqa: PLR2004 - a word or two in prose ask for nothing
    return (signals.subject or signals.product) and signals.action and not signals.has("old")


def _is_feature(statement: Statement, signals: Signals) -> bool:
    """Whether a list item of a section that says nothing names a feature: "Upload of photos"."""
    words = len(signals.said.split())
    told = signals.has("old") or signals.has("deferral")
    return not told and 1 < words <= 40  # noqa: PLR2004 - a phrase or a sentence, not a story


def _unasked(statement: Statement, signals: Signals, section: Kind | None) -> Verdict:
    """What counts without a demand: a link to another system, a limit."""
    if signals.has("stays"):
        return Verdict(statement, Kind.CONSTRAINT)
    if not signals.has("old") and not statement.text.endswith(":"):
        if _limits(signals):
            return Verdict(statement, Kind.CONSTRAINT)
        if signals.integration >= _CLEAR and signals.has("flow"):
            return Verdict(statement, Kind.INTEGRATION)
        if signals.constraint >= _CLEAR and not statement.speaker:
            return Verdict(statement, Kind.CONSTRAINT)
        if (
            section is not None
            and not statement.listed
            and len(signals.said.split()) > 2
            and section is not Kind.FUNCTIONAL
        ):  # noqa: PLR2004
            return Verdict(statement, section)
    if signals.has("old") or statement.speaker or signals.need:
        return Verdict(statement, None, Reason.CONTEXT)
    return Verdict(statement, None, Reason.UNDECIDED)


def _kind(signals: Signals, section: Kind | None) -> Kind:
    """The kind of a demand by the weight of its words."""
    if _limits(signals):
        return Kind.CONSTRAINT
    functional = (
        _FUNCTIONAL + (0.8 if signals.action or signals.story else 0) + (1.5 if section is Kind.FUNCTIONAL else 0)
    )
    weights = {
        Kind.INTEGRATION: signals.integration,
        Kind.CONSTRAINT: signals.constraint,
        Kind.NON_FUNCTIONAL: signals.quality,
        Kind.FUNCTIONAL: functional,
    }
    if section in {Kind.INTEGRATION, Kind.NON_FUNCTIONAL, Kind.CONSTRAINT}:
        weights[section] += 2.5
    return max(weights, key=lambda kind: weights[kind])


def neutral(section: Section) -> bool:
    """Whether the section says nothing about what stands in it."""
    return section.role is None
