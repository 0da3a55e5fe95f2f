"""The risks of an offer: what the notes limit (`limits`), and what the content brings with it. Pure.

At most `MOST` are given. A missed day or a passed budget comes first, then by probability and impact.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from worker.tools.costs import Risk
from worker.tools.pricing import limits
from worker.tools.pricing.outlook import Outlook
from worker.tools.proposal.words import counted, enumerated
from worker.tools.requirements import Discipline, Kind, Requirement

MOST = 10
UNSURE = 0.7
"""Below this confidence, the analysis itself is a risk."""

MANY_INTEGRATIONS = 6
SOME_INTEGRATIONS = 3
MANY_QUESTIONS = 5
LONG_ALONE_WEEKS = 3
LARGE_TEAM = 12
STRICT = Decimal("1.15")
"""The factor from which on a sector's rules are a risk of their own."""

_NAMED = 5
"""How many requirements a risk names by their ids."""

_RANK: Mapping[str, int] = {"High": 0, "Medium": 1, "Low": 2}
_MIGRATION = re.compile(
    r"\b(?:migrat|legacy data|data (?:take-?over|conversion|import)|historical (?:data|records)|altdaten"
    r"|daten\u00fcbernahme|reprise (?:des|de) donn\u00e9es|dataoverdracht|migra\w*)",
    re.IGNORECASE,
)


def risks(outlook: Outlook) -> tuple[Risk, ...]:
    """The risks, the most urgent first."""
    first = [
        *limits.late(outlook),
        *limits.too_long(outlook),
        *limits.frozen(outlook),
        *limits.over_budget(outlook),
    ]
    rest = [
        *limits.other_days(outlook),
        *_unsure(outlook),
        *_nothing_built(outlook),
        *_questions(outlook),
        *_integrations(outlook),
        *_migration(outlook),
        *_regulation(outlook),
        *_alone(outlook),
        *_large(outlook),
    ]
    rest.sort(key=lambda risk: _RANK[risk.probability] + _RANK[risk.impact])
    return tuple((first + rest)[:MOST])


def _unsure(outlook: Outlook) -> Iterator[Risk]:
    confidence = outlook.analysis.confidence
    if confidence < UNSURE:
        share = outlook.formats.percent(round(confidence * 100))
        yield Risk(
            f"Only {share} of the notes' lines could be understood, so scope and price may miss something.",
            "Go through the list of requirements together before anything is signed; the price is then made again.",
            probability="High",
            impact="High",
        )


def _nothing_built(outlook: Outlook) -> Iterator[Risk]:
    if not outlook.built:
        yield Risk(
            "The notes name nothing that is to be built: the price covers the clarification only.",
            "Hold a workshop on the scope, and price what comes out of it.",
            probability="High",
            impact="High",
        )


def _questions(outlook: Outlook) -> Iterator[Risk]:
    found = outlook.analysis.of(Kind.OPEN_QUESTION)
    if found:
        yield Risk(
            f"{_counted(found, 'open question')} may change scope and effort.",
            f"The client answers {'it' if len(found) == 1 else 'each'} in discovery, by a date and a named person; what"
            " changes is priced again.",
            probability="High" if len(found) >= MANY_QUESTIONS else "Medium",
        )


def _integrations(outlook: Outlook) -> Iterator[Risk]:
    found = outlook.analysis.of(Kind.INTEGRATION)
    if found:
        many, some = len(found) >= MANY_INTEGRATIONS, len(found) >= SOME_INTEGRATIONS
        yield Risk(
            f"{_counted(found, 'integration')} need{'s' if len(found) == 1 else ''} access, documentation and test"
            " systems from other parties, which may come late or differ from what is assumed.",
            "The client names a contact for each system before the start; each interface is tried out in the first"
            " weeks, with a stand-in where a system is not there.",
            probability="High" if many else "Medium" if some else "Low",
            impact="High" if many else "Medium",
        )


def _migration(outlook: Outlook) -> Iterator[Risk]:
    found = [each for each in outlook.built if _MIGRATION.search(each.text)]
    data = [each for each in outlook.built if each.discipline is Discipline.DATA and each not in found]
    if found:
        yield Risk(
            f"The quality of the data to be taken over is not known ({_ids(found)}).",
            "A trial migration with real data early in the build, and a rule for records that don't fit; the client"
            " cleans its data.",
            impact="High",
        )
    elif data:
        yield Risk(
            f"The data that {_counted(data, 'requirement')} build on may be incomplete or badly structured.",
            "Samples of real data are there in discovery and are checked before the design is approved.",
            probability="Low",
        )


def _regulation(outlook: Outlook) -> Iterator[Risk]:
    if outlook.sector and outlook.sector.factor >= STRICT:
        yield Risk(
            f"The rules of the client's sector ({outlook.sector.reason}) bring reviews that may take longer.",
            "The client's compliance contact takes part from discovery on; evidence is made along with the work.",
            impact="High",
        )


def _alone(outlook: Outlook) -> Iterator[Risk]:
    planned = outlook.whole.schedule
    if planned.team_size == 1 and planned.weeks >= LONG_ALONE_WEEKS:
        yield Risk(
            "One person does the work, so illness or leave stops it.",
            "A second person knows the work well enough to take over, and everything is kept where both can reach it.",
            probability="Low",
            impact="High",
        )


def _large(outlook: Outlook) -> Iterator[Risk]:
    planned = outlook.whole.schedule
    if planned.team_size >= LARGE_TEAM and planned.busy >= LARGE_TEAM:
        yield Risk(
            f"A team of {planned.team_size} has to be found and brought in within the first weeks.",
            "The team grows in steps with the phases, and works in groups that each own some work packages.",
        )


def _counted(found: Sequence[Requirement], noun: str) -> str:
    return f"{counted(len(found), noun)} ({_ids(found)})"


def _ids(found: Sequence[Requirement]) -> str:
    names = [each.id for each in found[:_NAMED]]
    return enumerated(names) if len(found) <= _NAMED else f"{', '.join(names)} and {len(found) - _NAMED} more"
