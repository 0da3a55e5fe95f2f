"""Decides whether a statement asks for something, and of which kind a demand is.

`classify` calls it for what is neither small talk nor a question nor excluded.
"""

from collections.abc import Mapping

from worker.tools.analysis.rules.meaning.signals import Signals
from worker.tools.analysis.rules.meaning.verdicts import Reason, Verdict
from worker.tools.analysis.rules.outline.statements import Asked, Statement
from worker.tools.analysis.rules.text.roles import Role
from worker.tools.requirements import Kind

SECTION_KINDS: Mapping[Role | None, Kind] = {
    Role.OUT_OF_SCOPE: Kind.OUT_OF_SCOPE,
    Role.OPEN_QUESTION: Kind.OPEN_QUESTION,
    Role.NON_FUNCTIONAL: Kind.NON_FUNCTIONAL,
    Role.INTEGRATION: Kind.INTEGRATION,
    Role.CONSTRAINT: Kind.CONSTRAINT,
    Role.FUNCTIONAL: Kind.FUNCTIONAL,
}
ASKING = frozenset({Role.NON_FUNCTIONAL, Role.INTEGRATION, Role.CONSTRAINT, Role.FUNCTIONAL, Role.ASKING})
"""The roles of sections that list requirements."""

# The weights here and in `signals` were found by a search over the corpus (tests/data/briefs), and checked on briefs
# that the search had left out. Words of one kind add up; the kind with the most weight counts.
_LINKED, _CLEAR = 2.6, 2.8
"""The weights from which words show a kind in talk, and without a demand or against the section."""
_FUNCTIONAL, _ACTION, _SERVICE = 1.6, 0.3, 1.8
"""What a demand weighs as a function: any, one with a verb of use, and a service such as training."""
_IN_FUNCTIONAL, _IN_OTHER = 1.5, 2.5
"""What a section of a kind adds for a statement in prose."""
_ASKED_FOR = 2.0
"""What the question adds to the kind that it asks about."""
_DEMANDING = 0.3
"""Where this share of the neighbours demand something, a plain statement about the future product does so, too."""
_FEW_WORDS = 2
_CLAUSE_WORDS = 5
_MOST_WORDS = 40


def in_section(statement: Statement, signals: Signals) -> Verdict:
    """What an item is in a list of qualities, interfaces or constraints: that, unless the words clearly say else."""
    section = SECTION_KINDS[statement.section.role]
    quality, integration = signals.quality, signals.integration
    if section is Kind.CONSTRAINT and quality >= _CLEAR and quality > signals.constraint:
        section = Kind.NON_FUNCTIONAL
    elif section is Kind.NON_FUNCTIONAL and signals.constraint >= _CLEAR and not quality:
        section = Kind.CONSTRAINT
    elif section in {Kind.NON_FUNCTIONAL, Kind.CONSTRAINT} and signals.has("service") and quality < _CLEAR:
        section = Kind.FUNCTIONAL
    elif section is Kind.NON_FUNCTIONAL and integration >= _CLEAR and not quality:
        section = Kind.INTEGRATION
    return Verdict(statement, section)


def in_context(statement: Statement, signals: Signals) -> Verdict:
    """In the background only a clear demand counts."""
    clear = (signals.need and not signals.weak_need) or (signals.has("service") and signals.has("passive"))
    clear = clear and not signals.old and not signals.past
    if clear and not statement.text.endswith(":"):
        return Verdict(statement, kind_of(statement, signals))
    return Verdict(statement, None, Reason.CONTEXT)


def asks(statement: Statement, signals: Signals) -> bool:
    """Whether a demand is stated."""
    if statement.signed:
        return True
    if statement.listed:
        return _lists_a_demand(statement, signals)
    return not statement.text.endswith(":") and _says_a_demand(statement, signals)


def _says_a_demand(statement: Statement, signals: Signals) -> bool:
    if statement.alone and not signals.old and signals.action and _is_feature(signals):
        return True
    if signals.need:
        habit = signals.old or signals.statistic or (statement.spoken and _is_habit(statement, signals))
        weak = signals.weak_need and habit and not signals.product and not signals.has("wants_to")
        return not weak and not signals.has("vague")
    if signals.old or signals.past or signals.told or len(signals.said.split()) <= _FEW_WORDS:
        return False
    today = statement.asked is Asked.TODAY and statement.spoken
    behaves = signals.product or (signals.subject and not today)
    if statement.section.role in ASKING:
        plain = len(signals.said.split()) >= _CLAUSE_WORDS or bool(signals.quality)
        return behaves or (plain and not (signals.comments or signals.has("first_person")))
    wished = signals.has("wish") and len(signals.said.split()) >= _CLAUSE_WORDS
    told = (behaves and signals.action) or wished or (statement.told and _is_told_as_wanted(statement, signals))
    return told or _is_wanted_around(statement, signals)


