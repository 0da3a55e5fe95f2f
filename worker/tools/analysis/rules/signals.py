"""What the words of one statement show, independent of its neighbours.

`classify` weighs it. Every signal is a pattern of the word files; see `lexicon`.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from worker.tools.analysis.rules.facts import tongues
from worker.tools.analysis.rules.lexicon import Lexicon, plain

_LEAD = re.compile(r"^[\s¿]*(?:(?:and|so|but|also|ok(?:ay)?),? )*")
"""What may stand before a question."""

_QUALITY = 2.5
_CONSTRAINT = 2.1
_MOST_MORE = 2.5
_NONE = re.compile(r"(?!)")


@dataclass(frozen=True)
class Signals:
    """The signals of one text."""

    text: str
    lexicon: Lexicon
    systems: re.Pattern[str] = _NONE
    """The names of systems in these notes."""
    more: str = ""
    """What else is said about it, as in other columns of its row."""

    @cached_property
    def said(self) -> str:
        """The text in the form that patterns match."""
        return plain(self.text)

    def has(self, name: str) -> bool:
        """Whether a word list matches anywhere."""
        return self.lexicon.words(name).search(self.said) is not None

    def fact(self, name: str) -> bool:
        """Whether a list of the `facts` table matches anywhere."""
        return self.lexicon.pattern("facts", name).search(self.said) is not None

    def count(self, name: str) -> int:
        """How many different words of a list occur."""
        return len({match[0] for match in self.lexicon.words(name).finditer(self.said)})

    @cached_property
    def question(self) -> bool:
        """Whether it is a question."""
        return self.text.rstrip(" \"'\u201d\u2019)]*_").endswith(("?", "\uff1f", "\u061f"))

    @cached_property
    def polar(self) -> bool:
        """Whether it is a question for yes or no."""
        return self.question and self.lexicon.words("polar").match(_LEAD.sub("", self.said)) is not None

    @cached_property
    def of_today(self) -> bool:
        """Whether it is a question about how things are."""
        return self.lexicon.words("today").match(_LEAD.sub("", self.said)) is not None

    @cached_property
    def story(self) -> bool:
        """Whether it is a user story."""
        return self.has("story")

    @cached_property
    def need(self) -> bool:
        """Whether a demand is stated."""
        return self.story or self.has("need")

    @cached_property
    def weak_need(self) -> bool:
        """Whether the only demand is one that also tells what people have to do today."""
        return (
            self.need
            and not self.story
            and not self.lexicon.words("need").search(self.lexicon.words("weak_need").sub(" ", self.said))
        )

    @cached_property
    def excluded(self) -> bool:
        """Whether something is put out of scope. "Must not" and its like exclude nothing."""
        rest = self.lexicon.words("inclusion").sub(" \u00a7 ", self.said)
        return self.lexicon.words("exclusion").search(rest) is not None

    @cached_property
    def small_talk(self) -> bool:
        """Whether nothing but greetings and assent is said."""
        rest = self.lexicon.words("small_talk").sub(" ", self.said)
        words = re.findall(r"\w+", rest)
        return len(words) <= 1 and len(words) * 3 <= len(re.findall(r"\w+", self.said))

    @cached_property
    def action(self) -> bool:
        """Whether it says what people can do with the product."""
        return self.has("action")

    @cached_property
    def product(self) -> bool:
        """Whether it begins with the product that is to be built."""
        return self.lexicon.words("product").match(self.said) is not None

    @cached_property
    def subject(self) -> bool:
        """Whether the product or its users are mentioned before a verb of ability."""
        match = self.lexicon.words("can").search(self.said)
        return match is not None and self.lexicon.words("subject").search(self.said[: match.start()]) is not None

    @cached_property
    def integration(self) -> float:
        """How much it is about another system."""
        link, flow = self.count("integration"), self.has("flow")
        named = self.systems.search(self.said) is not None
        system = self.count("system") + self.has("own_system") + named
        return 2.5 * min(link, 2) + (1.5 if system else 0) + (2 if flow and system else 0)

    @cached_property
    def quality(self) -> float:
        """How much it is about how well something works."""
        more = Signals(self.more, self.lexicon) if self.more else None
        weight = _QUALITY * min(self.count("quality"), 3) + (1.5 if self.has("hard_number") else 0)
        weight += _QUALITY if tongues.several(self.lexicon).search(self.said) else 0
        return weight + (min(more.quality, _MOST_MORE) if more else 0)

    @cached_property
    def constraint(self) -> float:
        """How much it limits how the work is done."""
        return _CONSTRAINT * min(self.count("constraint"), 3)

    @cached_property
    def reported(self) -> "Signals | None":
        """What a person is reported to have said, without the person."""
        match = self.lexicon.pattern("words", "reported").match(self.text)
        rest = self.text[match.end() :].strip(" ,:") if match else ""
        return Signals(rest, self.lexicon, self.systems) if len(rest.split()) >= 2 else None  # noqa: PLR2004 - a word or more with its verb
