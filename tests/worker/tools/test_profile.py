"""The supplier's profile: the default is sound, a firm's own goes over it, and what is wrong there is said."""

import copy
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import checkout
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worker_tools_samples import SMALL, TODAY, workbench

from schema.statuses import Tool
from worker.tools.declarations import TOOLS
from worker.tools.profile import printing, rules
from worker.tools.profile.checking import completed, schema
from worker.tools.profile.reading import FILE, OWN, firms_profile, parse, read_profile, standard
from worker.tools.workbench import TemplateStore

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

DEFAULT: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
CASES = json.loads((checkout.ROOT / "tests" / "data" / "profile_faults.json").read_text(encoding="utf-8"))
SWISS = {"currency": "CHF", "name": "Ours", "rates": dict.fromkeys(DEFAULT["roles"], 190)}


def bucket(s3: "S3Client", body: bytes) -> str:
    s3.create_bucket(Bucket="templates-with-a-profile")
    s3.put_object(Bucket="templates-with-a-profile", Key=OWN, Body=body)
    return "templates-with-a-profile"


def test_the_default_has_no_fault_and_rate_cards_for_three_currencies() -> None:
    profile, warnings = completed(DEFAULT, DEFAULT)
    assert (profile, warnings) == (DEFAULT, ())
    assert [card.currency for card in standard().rate_cards] == ["USD", "EUR", "GBP"]
    assert "Example" in standard().rate_cards[0].name
    assert "lawyer" in standard().clauses_note


@pytest.mark.parametrize("case", CASES, ids=[case["says"] for case in CASES])
def test_each_fault_is_named_and_the_default_counts_there(case: dict[str, Any]) -> None:
    profile, warnings = completed(case["profile"], DEFAULT)
    assert len(warnings) == len(case["faults"])
    for path, warning in zip(case["faults"], warnings, strict=True):
        assert warning.startswith((f"{path} ", "profile is"))
    parse(profile)
    assert list(rules.faults(profile)) == []
    if case["faults"]:
        assert profile == DEFAULT


def test_a_warning_names_field_and_value() -> None:
    _, [warning] = completed({"terms": {"validity_days": -3}}, DEFAULT)
    assert warning == "terms.validity_days is -3: it is less than 1; the default counts"


def test_objects_are_merged_and_lists_are_replaced_whole() -> None:
    own = {"supplier": {"name": "Nordlicht GmbH"}, "assumptions": ["One."], "terms": {"payment_days": 14}}
    profile, warnings = completed(own, DEFAULT)
    assert warnings == ()
    assert profile["supplier"] == {**DEFAULT["supplier"], "name": "Nordlicht GmbH"}
    assert profile["assumptions"] == ["One."]
    assert profile["terms"] == {**DEFAULT["terms"], "payment_days": 14}


def test_a_firm_with_rates_of_its_own_never_offers_the_examples() -> None:
    faulty = {**SWISS, "currency": "EUR", "rates": {"Project Manager": 1}}
    profile, [warning] = completed({"rate_cards": [faulty, SWISS]}, DEFAULT)
    assert profile["rate_cards"] == [SWISS]
    assert warning.startswith("rate_cards[0] (EUR) has no rates for Business Analyst, ")
    assert warning.endswith("this rate card does not count")


def test_a_firm_may_have_roles_of_its_own() -> None:
    tables = {discipline: {"Maker": 1} for discipline in DEFAULT["effort"]["shares"]}
    own = {
        "roles": {"Maker": "Everything"},
        "rate_cards": [{**SWISS, "rates": {"Maker": 200}}],
        "effort": {"shares": tables, "set_up": {"Maker": 1}, "go_live": {"Maker": 1}, "management": {"Maker": 1}},
    }
    profile, warnings = completed(own, DEFAULT)
    assert warnings == ()
    assert parse(profile).roles == {"Maker": "Everything"}


