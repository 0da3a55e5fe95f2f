"""Decides what a question and its answer come to: a requirement, an exclusion, an open question, or nothing.

The rules stand in the order in which they are asked, and the first one that knows decides. `dialogue` calls it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import takewhile

from worker.tools.analysis.rules.lexicon import Lexicon
from worker.tools.analysis.rules.meaning import questions
from worker.tools.analysis.rules.meaning.demands import kind_of
from worker.tools.analysis.rules.meaning.signals import Signals
from worker.tools.analysis.rules.meaning.verdicts import Notes, Reason, Verdict
from worker.tools.analysis.rules.outline.statements import Statement
from worker.tools.analysis.rules.talk import replies
from worker.tools.analysis.rules.telling import wording
from worker.tools.analysis.rules.text.roles import Role
from worker.tools.requirements import BUILT, Kind, Priority

_CLAUSE = 4
"""A question of fewer words names no requirement."""


@dataclass(frozen=True)
class Outcome:
    """What a question and its answer come to."""

    verdict: Verdict
    taken: Sequence[Verdict] = ()
    """The sentences of the answer that are part of it."""


@dataclass(frozen=True)
class Exchange:
    """A question with its answer."""

    question: Verdict
    reply: Sequence[Verdict]
    notes: Notes

    @property
    def lexicon(self) -> Lexicon:
        """The words of the notes' languages."""
        return self.notes.lexicon

    @property
    def asked(self) -> Statement:
        """The question's statement."""
        return self.question.statement

    @property
    def first(self) -> Sequence[Verdict]:
        """The sentences that can answer it."""
        return self.reply[: replies.FIRST]

    @cached_property
    def wanted(self) -> Signals:
        """The signals of the question."""
        return Signals(self.asked.text, self.lexicon, self.notes.systems)

    @cached_property
    def texts(self) -> Sequence[Signals]:
        """The signals of the first sentences of the answer."""
        return [replies.signals_of(each, self.lexicon) for each in self.first]

    @cached_property
    def no(self) -> bool:
        """Whether the answer is no."""
        later = self.first[1:]
        return replies.says_no(self.first[0], self.lexicon) or any(map(replies.is_plain_no, later))

    @cached_property
    def yes(self) -> bool:
        """Whether the answer is yes."""
        return replies.says_yes(self.texts[0])

    @cached_property
    def excluded(self) -> bool:
        """Whether the answer puts something out of scope."""
        return self.texts[0].excluded or (not self.yes and any(text.excluded for text in self.texts))

    @cached_property
    def told(self) -> bool:
        """Whether the answer's first sentence says something itself."""
        return self.first[0].kind not in {None, Kind.OPEN_QUESTION}

    @cached_property
    def defers(self) -> bool:
        """Whether the answer puts it off, or is none in a list of open questions."""
        listed = self.asked.section.role is Role.OPEN_QUESTION
        settled = self.yes or self.no or self.excluded or any(map(replies.settles, self.texts))
        first = self.first[:1] if self.told else self.first
        return (listed and not settled) or any(replies.defers(each, self.lexicon) for each in first)

    def with_lines(self, statement: Statement, reply: Sequence[Verdict]) -> Statement:
        """The statement with the lines of these sentences of the answer."""
        lines = dict.fromkeys((*statement.lines, *(line for each in reply for line in each.statement.lines)))
        return replace(statement, lines=tuple(lines))

    def named(self, text: str, reply: Sequence[Verdict]) -> Statement:
        """The question's statement with another text and the lines of the answer."""
        return self.with_lines(replace(self.asked, text=text), reply)


def outcome(question: Verdict, reply: Sequence[Verdict], notes: Notes) -> Outcome:
    """What this question and its answer come to."""
    exchange = Exchange(question, reply, notes)
    decided = (rule(exchange) for rule in _RULES)
    return next(filter(None, decided), None) or Outcome(Verdict(exchange.asked, None, Reason.CONTEXT, question=True))


