"""What the words of one statement show, independent of its neighbours.

`classify` weighs it. Every signal is a pattern of the word files; see `lexicon`.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from worker.tools.analysis.rules.facts import tongues
from worker.tools.analysis.rules.facts.candidates import with_digits
from worker.tools.analysis.rules.lexicon import Lexicon, plain

_LEAD = re.compile(
    r"^[\s¿]*(?:(?:and|so|but|also|ok(?:ay)?),? )*(?:\w+, (?=(?:do|does|can|could|will|would|is|are)\b))?"
)
"""What may stand before a question."""

_SUBORDINATE = re.compile(
    r"(?<!^)\b(?:that (?=it|he|she|they|we|was|were|had)|who|whoever|which|whom|whose|what|how|where|when|if|until|till"
    r"|since)\b[^,.;:]*"
)
"""A clause that says more about a word of the main clause."""
_CONDITION = re.compile(
    r"^(?:what|whatever|whoever|if|when|whenever|where)\b\s+(?:[\w']+\s+){0,3}?(?:was|were|has|had|did|left|lost)\b"
)
"""How a sentence begins whose first clause only says what the second is about: "What was entered ..."."""
_FIRST_CLAUSE = re.compile(
    r"^(?:if|when|whenever|as soon as|once|until|while|were|should)\b[^,.;:]{5,120}, (?!and\b|or\b)"
)
"""A condition before the main clause."""
_CLAUSE = 3
_VOLUME = re.compile(
    r"\s*\((?:(?:approx|est|ca|c)\.?|about|around|some|currently|today|now|roughly|nearly|over)?\s?\d[^()]{0,40}\)"
)
"""How much there is today says nothing about how well something must work."""
_WOULD_HAVE_TO = re.compile(r"(?<!\w)(?:\w+'(?:d|ll)|would|will) (?:\w+ )?have to\b")

_LINK, _SYSTEM = 1.3, 0.5
"""What a word such as "interface" weighs, and the name of a system alone."""
_AGREED = re.compile(r"agreed|decided|asked for|requested|suggested|beschlossen|vereinbart")
"""Reporting verbs with which a meeting asks for something."""
_FLOW, _OWN_FLOW = 2.8, 2.0
"""What data that goes to or comes from a system weighs: one with a name, and one of a kind such as "the till"."""
_THROUGH, _BEFORE = 1.5, 24
"""What a named system weighs that something goes through, and how far before it the word for that may stand."""
_QUALITY, _HARD_NUMBER, _LANGUAGES = 2.4, 1.3, 2.5
_CONSTRAINT, _FIRM = 1.4, 2.4
_MOST_MORE = 1.8
_INTO = re.compile(r"(?<!\w)(?:into|in|to|from) (?:the |our |their )?$")
_NONE = re.compile(r"(?!)")


@dataclass(frozen=True)
class Signals:
    """The signals of one text."""

    text: str
    lexicon: Lexicon
    systems: re.Pattern[str] = _NONE
    """The names of systems in these notes."""
    told: bool = False
    """Whether a person is reported to have said it."""
    wanted: bool = False
    """Whether a person is reported to want it."""
    more: str = ""
    """What else is said about it, as in other columns of its row."""

    @cached_property
    def said(self) -> str:
        """The text in the form that patterns match."""
        return plain(self.text)

    @cached_property
    def figures(self) -> str:
        """The text with English number words as digits."""
        return with_digits(self.said) if "en" in self.lexicon.languages else self.said

    def has(self, name: str) -> bool:
        """Whether a word list matches anywhere."""
        return self.lexicon.words(name).search(self.said) is not None

    def fact(self, name: str) -> bool:
        """Whether a list of the `facts` table matches anywhere."""
        return self.lexicon.pattern("facts", name).search(self.said) is not None

    def count(self, name: str) -> int:
        """How many different words of a list occur."""
        return len({match[0] for match in self.lexicon.words(name).finditer(self.figures)})

    @cached_property
    def question(self) -> bool:
        """Whether it is a question."""
        return self.text.rstrip(" \"'\u201d\u2019)]*_").endswith(("?", "\uff1f", "\u061f"))

    @cached_property
    def polar(self) -> bool:
        """Whether it is a question for yes or no: no word such as "who" asks for more."""
        asked = _LEAD.sub("", self.said)
        if not self.question or self.lexicon.words("asks_what").match(asked):
            return False
        return self.lexicon.words("polar").match(asked) is not None or not self.lexicon.words("asks_what").search(asked)

    @cached_property
    def old(self) -> bool:
        """Whether the main clause tells how things are or were; "who was behind it" in a subordinate one does not."""
        return self.lexicon.words("old").search(self.lexicon.words("passive").sub(" ", self._main)) is not None

    @cached_property
    def past(self) -> bool:
        """Whether the main clause is told in the past. "Is kept" and "have got" are not."""
        return self.lexicon.words("past").search(self.lexicon.words("passive").sub(" ", self._main)) is not None

    @cached_property
    def _main(self) -> str:
        """The text without its subordinate clauses, as far as they can be told."""
        said = _CONDITION.sub("", self.said)
        condition = _FIRST_CLAUSE.match(said)
        if condition and len(said[condition.end() :].split()) >= _CLAUSE:
            said = said[condition.end() :]
        main = _SUBORDINATE.sub("", said)
        return main if len(main.split()) >= _CLAUSE else said

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
        """Whether a demand is stated. "I'd have to ask" states none."""
        return (
            self.wanted
            or self.story
            or self.lexicon.words("need").search(_WOULD_HAVE_TO.sub(" ", self.said)) is not None
        )

    @cached_property
    def weak_need(self) -> bool:
        """Whether the only demand is one that also tells what people have to do today."""
        return (
            self.need
            and not (self.story or self.wanted)
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
    def assent(self) -> bool:
        """Whether not a word is left beside greetings and assent: "Agreed."."""
        return not re.search(r"\w", self.lexicon.words("small_talk").sub(" ", self.said))

    @cached_property
    def comments(self) -> bool:
        """Whether it begins as a remark on what was said: "That's the dull one"."""
        return self.lexicon.words("comment").match(_LEAD.sub("", self.said)) is not None

    @cached_property
    def statistic(self) -> bool:
        """Whether it begins by saying how often something happens: "A third of all calls"."""
        return self.lexicon.words("statistic").match(_LEAD.sub("", self.said)) is not None

    @cached_property
    def action(self) -> bool:
        """Whether it says what people can do with the product."""
        return self.acts or self.has("ability")

    @cached_property
    def acts(self) -> bool:
        """Whether it names something that people do with software: search, upload."""
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
        named = self.has("system") or self.systems.search(self.said) is not None
        links = min(self.count("integration"), 2)
        own = self.has("own_system") and not self.story  # a story's user stands at the kiosk
        links += self.has("link_to")
        weight = _LINK * links + (_LINK if links and (named or own) else _SYSTEM if named else 0)
        weight += _THROUGH if self._through else 0
        if not self.has("flow") or self.has("once"):  # who trains, or what is carried over once, is no interface
            return weight
        return weight + (_FLOW if named else _OWN_FLOW if own else 0)

    @cached_property
    def _through(self) -> bool:
        """Whether something goes through a named system: "all of it via Nordbetal"."""
        through = self.lexicon.words("through")
        return any(
            through.search(self.said[max(0, match.start() - _BEFORE) : match.start()])
            for match in self.systems.finditer(self.said)
        ) or any(
            _INTO.search(self.said[max(0, match.start() - _BEFORE) : match.start()])
            for match in self.lexicon.words("system").finditer(self.said)
        )

    @cached_property
    def several_languages(self) -> bool:
        """Whether at least two languages are listed."""
        return tongues.several(self.lexicon).search(self.said) is not None

    @cached_property
    def quality(self) -> float:
        """How much it is about how well something works."""
        more = Signals(self.more, self.lexicon) if self.more else None
        if (bare := _VOLUME.sub("", self.text)) != self.text:
            return Signals(bare, self.lexicon, more=self.more).quality
        weight = _QUALITY * min(self.count("quality"), 3) + (
            _HARD_NUMBER if self.lexicon.words("hard_number").search(self.figures) else 0
        )
        weight += _LANGUAGES if self.several_languages and not weight else 0
        return weight + (min(more.quality, _MOST_MORE) if more else 0)

    @cached_property
    def measured(self) -> bool:
        """Whether it says how well or how fast, beyond doubt."""
        return self.quality >= _QUALITY

    @cached_property
    def constraint(self) -> float:
        """How much it limits how the work is done."""
        return _CONSTRAINT * min(self.count("constraint"), 3) + (_FIRM if self.has("firm") else 0)

    @cached_property
    def reported(self) -> "Signals | None":
        """What a person is reported to have said, without the person."""
        match = self.lexicon.pattern("words", "reported").match(self.text)
        rest = self.text[match.end() :].strip(" ,:") if match else ""
        asked = match is not None and (self.lexicon.words("need").search(plain(match[0])) or _AGREED.search(match[0]))
        told = match is not None and not asked
        wanted = match is not None and not told
        return Signals(rest, self.lexicon, self.systems, told=told, wanted=wanted) if len(rest.split()) >= 2 else None  # noqa: PLR2004 - a word or more with its verb
