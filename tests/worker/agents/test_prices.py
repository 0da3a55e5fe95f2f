"""What tokens cost by the price list that ships with the worker."""

import datetime as dt
import json
from decimal import Decimal

import pytest

from schema.usage import Usage
from worker.agents import prices
from worker.agents.events import ModelUsage
from worker.updates import plus

LIST = json.loads(prices.FILE.read_text(encoding="utf-8"))

SONNET = "anthropic.claude-sonnet-4-6"


def price_of(model_id: str) -> Decimal | None:
    return prices.cost(ModelUsage(model_id, 1_000_000, 100_000, 2_000_000, 10_000))


SONNETS_PRICE = Decimal(3) + Decimal("1.5") + Decimal("0.6") + Decimal("0.0375")


@pytest.mark.parametrize(
    "model_id",
    [
        f"global.{SONNET}",
        f"global.{SONNET}-20260217-v1:0",
        f"global.{SONNET}-v1:0",
        f"arn:aws:bedrock:eu-central-1:111122223333:inference-profile/global.{SONNET}-v1",
    ],
)
def test_a_global_profile_has_the_lists_price_however_it_is_named(model_id: str) -> None:
    assert price_of(model_id) == SONNETS_PRICE


@pytest.mark.parametrize(
    "model_id",
    [
        SONNET,
        f"{SONNET}-v1:0",
        *(f"{geography}.{SONNET}" for geography in ("us", "eu", "apac", "jp", "au", "us-gov")),
        f"arn:aws:bedrock:us-east-1::foundation-model/{SONNET}-v1:0",
        f"arn:aws:bedrock:eu-west-1:111122223333:inference-profile/eu.{SONNET}",
    ],
)
def test_a_regional_profile_and_a_bare_model_cost_a_tenth_more(model_id: str) -> None:
    assert price_of(model_id) == SONNETS_PRICE * Decimal("1.1")


def test_the_factor_is_anthropics() -> None:
    expected = Decimal("0.80") + Decimal("0.32") + Decimal("0.40") + Decimal("0.008")
    assert price_of("amazon.nova-pro-v1:0") == price_of("eu.amazon.nova-pro-v1:0") == expected


@pytest.mark.parametrize(
    "model_id",
    [
        "",
        "claude-sonnet-4-6",
        "anthropic.claude-opus-99",
        "anthropic.claude-sonnet-4-60",
        "anthropic.claude-sonnet-5-6",
        "global.anthropic.claude-sonnet-4",
        "meta.llama4-maverick-v1:0",
        "scopesmith.scripted-v1",
        "arn:aws:bedrock:eu-west-1:111122223333:application-inference-profile/a1b2c3d4",
    ],
)
def test_a_model_that_is_not_in_the_list_has_no_price(model_id: str) -> None:
    assert price_of(model_id) is None


@pytest.mark.parametrize("model", LIST["models"])
def test_each_model_of_the_list_is_found_under_its_own_name_and_prices_are_plausible(model: str) -> None:
    listed = {kind: Decimal(price) for kind, price in LIST["models"][model].items()}
    assert prices.cost(ModelUsage(f"global.{model}", 1_000_000, 0)) == listed["input"]
    assert listed["cache_read"] < listed["input"] <= listed["cache_write"] <= listed["output"]


def test_the_list_names_its_date_its_sources_and_its_currency() -> None:
    assert dt.date(2026, 1, 1) < dt.date.fromisoformat(LIST["date"])
    assert LIST["source"]
    assert (prices.currency(), LIST["currency"]) == ("USD", "USD")


def test_calls_add_up_and_what_was_written_to_the_cache_counts_as_input() -> None:
    call = ModelUsage(f"global.{SONNET}", 1000, 200, 5000, 300)
    twice = plus(plus(Usage(), call), call)
    assert twice == Usage(2600, 400, 10000, round(2 * float(prices.cost(call) or 0), 6), "USD")


def test_one_call_without_a_price_leaves_the_total_without_one_for_good() -> None:
    priced, unpriced = ModelUsage(f"global.{SONNET}", 1000, 200), ModelUsage("scopesmith.scripted-v1", 10, 2)
    usage = plus(plus(plus(Usage(), priced), unpriced), priced)
    assert usage == Usage(2010, 402, 0, None, None)


def test_a_thousand_cheap_calls_do_not_vanish_in_rounding() -> None:
    call, usage = ModelUsage("amazon.nova-micro-v1:0", 100, 20), Usage()
    for _ in range(1000):
        usage = plus(usage, call)
    exact = 1000 * float(prices.cost(call) or 0)
    assert usage.model_cost == pytest.approx(exact, rel=0.1)
