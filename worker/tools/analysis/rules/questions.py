"""Says what a question in talk asks about: what is wanted, how things are, how much of something, or a bare topic.

What answers it depends on that: "Six years" after "How long do you keep them?" is a demand, after "How long have you
been here?" it is none. `surroundings` and `dialogue` call this.
"""

import re

from worker.tools.analysis.rules.signals import Signals
from worker.tools.analysis.rules.statements import Asked

_TOPIC_WORDS = 6
_LEAD = re.compile(r"^(?:(?:and|so|but|okay|ok|right|then|now|well|what about|how about),? )+")


def about(question: Signals) -> Asked:
    """What the question is about."""
    if amount(question):
        return Asked.WISHES
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


def topic(question: Signals) -> bool:
    """Whether it only names a topic: "Languages?", "What about invoicing?"."""
    said = _LEAD.sub("", question.said)
    return len(said.split()) <= _TOPIC_WORDS and not question.has("asks_what") and not question.of_today
