"""Says what a question in talk asks about: what is wanted, how things are, how much of something, or a bare topic.

What answers it depends on that: "Six years" after "How long do you keep them?" is a demand, after "How long have you
been here?" it is none. `surroundings` and `dialogue` call this.
"""

from worker.tools.analysis.rules.signals import Signals
from worker.tools.analysis.rules.statements import Asked
from worker.tools.requirements import Kind


def about(question: Signals) -> Asked:
    """What the question is about."""
    if amount(question):
        return Asked.WISHES
    if question.has("asks_when") or question.has("asks_money"):
        return Asked.OTHER
    if question.has("asks_today"):
        return Asked.TODAY
    if question.has("asks_wishes"):
        return Asked.WISHES
    return Asked.TODAY if question.of_today else Asked.OTHER


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
    return Kind.NON_FUNCTIONAL if question.measured else None
