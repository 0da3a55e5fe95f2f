"""The bill's arithmetic: what it assumes of sizes is what the code writes, and what it adds up is what it lists."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from checkout import ROOT

from cdk import costs
from cdk.settings import Settings
from resolvers import lifecycle
from resolvers.session import AgentEvent
from resolvers.storage import records
from schema.assessment import Assessment
from schema.statuses import AgentEventType
from worker.agents import prices
from worker.agents.events import ModelUsage

BEGIN = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
TIME = "2026-11-22T10:30:00.000Z"
STATE = lifecycle.create(
    "3f0e2f61-8c1c-4d0c-9a57-9b0c1f5f2a10",
    "user#3f0e2f61-8c1c-4d0c-9a57-9b0c1f5f2a10",
    Assessment("Northwind Traders", "Customer portal", "Retail", "They need a portal.", None, None),
    digest="0" * 64,
    now=BEGIN,
    keep=timedelta(days=30),
)


def write_units(item: Mapping[str, Mapping[str, Any]]) -> int:
    """What DynamoDB charges for writing an item: its names and values, in units of 1 KB."""
    size = sum(len(name) + len(str(value)) for name, typed in item.items() for value in typed.values())
    return math.ceil(size / 1024)


def test_a_publish_writes_as_many_units_as_the_bill_says() -> None:
    """The state and a second's events, in a transaction."""
    state = write_units(records.state_item(STATE))
    a_second = math.ceil(costs.EVENTS / costs.PUBLISHES)
    events = [AgentEvent(n, AgentEventType.CHUNK, None, "x" * 700, truncated=False, timestamp=TIME) for n in (1, 2)]
    log = sum(write_units(item) for item in records.event_items(events[:a_second], STATE))
    assert 2 * (state + log) == costs.STATE_AND_LOG_UNITS


def test_the_table_adds_up() -> None:
    """Without its model a session costs less than a cent, and the totals are the sums of the lines above them."""
    table = costs.table()
    without_model = sum(cost.total for cost in costs.SESSION)
    session = without_model + sum(cost.total for cost in costs.MODEL)
    month = 10_000 * session + sum(cost.total for cost in costs.MONTH)
    assert without_model < 0.01
    assert f"**{without_model:.4f}**" in table
    assert f"**{session:.4f}**" in table
    assert f"**{month:.2f}**" in table


def test_the_models_tokens_are_priced_as_the_worker_prices_them() -> None:
    """By its list, for the default model."""
    used = ModelUsage(
        costs.MODEL_PRICED,
        input_tokens=sum(one.input_tokens for one in costs.MODEL_CALLS),
        output_tokens=sum(one.output_tokens for one in costs.MODEL_CALLS),
        cache_read_tokens=sum(one.cache_read_tokens for one in costs.MODEL_CALLS),
    )
    assert float(prices.cost(used) or 0) == pytest.approx(sum(one.total for one in costs.MODEL))
    assert Settings().agent_model == costs.MODEL_PRICED


def test_the_readme_shows_the_bill_as_it_is() -> None:
    """Its table is the command's."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"\n{costs.summary()}\n" in readme


def test_the_command_prints_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    """By service and by line; it needs neither Node nor the CDK."""
    assert costs.main() == 0
    printed = capsys.readouterr().out
    assert costs.summary() in printed
    assert costs.table() in printed