def _asked_back(exchange: Exchange) -> Outcome | None:
    """A question that is answered by another one stays open, unless it is about today."""
    question, reply = exchange.question, exchange.reply
    back = reply[0].question and (len(reply) == 1 or reply[0].kind is Kind.OPEN_QUESTION)
    if not back or exchange.texts[0].small_talk:
        return None
    today = question.statement.interviewer and exchange.wanted.of_today
    return Outcome(replace(question, kind=None, reason=Reason.CONTEXT) if today else question)


def _asked_what_not(exchange: Exchange) -> Outcome | None:
    """A question for what is not wanted asks for nothing itself: each sentence that answers it excludes something."""
    asks = exchange.wanted.has("asks_exclusions")
    return Outcome(Verdict(exchange.asked, None, Reason.CONTEXT, question=True)) if asks else None


def _kept(exchange: Exchange) -> Outcome | None:
    """What stays as it is limits the project: "Are we replacing that?" "Heavens, no. PetVault stays."."""
    keeps = [each for each, text in zip(exchange.first, exchange.texts, strict=True) if text.has("stays")]
    if not (exchange.wanted.polar and keeps):
        return None
    taken = [each for each in keeps if each.kind in {None, Kind.OUT_OF_SCOPE, Kind.CONSTRAINT}]
    return Outcome(Verdict(exchange.named(keeps[0].statement.text, keeps), Kind.CONSTRAINT), taken)


def _excluded(exchange: Exchange) -> Outcome | None:
    """A no to what would be built excludes it."""
    wanted, first = exchange.wanted, exchange.first
    topic = wanted.has("asks_any") and questions.kind(wanted) is not None
    if not wanted.polar or topic or wanted.has("asks_when") or wanted.has("asks_money"):
        return None
    refused = exchange.no and not exchange.defers and not wanted.of_today
    if not (refused or (exchange.excluded and (exchange.no or not exchange.defers))):
        return None
    later = [each for each in exchange.reply[replies.FIRST : replies.TOLD] if each.kind is Kind.OUT_OF_SCOPE]
    says_no = {Kind.OUT_OF_SCOPE, Kind.OPEN_QUESTION, None}
    taken = [
        each
        for each in (*first, *later)
        if each.kind in says_no or replies.only_refuses(each, wanted) or replies.is_plain_no(each)
    ]
    return Outcome(Verdict(exchange.named(_thing(exchange), first), Kind.OUT_OF_SCOPE), taken)


def _thing(exchange: Exchange) -> str:
    """What is excluded, by the question, or by the answer where the question only points at it."""
    if exchange.wanted.has("anaphor_in"):
        for each, text in zip(exchange.first, exchange.texts, strict=True):
            if text.excluded and not text.has("of_it"):
                return each.statement.text
    return wording.thing(exchange.asked.text, exchange.lexicon)


def _deferred(exchange: Exchange) -> Outcome | None:
    if not exchange.defers:
        return None
    taken = [
        each
        for each, text in zip(exchange.first, exchange.texts, strict=True)
        if not text.question and (each.kind in {Kind.OPEN_QUESTION, None} or replies.defers(each, exchange.lexicon))
    ]
    return Outcome(replace(exchange.question, statement=exchange.with_lines(exchange.asked, taken)), taken)


def _wished(exchange: Exchange) -> Outcome | None:
    """An answer that only wishes for it asks for what the question names: "They'd like to."."""
    wished = [each for each in exchange.first if replies.only_wishes(each, exchange.lexicon)]
    clear = _names_more(exchange.wanted) and not exchange.wanted.has("anaphor_in")
    if not (exchange.wanted.polar and wished and clear):
        return None
    must = replies.signals_of(wished[0], exchange.lexicon).has("must")
    hints = replace(exchange.asked.hints, priority=Priority.MUST if must else Priority.SHOULD)
    turned = exchange.named(wording.affirmed(exchange.asked.text, exchange.lexicon), exchange.first)
    turned = replace(turned, hints=hints)
    return Outcome(Verdict(turned, kind_of(turned, exchange.wanted)), wished)


def _bare(exchange: Exchange) -> Outcome | None:
    """An answer without a verb says how much or who: "How long do you keep them?" "Six years."."""
    kind = None if exchange.no else _kind_of_bare(exchange)
    if kind is None:
        return None
    said = [*takewhile(lambda each: replies.goes_on(each, exchange.lexicon), exchange.reply)][: replies.TOLD]
    if not said:
        return None
    text = wording.answered(exchange.asked.text, [each.statement.text for each in said], exchange.lexicon)
    return Outcome(Verdict(exchange.named(text, said), kind), said)


