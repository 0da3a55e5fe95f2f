"""The texts, packages and sizes of the requirements that the rules find in the corpus: what a consultant would read."""

import datetime as dt
import re
from collections.abc import Iterator
from functools import cache

import pytest

from tests.benchmarks.analysis.corpus import briefs
from worker.tools.analysis.analyzer import analyze
from worker.tools.requirements import BUILT, Analysis, Requirement

TODAY = dt.date(2026, 11, 28)
MOST_PACKAGES = 12

FIRST_PERSON = re.compile(
    r"\b(?:I|we|me|us|my|our|ours|myself|ourselves|I'm|we're|I've|we've|I'd|we'd|I'll|we'll|let's)\b", re.IGNORECASE
)
LEAD_IN = re.compile(
    r"(?:And|Oh|So(?! that)|Well|Yeah|Yes|But|Okay|Plus|Um|Ah|You know|I mean|Basically|Honestly)\b", re.IGNORECASE
)
MARK = re.compile(r"[-*\u2022>#|.,;:]|\d+[.)]\s|\(?[a-z]\)\s")
NAMES = sorted(brief.name for brief in briefs())


@cache
def analysis(name: str) -> Analysis:
    (brief,) = (one for one in briefs() if one.name == name)
    return analyze(brief.notes, today=TODAY)


def languages() -> dict[str, str]:
    return {brief.name: brief.language for brief in briefs()}


def built(name: str) -> Iterator[Requirement]:
    yield from (each for each in analysis(name).requirements if each.kind in BUILT)


every_brief = pytest.mark.parametrize("name", NAMES)
every_english_brief = pytest.mark.parametrize("name", [name for name in NAMES if languages()[name] == "en"])


@every_english_brief
def test_no_english_requirement_speaks_in_the_first_person(name: str) -> None:
    texts = [each.text.replace("\u2019", "'") for each in analysis(name).requirements]
    assert [text for text in texts if FIRST_PERSON.search(text)] == []


@every_english_brief
def test_no_requirement_begins_with_a_filler(name: str) -> None:
    assert [each.text for each in analysis(name).requirements if LEAD_IN.match(each.text)] == []


@every_brief
def test_no_requirement_begins_with_the_mark_of_a_list(name: str) -> None:
    assert [each.text for each in analysis(name).requirements if MARK.match(each.text)] == []


@every_brief
def test_what_is_built_has_a_size_a_reason_a_discipline_and_a_package(name: str) -> None:
    assert all(each.size and each.size_reason and each.discipline and each.work_package for each in built(name))


@every_brief
def test_a_brief_has_few_packages_with_short_names(name: str) -> None:
    packages = {each.work_package or "" for each in built(name)}
    assert len(packages) <= MOST_PACKAGES
    assert all(1 <= len(package.split()) <= 5 for package in packages)
