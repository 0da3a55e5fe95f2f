"""Collects the facts about this project from the statements.

A number is a fact only beside a word that says what it is: "budget", "go-live", "team". A number about something else
(revenue, an order's value, a retention period, the tender's own dates) is none.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from functools import cache

from worker.tools import facts
from worker.tools.analysis.rules.facts import dates, lengths, money
from worker.tools.analysis.rules.lexicon import Lexicon, plain
from worker.tools.analysis.rules.roles import Role
from worker.tools.analysis.rules.statements import Statement
from worker.tools.facts import Facts

_LEAST_BUDGET = 1000
_YEARS = range(2020, 2050)
_BARE_WORDS = 6
_NEAR = 70
_AFTER = 40
_LEAST_WEEKS, _MOST_WEEKS = 1, 520
_LARGEST_TEAM = 200
_WEAK = 2
"""The rank of a length in a sentence that does not name the project."""
_LEAST_PROJECT = 6
_BUILT_SECTIONS = frozenset({Role.NON_FUNCTIONAL, Role.FUNCTIONAL, Role.INTEGRATION})


def find(statements: Sequence[Statement], lexicon: Lexicon, today: dt.date) -> Facts:
    """The facts of these statements. Of several budgets or durations the clearest, then the first, counts."""
    said = [(statement, plain(statement.text)) for statement in statements]
    numbered = [(statement, text) for statement, text in said if any(map(str.isdigit, text))]
    dated = list(_dates(said, lexicon, today))
    return Facts(
        budget=_budget(numbered, lexicon),
        deadlines=_once(fact for fact in dated if isinstance(fact, facts.Deadline)),
        duration=_duration(said, lexicon),
        start=next((fact for fact in dated if isinstance(fact, facts.Start)), None),
        team_size=_team(said, lexicon),
        languages=_languages(said, lexicon),
    )


def _once(deadlines: Iterator[facts.Deadline]) -> tuple[facts.Deadline, ...]:
    """Each date once, with the lines of all places."""
    found: dict[dt.date, tuple[int, ...]] = {}
    for deadline in deadlines:
        found[deadline.date] = tuple(dict.fromkeys((*found.get(deadline.date, ()), *deadline.lines)))
    return tuple(facts.Deadline(date, lines) for date, lines in found.items())


def _budget(said: Sequence[tuple[Statement, str]], lexicon: Lexicon) -> facts.Budget | None:
    best: tuple[int, facts.Budget] | None = None
    word = lexicon.pattern("facts", "budget")
    other = lexicon.pattern("facts", "not_budget")
    explicit = _explicit(lexicon)
    for statement, text in said:
        named = explicit.search(text)
        match = named or word.search(text)
        titled = explicit.search(plain(statement.section.title)) is not None
        if not match and not titled:
            continue
        if other.search(text) and not named:
            continue
        found = [
            amount
            for amount in money.amounts(text, lexicon)
            if amount.currency or (named and amount.value >= _LEAST_BUDGET and int(amount.value) not in _YEARS)
        ]
        found = [amount for amount in found if amount.value >= _LEAST_BUDGET and not _belongs_elsewhere(text, amount, other)]
        if not found:
            continue
        after = [amount for amount in found if match is None or amount.start >= match.start()] or found
        rank = 0 if named and after[0].currency else 1 if named or titled else 2
        if best is None or rank < best[0]:
            best = (rank, facts.Budget(after[0].value, after[0].currency, statement.lines))
    return best[1] if best else None


@cache
def _explicit(lexicon: Lexicon) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:(?<!marketing )budget\w*|kostenrahmen|presupuesto\w*|budżet\w*|orçamento\w*|enveloppe)(?!\w)")


def _belongs_elsewhere(text: str, amount: money.Amount, other: re.Pattern[str]) -> bool:
    """Whether the words around an amount say that it is something else."""
    around = text[max(0, amount.start - 25) : amount.end + 25]
    return other.search(around) is not None


def _dates(said: Sequence[tuple[Statement, str]], lexicon: Lexicon, today: dt.date) -> Iterator[facts.Deadline | facts.Start]:
    deadline = lexicon.pattern("facts", "deadline")
    other = lexicon.pattern("facts", "not_deadline")
    start = lexicon.pattern("facts", "start")
    for statement, text in said:
        title = plain(statement.section.title)
        last = 0
        for day in dates.find(text, lexicon, today):
            before = text[max(last, day.start - _NEAR) : day.start]
            after = text[day.end : day.end + _AFTER].split(". ")[0]
            last = day.end
            if other.search(before) or other.search(after) and not deadline.search(before):
                continue
            starts, ends = _last(start, before), _last(deadline, before)
            if starts < 0 and ends < 0:
                starts = 0 if start.search(after) else -1
                ends = 0 if deadline.search(after) or deadline.search(title) else -1
            if starts >= 0 and starts >= ends and not _goes_live(before[starts:]):
                yield facts.Start(day.whole or day.date, statement.lines)
            elif ends >= 0:
                yield facts.Deadline(day.date, statement.lines)


def _goes_live(text: str) -> bool:
    return re.search(r"\blive|produk|produc|betrieb|drift", text) is not None


def _last(pattern: re.Pattern[str], text: str) -> int:
    place = -1
    for match in pattern.finditer(text):
        place = match.start()
    return place


def _duration(said: Sequence[tuple[Statement, str]], lexicon: Lexicon) -> facts.Length | None:
    best: tuple[int, facts.Length] | None = None
    word = lexicon.pattern("facts", "duration")
    other = lexicon.pattern("facts", "not_duration")
    for statement, text in said:
        found = [length for length in lengths.find(text, lexicon) if _LEAST_WEEKS <= length.weeks <= _MOST_WEEKS]
        if not found:
            continue
        bare = len(text.split()) <= _BARE_WORDS + 2 * len(found) and not other.search(text)
        label = text.split(":", 1)[0] if ":" in text[:40] else ""
        labelled = bool(label) and word.search(label) is not None
        near = [length for length in found if not other.search(text[max(0, length.start - _AFTER) : length.end + 20])]
        if not near or not (labelled or bare or word.search(text)):
            continue
        if not labelled and other.search(text) and not bare:
            continue
        strong = labelled or re.search(r"project|projekt|projet|proyecto|progetto|projeto|sprint|implement|umsetz|realis", text)
        rank = 0 if labelled else 1 if strong else 2
        if rank == _WEAK and not bare and (statement.section.role in _BUILT_SECTIONS or near[0].weeks < _LEAST_PROJECT):
            continue
        if best is None or rank < best[0]:
            best = (rank, _target(text, near, statement, lexicon))
    return best[1] if best else None


def _target(text: str, found: Sequence[lengths.Length], statement: Statement, lexicon: Lexicon) -> facts.Length:
    """The target beside a maximum where both are stated, else the first length."""
    maximum = lexicon.pattern("facts", "maximum")
    first = found[0]
    at_most: lengths.Length | None = None
    if len(found) > 1:
        limits = [length for length in found if maximum.search(_around(text, length, found))]
        at_most = limits[0] if limits else None
        others = [length for length in found if length is not at_most]
        if at_most and others and others[0].weeks <= at_most.weeks:
            first = others[0]
        else:
            at_most = None
    return facts.Length(
        weeks=max(1, first.whole_weeks),
        lines=statement.lines,
        at_most_weeks=at_most.whole_weeks if at_most else None,
        longer_end=first.longer_end,
        stated=text[first.start : first.end],
    )


def _around(text: str, length: lengths.Length, every: Sequence[lengths.Length]) -> str:
    """The words nearest to a length: up to its neighbours, and to the next comma behind it."""
    begin = max((other.end for other in every if other.end <= length.start), default=0)
    end = min((other.start for other in every if other.start >= length.end), default=len(text))
    return text[max(begin, length.start - 25) : length.start] + re.split(r"[,;]", text[length.end : end])[0]


def _team(said: Sequence[tuple[Statement, str]], lexicon: Lexicon) -> facts.TeamSize | None:
    pattern = _people(lexicon)
    word = lexicon.pattern("facts", "team")
    other = lexicon.pattern("facts", "not_team")
    for statement, text in said:
        if not word.search(text) or other.search(text):
            continue
        for match in pattern.finditer(text):
            size = max(int(lengths.numbers.read(match[name], lexicon)) for name in ("low", "high", "of", "label") if match[name])
            if 1 <= size <= _LARGEST_TEAM:
                return facts.TeamSize(size, statement.lines)
    return None


@cache
def _people(lexicon: Lexicon) -> re.Pattern[str]:
    number = lengths.numbers.any_number(lexicon)
    people = "|".join(lexicon.listed("facts", "people"))
    team = r"(?:team|equip[aeo]|équipe|zespół|zespole|gruppo|squad)"
    return re.compile(
        rf"(?<![\w.,])(?:(?P<low>{number})(?:\s?[-\u2013]\s?(?P<high>{number}))?[\s-](?:\w+[\s-]){{0,2}}?(?:{people})(?!\w)"
        rf"|{team}(?:\s+size)?\s+(?:of|von|de|di|van|på|av|mit|z)\s+(?:\w+\s+)?(?P<of>{number})(?!\w)|{team}(?:\w*|\s\w+)?\s?:\s?(?P<label>\d{{1,3}}))"
    )


def _languages(said: Sequence[tuple[Statement, str]], lexicon: Lexicon) -> facts.Languages | None:
    names = _language_names(lexicon.languages)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(map(re.escape, names), key=len, reverse=True))})(?!\w)")
    word = lexicon.pattern("facts", "languages")
    other = lexicon.pattern("facts", "not_languages")
    best: facts.Languages | None = None
    for statement, text in said:
        found = list(dict.fromkeys(names[match[0]] for match in pattern.finditer(text)))
        if not found or other.search(text) or not (word.search(text) or len(found) > 2):  # noqa: PLR2004 - a list of three speaks for itself
            continue
        if best is None or len(found) > len(best.codes):
            best = facts.Languages(tuple(found), statement.lines)
    return best


_COMMON_LANGUAGES = frozenset("en de fr es it nl sv pl pt da no nb fi cs sk hu ro bg hr sl el tr ar uk ru zh ja ko ca eu gl et lv lt he hi vi".split())  # noqa: SIM905 - a list of codes reads best so


@cache
def _language_names(languages: tuple[str, ...]) -> dict[str, str]:
    """The names of languages in the languages of the notes, from Babel (CLDR), and the adverbs that CLDR lacks."""
    from babel import Locale  # noqa: PLC0415 - loads its locales only when notes are analyzed

    found = {"norwegian": "no", "po polsku": "pl", "po angielsku": "en", "po niemiecku": "de", "po ukraińsku": "uk", "castellano": "es", "flamenco": "nl", "ukraiński": "uk"}
    for language in languages:
        for code, name in Locale(language).languages.items():
            if code in _COMMON_LANGUAGES:
                found.setdefault(name.lower(), "no" if code == "nb" else code)
    return found