def _is_habit(statement: Statement, signals: Signals) -> bool:
    """Whether a speaker tells what has to be done today: "one in ten I have to phone"."""
    return signals.has("habit") or (statement.asked is Asked.TODAY and signals.has("first_person"))


def _is_told_as_wanted(statement: Statement, signals: Signals) -> bool:
    """Whether a speaker tells how it would be, or a rule for it: "she'd have one screen"."""
    if len(signals.said.split()) < _CLAUSE_WORDS or any(map(signals.has, ("habit", "vague"))) or signals.statistic:
        return False
    rule = signals.has("rule") and not statement.of_person and statement.asked is not Asked.TODAY
    who = signals.lexicon.words("subject").search(signals.said) is not None and not signals.has("first_person")
    medium = signals.has("medium") and who and not statement.of_person and statement.asked is not Asked.TODAY
    return rule or (medium and not signals.has("vague")) or (statement.spoken and signals.has("conditional"))


def _is_wanted_around(statement: Statement, signals: Signals) -> bool:
    """Whether a plain statement is a demand because of what stands around it."""
    if (
        statement.section.role is Role.CONTEXT
        or statement.asked is Asked.TODAY
        or signals.comments
        or signals.statistic
    ):
        return False
    if len(signals.said.split()) < _CLAUSE_WORDS and not signals.quality:
        return False
    if signals.quality and not signals.has("habit") and (statement.spoken or statement.demanding >= _DEMANDING):
        return True
    told = signals.has("first_person") and not signals.product
    counted = statement.text[:1].isdigit() and not statement.listed
    dense = not statement.speaker and statement.demanding >= _DEMANDING and not (statement.of_person or counted)
    return not told and (dense or statement.asked is Asked.WISHES)


def _lists_a_demand(statement: Statement, signals: Signals) -> bool:
    if statement.section.role in ASKING:
        if signals.lexicon.words("action").match(signals.said):
            return True
        tells = statement.of_person or signals.has("first_person")
        habit = (signals.past and signals.old) or (tells and (signals.past or signals.old))
        return signals.need or not (habit or signals.statistic)
    if signals.need or signals.has("wish"):
        return not (signals.weak_need and (signals.old or signals.statistic))
    if signals.subject:
        return not (signals.old or signals.past or signals.statistic)
    return _is_feature(signals) and not (statement.of_person and signals.has("person_state"))


def _is_feature(signals: Signals) -> bool:
    """Whether a list item of a section that says nothing names a feature: "Upload of photos"."""
    told = signals.old or signals.past or signals.statistic or signals.has("deferral")
    return not told and _FEW_WORDS <= len(signals.said.split()) <= _MOST_WORDS


def without_demand(statement: Statement, signals: Signals) -> Verdict:
    """What counts although nobody demands it: a link to another system, a limit, what stays as it is."""
    if signals.has("stays") or (signals.has("stay") and signals.systems.search(signals.said)):
        return Verdict(statement, Kind.CONSTRAINT)
    old = signals.old
    if not old and not statement.text.endswith(":"):
        section = SECTION_KINDS.get(statement.section.role)
        linked = signals.integration >= _LINKED and statement.spoken and not signals.past
        if linked or (signals.integration >= _CLEAR and signals.has("flow")):
            return Verdict(statement, Kind.INTEGRATION)
        if signals.constraint >= _CLEAR and not statement.speaker:
            return Verdict(statement, Kind.CONSTRAINT)
        long = len(signals.said.split()) >= _CLAUSE_WORDS and not signals.comments
        if section not in {None, Kind.FUNCTIONAL} and (long or signals.quality or signals.constraint):
            return Verdict(statement, section)
    told = old or signals.past or signals.need or statement.asked is Asked.TODAY
    return Verdict(statement, None, Reason.CONTEXT if told else Reason.UNDECIDED)


def kind_of(statement: Statement, signals: Signals) -> Kind:
    """The kind of a demand by the weight of its words and its section."""
    section = SECTION_KINDS.get(statement.section.role)
    functional = _FUNCTIONAL
    functional += _ACTION if signals.acts or signals.story else 0
    functional += _SERVICE if signals.has("service") else 0
    functional += _IN_FUNCTIONAL if section is Kind.FUNCTIONAL else 0
    weights = {
        Kind.INTEGRATION: signals.integration,
        Kind.CONSTRAINT: signals.constraint,
        Kind.NON_FUNCTIONAL: signals.quality,
        Kind.FUNCTIONAL: functional,
    }
    if section in {Kind.INTEGRATION, Kind.NON_FUNCTIONAL, Kind.CONSTRAINT}:
        weights[section] += _IN_OTHER
    if statement.about in weights:
        weights[statement.about] += _LINKED if statement.about is Kind.INTEGRATION else _ASKED_FOR
    return max(weights, key=lambda kind: weights[kind])
