"""Says what a question in talk asks about: what is wanted, how things are, how much of something, or a bare topic.

What answers it depends on that: "Six years" after "How long do you keep them?" is a demand, after "How long have you
been here?" it is none. `surroundings` and `dialogue` call this.
"""

import re
from collections.abc import Callable, Sequence

from worker.tools.analysis.rules.meaning.signals import Signals
from worker.tools.analysis.rules.outline.statements import Asked
from worker.tools.requirements import Kind

_CLAUSE = 5
_TAG = re.compile(r", (?:do|does|is|are|have|has|did|was|were|right)(?:n't)?(?: (?:you|it|they|he|she|there|we))?\?")
"""What ends a question about how things are: "You deliver to hotels, don't you?"."""
_QUOTES = frozenset("\"\u201c\u201e'")


def about(question: Signals) -> Asked:
    """What the question is about: the first of `_ABOUT` that it asks."""
    return next((asked for asked, asks in _ABOUT if asks(question)), Asked.OTHER)


def proposes(question: Signals) -> bool:
    """Whether it proposes something: "One letter four weeks before?". It asks neither who or what, nor what is."""
    if question.text[0] in _QUOTES or _TAG.search(question.said):
        return False
    asked = question.said.split()
    begins = any(question.lexicon.words(name).match(question.said) for name in ("polar", "asks_what"))
    return len(asked) >= _CLAUSE and not begins and not question.has("asks_what") and not question.has("is_so")


def amount(question: Signals) -> bool:
    """Whether it asks how fast, how long or how many it will have to be."""
    return question.has("asks_amount") and question.has("of_future") and not question.has("now")


def service(question: Signals) -> bool:
    """Whether it asks about a service of the supplier: "And teaching people?"."""
    return question.has("service") and not (question.old or question.past or question.has("now"))


def source(question: Signals) -> bool:
    """Whether it asks where something comes from or goes to: "Where would it get the times from?"."""
    return question.has("asks_source")


def kind(question: Signals) -> Kind | None:
    """The kind that its words show: "Is there any reception?" asks how well it must work."""
    if question.measured or question.has("asks_quality"):
        return Kind.NON_FUNCTIONAL
    return Kind.INTEGRATION if question.has("asks_systems") else None


_ABOUT: Sequence[tuple[Asked, Callable[[Signals], bool]]] = (
    (Asked.EXCLUSIONS, lambda question: question.has("asks_exclusions")),
    (Asked.OTHER, lambda question: question.has("meeting")),
    (Asked.WISHES, amount),
    (Asked.OTHER, lambda question: question.has("asks_when") or question.has("asks_money")),
    (Asked.TODAY, lambda question: question.has("asks_today")),
    (Asked.WISHES, lambda question: question.has("asks_wishes")),
    (Asked.TODAY, lambda question: question.of_today),
    (Asked.WISHES, proposes),
)
