"""Recognises who speaks in transcripts, in the common forms of meeting tools, subtitles, chats and interviews.

A name with a time or a role is a speaker; a bare name with a colon is one only when it comes back.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from worker.tools.analysis.rules.lexicon import Lexicon, function_words, plain
from worker.tools.analysis.rules.text.ids import requirement_id
from worker.tools.analysis.rules.text.roles import role_of


@dataclass(frozen=True)
class Turn:
    """The beginning of something that is said."""

    speaker: str
    """Empty where only a time is given: then the speaker before goes on."""
    said: str
    cue: bool = False
    """Whether it is a piece of a subtitle, which may end in mid-sentence."""


_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?(?:\s?[AaPp]\.?[Mm]\.?)?"
_DAY = r"(?:\d{1,4}[./-]\d{1,2}[./-]\d{2,4},?\s+)?"
_TIME = rf"[\[(]?{_DAY}{_CLOCK}(?:\s*(?:-->|[-\u2013])\s*{_CLOCK})?[\])]?"
_NAME = r"[^\W\d_][\w.'\u2019&/-]{0,24}(?:\s+[^\W_][\w.'\u2019&/-]{0,24}){0,3}|[A-Z]\d?"
_ROLE = r"(?:\s?[(\[,]\s?(?P<role>[^()\[\]:]{1,40})[)\]]?)?"
_VOICE = re.compile(r"<v(?:\.\w+)*\s+(?P<name>[^>]{1,60})>(?P<said>.*)")
_CUE = re.compile(rf"\[?\s*{_CLOCK}\s*-->\s*{_CLOCK}\s*\]?(?:\s*(?:align|line|position|size):\S+)*\s*(?P<said>.*)")
_CHAT = re.compile(rf"{_CLOCK}\s+From\s+(?P<name>{_NAME})\s+to\s+[^:]{{1,40}}:\s*(?P<said>.*)", re.IGNORECASE)
_BEFORE = re.compile(
    rf"(?:[-*\u2022]\s+)?{_TIME}\s*[-\u2013]?\s*(?:\*\*)?(?P<name>{_NAME}){_ROLE}\s?:(?:\*\*)?\s*(?P<said>.*)"
)
_AFTER = re.compile(rf"(?:\*\*)?(?P<name>{_NAME}){_ROLE}(?:\*\*)?[\s,|\u2013-]*{_TIME}\s*:?(?:\*\*)?\s*(?P<said>.*)")
_LABEL = re.compile(
    rf"(?:[-*\u2022]\s+)?(?P<bold>\*\*|__)?(?P<name>{_NAME}){_ROLE}\s?(?:\*\*|__)?\s?:(?:\*\*|__)?(?P<said>\s.*|)"
)
_BRACKET = re.compile(rf"\[(?P<name>{_NAME})\]:?\s+(?P<said>\S.*)")
_DASH = re.compile(rf"(?P<name>{_NAME})\s+[\u2013\u2014-]\s+(?P<said>\S.*)")
_TIMED = re.compile(rf"[\[(]{_DAY}{_CLOCK}[\])]\s*(?P<said>\S.*)|{_CLOCK}\s+(?P<later>[^\W\d].*)")
_ALONE = re.compile(rf"{_TIME}|\d{{1,5}}")
_LABELS = ("title", "text", "detail", "priority", "id", "kind", "points", "meta")
_SPARSE = 20
_TWICE = 2
_OFTEN = 3
_LONGEST_NAME = 40


def _voiced_text(match: re.Match[str]) -> str:
    return " ".join(match["said"].replace("</v>", " ").split())


class Speeches:
    """Finds the beginnings of turns. It has looked at all lines to know which names are speakers."""

    def __init__(self, texts: Sequence[str], lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._texts = [text.lstrip("> ").strip() for text in texts]
        self._certain: set[str] = set()
        timed = sum(map(bool, map(_AFTER.fullmatch, self._texts)))
        self._after = timed * _SPARSE >= sum(map(bool, self._texts))
        """Whether so many lines have a time after a name that they can be turns: "Zwischen 13:00" alone is none."""
        matches = map(_LABEL.fullmatch, self._texts)
        often = Counter(match["name"] for match in matches if match)
        self._often = frozenset(name for name, times in often.items() if times >= _OFTEN)
        """The labels that come back: "Interviewer:" is a speaker then, and no label of the document."""
        self._answering = self._answering_labels()
        """The labels that come back as answers to questions: "Owner:" is a speaker then."""
        self._subtitles = sum("-->" in text for text in self._texts) >= _TWICE or any(
            _CUE.fullmatch(text) for text in self._texts[:40]
        )
        labels = list(self._labels())
        counts = Counter(labels)
        self._speakers = self._certain | {name for name, times in counts.items() if times >= _TWICE}
        self._speakers |= self._in_dialogue(counts)
        self._dashed = self._dashed_names()
        self._alone = self._names_alone()

    def turn(self, text: str, place: int) -> Turn | None:
        """What begins in this line, or None for any other line."""
        return self._timed_name(text) or self._named(text) or self._unnamed(text, place)

    def _timed_name(self, text: str) -> Turn | None:
        """A name beside a time, or in a form that only speakers have."""
        if match := _VOICE.fullmatch(text):
            return Turn(match["name"].strip(), _voiced_text(match), cue=True)
        if match := _CHAT.fullmatch(text) or _BEFORE.fullmatch(text):
            return Turn(match["name"].strip(), match["said"].strip())
        match = _AFTER.fullmatch(text)
        if match and self._after and self._is_name(match["name"]) and self._free(match):
            return Turn(match["name"], match["said"].strip())
        return None

    def _named(self, text: str) -> Turn | None:
        """A name that the whole transcript shows to be a speaker's."""
        for pattern, known in ((_LABEL, self._speakers), (_BRACKET, self._speakers), (_DASH, self._dashed)):
            if known and (match := pattern.fullmatch(text)) and match["name"] in known:
                return Turn(match["name"], match["said"].strip())
        return Turn(text.rstrip(":"), "") if text in self._alone else None

    def _unnamed(self, text: str, place: int) -> Turn | None:
        """A time or a piece of a subtitle."""
        if match := _CUE.fullmatch(text):
            return self._voiced(match["said"])
        if match := _TIMED.fullmatch(text):
            return Turn("", (match["said"] or match["later"]).strip(), cue=True)
        if _ALONE.fullmatch(text) and (self._subtitles or ":" in text):
            return Turn("", "", cue=True)
        if self._subtitles and place and _CUE.fullmatch(self._texts[place - 1]):
            return self._voiced(text)
        return None

    def _voiced(self, said: str) -> Turn:
        if match := _VOICE.fullmatch(said):
            return Turn(match["name"].strip(), _voiced_text(match), cue=True)
        if (match := _LABEL.fullmatch(said)) and self._is_name(match["name"]) and match["name"] in self._speakers:
            return Turn(match["name"], match["said"].strip(), cue=True)
        return Turn("", said.strip(), cue=True)

    def _labels(self) -> Iterator[str]:
        """The names of the lines that could be a speaker's; those with a role are certain."""
        for text in self._texts:
            if "-->" in text:
                match = _CUE.fullmatch(text)
                text = match["said"] if match else text  # noqa: PLW2901 - what follows the time is the line
            if (match := _BEFORE.fullmatch(text)) or (
                self._after and (match := _AFTER.fullmatch(text)) and self._free(match)
            ):
                if self._is_name(match["name"]):
                    self._certain.add(match["name"])
                continue
            match = _LABEL.fullmatch(text) or _BRACKET.fullmatch(text)
            if match and self._is_name(match["name"]):
                said = match["said"].strip()
                if match.re is _LABEL and match["role"] and said and match["role"][0].isupper() and text[0].isalpha():
                    self._certain.add(match["name"])
                if said or match.re is _LABEL:
                    yield match["name"]

    def _in_dialogue(self, counts: Counter[str]) -> set[str]:
        """The names of a short dialogue: labels on most lines, and a question among what is said."""
        full = sum(map(bool, self._texts))
        labelled = [match for text in self._texts if (match := _LABEL.fullmatch(text)) and match["name"] in counts]
        asked = any(match["said"].rstrip().endswith("?") for match in labelled)
        return set(counts) if len(counts) >= _TWICE and asked and len(labelled) * 5 >= full * 3 else set()

    def _free(self, match: re.Match[str]) -> bool:
        """Whether nothing but the time follows a name, or it is clearly set apart: "Anna Meyer 10:02"."""
        said = match["said"].strip()
        between = match.string[match.end("name") :]
        return not said or bool(
            re.match(r"[^:]*[\[(]?\d{1,2}:\d{2}[^ ]*[\])]?\s*:?\s", between)
            and ("(" in between[:3] or "[" in between[:3] or ":" in between[-len(said) - 3 :])
        )

    def _is_name(self, name: str) -> bool:
        words = name.split()
        upper = all(
            word[0].isupper()
            or word in {"de", "da", "van", "von", "der", "den", "di", "du", "la", "le"}
            or word.isdigit()
            for word in words
        )
        word = plain(name)
        if self._lexicon.words("joint").match(f"{word},") or requirement_id(f"{name}: it")[0]:
            return False  # "So, in their words:", "IF-01 Till: ..."
        if self._lexicon.pattern("sections", "lane", whole=True).fullmatch(word):
            return False
        known = role_of(name, self._lexicon, strict=True) is not None or any(
            self._lexicon.pattern("labels", label, whole=True).fullmatch(word)
            for label in _LABELS
            if not (name in self._answering or (label == "meta" and name in self._often))
        )
        small = len(name) > 1 and any(
            words[0].lower() in function_words()[language] for language in self._lexicon.languages
        )
        return (
            upper and not (known or small) and not self._lexicon.pattern("facts", "budget", whole=True).fullmatch(word)
        )

    def _answering_labels(self) -> frozenset[str]:
        """The labels most of which stand below a label with a question, as answers do."""
        matches = [match for text in self._texts if (match := _LABEL.fullmatch(text))]
        asked = Counter(
            later["name"]
            for one, later in pairwise(matches)
            if one["said"].rstrip().endswith("?") and one["name"] != later["name"]
        )
        return frozenset(
            name for name in self._often if asked[name] * 2 >= sum(each["name"] == name for each in matches)
        )

    def _dashed_names(self) -> frozenset[str]:
        counts = Counter(
            match["name"] for text in self._texts if (match := _DASH.fullmatch(text)) and self._is_name(match["name"])
        )
        often = frozenset(name for name, times in counts.items() if times >= _OFTEN)
        return often if len(often) >= _TWICE else frozenset()

    def _names_alone(self) -> frozenset[str]:
        """The lines that are nothing but a name, where several come back."""
        bare = re.compile(rf"(?:{_NAME}):?")
        counts = Counter(
            text
            for text in self._texts
            if len(text) < _LONGEST_NAME and bare.fullmatch(text) and self._is_name(text.rstrip(":"))
        )
        known = frozenset(name for name in counts if name.rstrip(":") in self._certain and counts[name] >= _TWICE)
        often = frozenset(name for name, times in counts.items() if times >= _OFTEN)
        return known | (
            often
            if len(often) >= _TWICE and sum(counts[name] for name in often) * 4 >= sum(map(bool, self._texts))
            else frozenset()
        )
