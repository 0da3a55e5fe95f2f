"""Finds the budget among the amounts of the notes."""

import datetime as dt
import re
from collections.abc import Sequence

from worker.tools.analysis.rules.facts import countries, money
from worker.tools.analysis.rules.facts.candidates import Candidate
from worker.tools.analysis.rules.lexicon import Lexicon
from worker.tools.analysis.rules.text.roles import Role
from worker.tools.facts import Budget

_LEAST = 1_000
_YEARS = range(1900, 2100)
_ENOUGH = 3
_NEAR = 30
_ENDS = re.compile(
    r"\s*(?:[.,;)]|$|in total|total|all in|max|excl|incl|plus|net|gross|brutto|netto|put aside|set aside|earmarked"
    r"|for|für|pour|para|per|voor|för|na)"
)
_EXPLICIT = re.compile(r"(?<!\w)(?:budget\w*|kostenrahmen|presupuesto\w*|budżet\w*|orçamento\w*|enveloppe)(?!\w)")
_ASKED = re.compile(r"(?<!\w)(?:budget\w*|money|spend|afford|presupuesto|or\u00e7amento|geld|argent|soldi)(?!\w)")
_KEPT = re.compile(r"(?<!\w)(?:put|set) aside(?!\w)|(?<!\w)earmarked(?!\w)")
_SHORT_ANSWER = 12
"""An answer of more words may speak of other money too."""
_OTHERS_BUDGET = re.compile(
    r"(?:marketing|annual|yearly|department|jahres|municipal|city's|council's)(?:\s\w+)?\s?-?budget"
)


def find(said: Sequence[Candidate], lexicon: Lexicon, today: dt.date) -> Budget | None:
    """The amount that most words show to be the budget; None where too few do."""
    best: tuple[int, money.Amount, Candidate] | None = None
    for candidate in said:
        if not any(map(str.isdigit, candidate.said)):
            continue
        named = _is_named(candidate)
        for amount in money.amounts(candidate.said, lexicon):
            if amount.value < _LEAST or not (amount.currency or named):
                continue
            weight = _weight(amount, candidate, lexicon, named=named)
            if weight >= _ENOUGH and (best is None or weight > best[0]):
                best = (weight, amount, candidate)
    if best is None:
        return None
    _, amount, candidate = best
    currency = _currency(amount, said, lexicon, today) or _said_after(candidate)
    return Budget(amount.value, currency, candidate.statement.lines)


def _is_named(candidate: Candidate) -> bool:
    """Whether its words, or the question before it, say that it is the budget: "And money?" "Sixty thousand."."""
    if _OTHERS_BUDGET.search(candidate.said):
        return False
    answers = _ASKED.search(candidate.question) is not None and len(candidate.said.split()) <= _SHORT_ANSWER
    return answers or _EXPLICIT.search(candidate.said) is not None or _KEPT.search(candidate.said) is not None


def _said_after(candidate: Candidate) -> str | None:
    """The currency of a sentence that says nothing else: "Ninety thousand. Pounds."."""
    following = candidate.after.strip(" .!")
    return money.currency_of(following) if following and len(following.split()) == 1 else None


def _currency(amount: money.Amount, said: Sequence[Candidate], lexicon: Lexicon, today: dt.date) -> str | None:
    """The currency, where a country shares its name with others by what the notes say of countries."""
    if not amount.family:
        return amount.currency
    texts = [candidate.said for candidate in said]
    return countries.currency(amount.family, texts, lexicon.languages, today) or amount.currency


def _weight(amount: money.Amount, candidate: Candidate, lexicon: Lexicon, *, named: bool) -> int:
    text = candidate.said
    bare = int(amount.value) not in _YEARS and _ENDS.match(text[amount.end :]) is not None
    if not (amount.currency or bare):
        return 0
    weight = (5 if named else 0) + (1 if amount.currency else 0)
    weight += 2 * min(2, len({match[0] for match in lexicon.pattern("facts", "budget").finditer(text)}))
    weight += 2 if _EXPLICIT.search(candidate.title) or candidate.limits else 0
    label = text.split(":", 1)[0] if ":" in text[:_NEAR] else ""
    weight += 2 if label and lexicon.pattern("facts", "budget").search(label) else 0
    weight += 3 if lexicon.pattern("facts", "means").search(text) else 0
    weight += 1 if lexicon.pattern("facts", "budget").search(candidate.after) else 0
    weight += 1 if lexicon.pattern("facts", "budget").search(candidate.before) else 0
    weight += 2 if _EXPLICIT.search(candidate.before) else 0
    weight += 1 if lexicon.words("binding").search(text) else 0
    weight += 2 if candidate.statement.listed and amount.currency and amount.start <= 1 else 0
    around = text[max(0, amount.start - _NEAR) : amount.end + _NEAR]
    weight -= 5 if lexicon.pattern("facts", "not_budget").search(around) else 0
    weight -= 2 if lexicon.pattern("facts", "not_budget").search(text) and not named else 0
    weight -= 2 if candidate.statement.section.role is Role.CONTEXT else 0
    weight -= 2 if candidate.built else 0
    return weight - (1 if lexicon.words("old").search(text) and not named else 0)