def test_roles_that_fit_nothing_give_way_to_the_default_as_a_whole() -> None:
    profile, warnings = completed({"roles": {"Wizard": "Magic"}, "locale": "de_DE"}, DEFAULT)
    assert profile == {**DEFAULT, "locale": "de_DE"}
    assert warnings[-1].endswith("the default's roles, rate cards and effort count together")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def places(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for name, each in inner for place in places(each, (*path, name)))]


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(places(DEFAULT)[1:]), JSON)
def test_whatever_stands_in_a_field_a_complete_profile_comes_out(path: tuple[str | int, ...], value: object) -> None:
    own: Any = copy.deepcopy(DEFAULT)
    inner = own
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    profile, _ = completed(own, DEFAULT)
    parse(profile)
    assert list(rules.faults(profile)) == []


def test_the_price_is_made_with_the_firms_profile_which_is_kept_beside_it(s3: "S3Client") -> None:
    own = {"rate_cards": [SWISS], "terms": {"validity_days": 10}, "design": {"primary": "blue"}}
    bench = workbench(s3, SMALL, templates=bucket(s3, json.dumps(own).encode()))
    TOOLS[Tool.REQUIREMENTS_ANALYZER].run(bench)
    answer = TOOLS[Tool.COST_CALCULATOR].run(bench)
    assert answer["currency"] == "CHF"
    assert answer["warnings"] == [
        'profile.json: design.primary is "blue": it does not match "^[0-9A-Fa-f]{6}$"; the default counts'
    ]
    kept = read_profile(bench.workspace)
    assert (kept.rate_cards[0].name, kept.terms.validity_days) == ("Ours", 10)
    assert kept.design.primary == standard().design.primary


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[" * 100_000])
def test_a_file_that_is_not_json_is_a_warning_and_the_default_counts(s3: "S3Client", body: bytes) -> None:
    found = firms_profile(TemplateStore(s3, bucket(s3, body)))
    assert found.profile == standard()
    assert [warning[:21] for warning in found.warnings] == ["profile.json is not J"]


def test_a_profile_full_of_faults_gives_a_short_answer(s3: "S3Client") -> None:
    own = {f"field {place} {'x' * 300}": place for place in range(50)}
    found = firms_profile(TemplateStore(s3, bucket(s3, json.dumps(own).encode())))
    assert sum(map(len, found.warnings)) < 2_000
    assert found.warnings[-1].startswith("profile.json has 42 more faults")


def test_without_a_firms_profile_there_is_nothing_to_warn_of(s3: "S3Client") -> None:
    for store in (TemplateStore(s3, None), TemplateStore(s3, "no-such-bucket")):
        found = firms_profile(store)
        assert (found.profile, found.content, found.warnings) == (standard(), DEFAULT, ())


def test_a_changed_profile_makes_another_price(s3: "S3Client") -> None:
    name = bucket(s3, b"{}")
    bench = workbench(s3, SMALL, templates=name)
    TOOLS[Tool.REQUIREMENTS_ANALYZER].run(bench)
    assert TOOLS[Tool.COST_CALCULATOR].run(bench)["reused"] is False
    assert TOOLS[Tool.COST_CALCULATOR].run(bench)["reused"] is True
    s3.put_object(Bucket=name, Key=OWN, Body=json.dumps({"rate_cards": [SWISS]}).encode())
    assert TOOLS[Tool.COST_CALCULATOR].run(bench)["currency"] == "CHF"
    assert bench.today == TODAY


def test_the_schema_knows_each_field_of_the_default() -> None:
    assert set(schema()["properties"]) == set(DEFAULT)


def test_the_clients_copies_are_what_is_printed() -> None:
    assert printing.main(["--check"]) == 0, "run `uv run python -m worker.tools.profile.printing`"


def test_a_stale_copy_fails_the_check_and_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy_ = tmp_path / "profile.json"
    copy_.write_text("{}", encoding="utf-8")
    monkeypatch.setattr(printing, "DATA", copy_)
    assert printing.main(["--check"]) == 1
    assert "profile.json is stale" in capsys.readouterr().err
    assert printing.main([]) == 0
    assert json.loads(copy_.read_text(encoding="utf-8"))["default"] == DEFAULT
