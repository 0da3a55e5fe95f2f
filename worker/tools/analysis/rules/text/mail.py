"""Blanks what surrounds the message of an e-mail: headers, greeting, closing with signature, marks of quoting."""

import re
from collections.abc import Sequence

from worker.tools.analysis.rules.lexicon import Lexicon, plain
from worker.tools.analysis.rules.text.source import Raw

_QUOTE = re.compile(r"^\s*(?:>[ ]?)+")
_HEADER = re.compile(r"\*{0,2}([A-Za-zÀ-ž-]{1,18})\*{0,2}\s?:\*{0,2}\s*(.*)")
_MIME = re.compile(
    r"(?i)(?:content-|mime-version|message-id|received|return-path|x-[\w-]+|dkim|in-reply-to|references|thread-|boundary|--[\w=_.-]{8,}$|importance).*"
)
_SEPARATOR = re.compile(r"--\s?|_{5,}|\*{5,}")
_SIGNATURE_LINES = 8
_FROM = re.compile(r"(?:from|von|de|da|van|från|od)\*{0,2}\s?:\*{0,2}\s*(?P<name>[^<>\n]{2,60})", re.IGNORECASE)
_TO = re.compile(r"(?:to|an|à|para|aan|till|do)\*{0,2}\s?:\*{0,2}\s*(?P<name>[^<>;,\n]{2,60})", re.IGNORECASE)
_WROTE = re.compile(r"(?:^|, |\d )(?P<name>[A-Z][\w.'-]+(?: [A-Z][\w.'-]+){0,2})(?: <[^<>]*>)? (?:wrote|writes)\b")
_HEADERS = 2
_TOP = 12
_LONGEST_QUOTED = 160
_LONGEST_LINE, _LONGEST_CLOSING, _LONGEST_SIGNATURE = 90, 50, 70
_GREETING_WORDS = 7


def envelope(raws: Sequence[Raw], lexicon: Lexicon) -> frozenset[int]:
    """The places of the lines that belong to the envelope rather than to the message."""
    texts = [_QUOTE.sub("", raw.text).strip() for raw in raws]
    found: set[int] = set()
    found.update(_headers(texts, lexicon))
    quoted = lexicon.pattern("mail", "quoted", whole=True)
    greeting = lexicon.pattern("mail", "greeting", whole=True)
    closing = lexicon.pattern("mail", "closing", whole=True)
    place = 0
    while place < len(texts):
        text = plain(texts[place]).strip(" *")
        short = 0 < len(text) <= _LONGEST_LINE
        if (text and len(text) <= _LONGEST_QUOTED and quoted.fullmatch(text)) or (
            short
            and (
                greeting.fullmatch(text.rstrip(",!. ")) and text[-1] in ",!.:" and len(text.split()) <= _GREETING_WORDS
            )
        ):
            found.add(place)
        elif (short and len(text) <= _LONGEST_CLOSING and closing.fullmatch(text.rstrip(",!.: "))) or texts[place] in {
            "--",
            "-- ",
        }:
            place = _signature(place, texts, found)
        place += 1
    return frozenset(found)


def _headers(texts: Sequence[str], lexicon: Lexicon) -> set[int]:
    """Runs of at least two lines such as "From: ..." and "Subject: ..."."""
    meta = lexicon.pattern("labels", "meta", whole=True)
    found: set[int] = set()
    run: list[int] = []
    for place, text in enumerate([*texts, ""]):
        match = _HEADER.fullmatch(text)
        if (
            (match and meta.fullmatch(plain(match[1])))
            or (run and _MIME.fullmatch(text))
            or (_MIME.fullmatch(text) and place < _TOP)
        ):
            run.append(place)
        else:
            if len(run) >= _HEADERS:
                found.update(run)
            run = []
    return found


def _signature(place: int, texts: Sequence[str], found: set[int]) -> int:
    """Mark the closing and the short lines after it, up to a blank line or a quoted message."""
    last = min(place + _SIGNATURE_LINES, len(texts))
    blank = 0
    end = place
    name = texts[place + 1].split(" ")[0].strip(",.") if place + 1 < len(texts) else ""
    for line in range(place, last):
        text = texts[line]
        blank = blank + 1 if not text else 0
        if not text and line + 1 < last and name and name in texts[line + 1]:
            blank = 0
            continue
        if (
            len(text) > _LONGEST_SIGNATURE
            or (line > place and text.endswith(("?", ":")))
            or text.startswith(("- ", "* ", "#", "|"))
            or (blank and line > place + 1)
        ):
            break
        found.add(line)
        end = line
    return end


def writers(raws: Sequence[Raw], skipped: frozenset[int]) -> Sequence[str]:
    """Who wrote each line of a thread whose messages name their senders; empty where they don't.

    What a message quotes was written by whom "Anna wrote:" names, or by its first recipient. `skipped` are the places
    of the envelope.
    """
    found: list[str] = []
    writer = quoted = ""
    for place, raw in enumerate(raws):
        text = _QUOTE.sub("", raw.text).strip(" *")
        depth = raw.text[: len(raw.text) - len(_QUOTE.sub("", raw.text))].count(">")
        if place in skipped and not depth and (match := _FROM.match(text)):
            writer, quoted = _name(match["name"]), ""
        elif (place in skipped and not quoted and (match := _TO.match(text))) or (match := _WROTE.search(text)):
            quoted = _name(match["name"])
        found.append((writer, quoted)[depth] if writer and quoted and depth <= 1 else "")
    return found


def _name(text: str) -> str:
    """The first name of a person: it stays the same where the rest is left out."""
    return text.strip(' "').split(" ")[0].strip(",;")