def _kind_of_bare(exchange: Exchange) -> Kind | None:
    """The kind of what a bare answer asks for. It tells nothing of earlier days."""
    question, answer, kind = exchange.wanted, exchange.texts[0], exchange.first[0].kind
    if "en" not in exchange.lexicon.languages or answer.old or answer.past:
        return None
    if questions.amount(question):
        bare = kind is Kind.NON_FUNCTIONAL or (kind in {None, *BUILT} and not answer.need)
        figure = any(any(map(str.isdigit, text.figures)) for text in exchange.texts) or answer.has("none_at_all")
        return Kind.NON_FUNCTIONAL if bare and figure else None
    return None if answer.has("deferral") else _kind_of_topic(exchange)


def _kind_of_topic(exchange: Exchange) -> Kind | None:
    """The kind of what is asked about, where the answer says who, from where, in which languages, or how much."""
    question, answer, kind = exchange.wanted, exchange.texts[0], exchange.first[0].kind
    if question.has("asks_may") and kind is None:
        return Kind.NON_FUNCTIONAL if question.has("to_see") else Kind.FUNCTIONAL
    if questions.source(question):
        named = question.systems.search(answer.said) is not None or answer.has("system") or answer.has("own_system")
        return Kind.INTEGRATION if named and kind in {None, *BUILT} else None
    if question.fact("languages") and answer.several_languages:
        return Kind.NON_FUNCTIONAL
    figure = any(map(str.isdigit, answer.figures)) or answer.has("some")
    bare = kind is None and exchange.first[0].reason is not Reason.TALK and not answer.comments
    return Kind.FUNCTIONAL if bare and figure and questions.service(question) else None


def _affirmed(exchange: Exchange) -> Outcome | None:
    """A yes without more asks for what the question names; what only goes on with it is a detail."""
    if not (exchange.wanted.polar and exchange.yes):
        return None
    asks = [each for each in exchange.first if each.kind is not None]
    asks = [each for each in asks if not replies.only_wishes(each, exchange.lexicon)]
    if _asks_for_more(exchange.wanted):
        details = [each for each in asks if each.kind in BUILT and replies.is_detail(each, exchange.lexicon)]
        if len(details) == len(asks):
            turned = exchange.named(wording.affirmed(exchange.asked.text, exchange.lexicon), exchange.first[:1])
            turned = exchange.with_lines(turned, details)
            return Outcome(Verdict(turned, kind_of(turned, exchange.wanted)), details)
    today = exchange.wanted.of_today and not exchange.texts[0].need
    nothing = Verdict(exchange.asked, None, Reason.CONTEXT, question=True)
    return Outcome(nothing, exchange.first[:1] if today else _unasked(exchange))


def _answered(exchange: Exchange) -> Outcome | None:
    """A question with an answer is not open, nor is what the answer leaves open."""
    return Outcome(Verdict(exchange.asked, None, Reason.CONTEXT, question=True), _unasked(exchange))


def _unasked(exchange: Exchange) -> Sequence[Verdict]:
    """The sentences of an answer that would be open questions on their own, but for real ones."""
    first = () if exchange.told else exchange.first
    return [each for each in first if each.kind is Kind.OPEN_QUESTION and not each.statement.text.endswith("?")]


def _asks_for_more(question: Signals) -> bool:
    """Whether a yes to this question is a demand: it is neither about today nor a request to the person asked."""
    return not (question.old or question.of_today or question.has("asks_today")) and _names_more(question)


def _names_more(question: Signals) -> bool:
    """Whether it names something that can be asked for, and is no request to the person asked."""
    return not question.has("first_person") and len(question.said.split()) >= _CLAUSE


_RULES: Sequence[Callable[[Exchange], Outcome | None]] = (
    _asked_back,
    _asked_what_not,
    _kept,
    _excluded,
    _deferred,
    _wished,
    _bare,
    _affirmed,
    _answered,
)
