"""The run loop and the claim on a simulated clock, with hand-written publisher, agent and workspace."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

import pytest
from fakes.simulated_time import BEGIN, World
from fakes.worker_run import (
    END,
    FINAL,
    LAMBDA_SECONDS,
    Bench,
    ScriptedFeed,
    ScriptedPublisher,
    answer,
    call,
    full_run,
    thought,
)
from log_lines import written_by
from session_statuses import IN_A_STAGE

from schema.statuses import AgentEventType, SessionStatus, Tool
from schema.usage import Usage
from worker import run as run_module
from worker.agents.events import AgentError, AgentNotConfiguredError, ModelUsage, Step
from worker.checkpoint import Checkpoint
from worker.claim import LeaseOutlivesRunError, claim
from worker.feed import Item, StreamEnded
from worker.log import SERVICE
from worker.publisher import PublishConflictError, PublishFailedError, PublishRefusedError, UpdateInvalidError
from worker.run import RESERVE_SECONDS
from worker.updates import Reply, Results
from worker.workflow import OUTPUTS


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_full_run_shows_every_status_and_ends_completed(bench: Bench) -> None:
    assert bench.follow(*full_run(bench)) is SessionStatus.COMPLETED
    assert bench.publisher.statuses == [*IN_A_STAGE, SessionStatus.COMPLETED]
    progress = [update.state.progress for update in bench.publisher.updates]
    assert progress == sorted(progress)
    assert bench.publisher.events[-1] == FINAL
    assert [update.revision for update in bench.publisher.updates] == list(range(2, len(progress) + 2))
    assert bench.feed.closed


def test_a_full_run_without_a_pause_still_shows_every_status(bench: Bench) -> None:
    assert bench.follow(*full_run(bench, seconds=0.0)) is SessionStatus.COMPLETED
    assert bench.publisher.statuses == [*IN_A_STAGE, SessionStatus.COMPLETED]


def test_each_result_is_published_once_with_the_stage_that_made_it(bench: Bench) -> None:
    bench.follow(*full_run(bench))
    published = [(field, update.state.current_stage) for update in bench.publisher.updates for field in update.results]
    assert published == [(OUTPUTS[tool], f"{tool} finished") for tool in Tool]


def test_a_result_that_appears_after_the_last_answer_is_published_with_the_end(bench: Bench) -> None:
    def late(item: Item) -> None:
        if item is END:
            bench.workspace.update({"powerpointKey": "p", "sowKey": "s"})

    bench.feed.on_say = late
    assert bench.follow((1.0, FINAL), (2.0, END)) is SessionStatus.COMPLETED
    assert bench.last.results == {"powerpointKey": "p", "sowKey": "s"}
    assert bench.last.state.progress == 100


def test_events_wait_for_the_next_second_and_go_out_while_the_agent_is_silent(bench: Bench) -> None:
    bench.follow((0.3, thought("1")), (0.4, thought("2")), (9.0, END))
    time, update = bench.publisher.accepted[0]
    assert time == 1.0
    assert [event.event.text for event in update.events] == ["1", "2"]
    assert [event.timestamp for event in update.events] == ["2026-11-22T10:30:00.300Z", "2026-11-22T10:30:00.400Z"]


def test_a_silent_agent_is_heartbeated_every_twenty_seconds(bench: Bench) -> None:
    bench.follow((90.0, END))
    assert [time for time, _ in bench.publisher.accepted] == [20.0, 40.0, 60.0, 80.0, 90.0]
    assert all(update.events == () and not update.results for update in bench.publisher.updates)


def test_a_cancel_request_closes_the_agent_and_ends_cancelled(bench: Bench) -> None:
    bench.publisher.cancel_at = 2
    assert bench.follow((500.0, FINAL)) is SessionStatus.CANCELLED
    assert bench.feed.closed
    assert bench.world.seconds == 40.0
    assert (bench.last.state.status, bench.last.state.progress) == (SessionStatus.CANCELLED, 5)


def test_a_session_that_is_to_be_cancelled_when_it_is_claimed_never_starts_the_agent() -> None:
    bench = Bench(claimed=Reply(SessionStatus.PROCESSING, 5, 1, 0, cancel_requested=True))

    def start() -> ScriptedFeed:
        raise AssertionError("the agent was started")

    assert bench.start(start) is SessionStatus.CANCELLED
    assert bench.last.revision == 2


def test_an_agent_that_runs_too_long_ends_in_time_with_an_error_that_says_so(bench: Bench) -> None:
    bench.follow((10_000.0, END))
    assert "ran out of time" in bench.error
    assert "Retry the session" in bench.error
    assert bench.world.seconds == LAMBDA_SECONDS - RESERVE_SECONDS
    assert bench.feed.closed


def test_an_agent_that_never_pauses_can_not_outrun_the_reserve(bench: Bench) -> None:
    bench.follow(*((second / 4, thought(str(second))) for second in range(4000)))
    assert "ran out of time" in bench.error
    assert bench.world.seconds <= LAMBDA_SECONDS - RESERVE_SECONDS + 1


def test_a_lambda_with_less_time_than_the_reserve_says_so_at_once() -> None:
    bench = Bench(deadline=15.0)
    bench.follow((1.0, FINAL))
    assert "ran out of time" in bench.error
    assert bench.publisher.deadlines == [13.0]


def test_no_progress_publish_may_last_into_the_reserve_and_the_last_one_may(bench: Bench) -> None:
    bench.follow((LAMBDA_SECONDS - 30, thought()), (10_000.0, END))
    assert max(bench.publisher.deadlines[:-1]) <= LAMBDA_SECONDS - RESERVE_SECONDS
    assert bench.publisher.deadlines[-1] == LAMBDA_SECONDS - run_module.MARGIN_SECONDS
    assert bench.publisher.patience == [False] * (len(bench.publisher.patience) - 1) + [True]


def test_a_publish_that_fails_is_sent_again_and_the_workflow_goes_on(bench: Bench) -> None:
    bench.publisher.failures = dict.fromkeys(range(2, 8), PublishFailedError("away"))
    assert bench.follow(*full_run(bench)) is SessionStatus.COMPLETED
    assert bench.publisher.statuses == [*IN_A_STAGE, SessionStatus.COMPLETED]
    assert len({update.revision for _, update in bench.publisher.tries}) == len(bench.publisher.updates)
    second = [update for _, update in bench.publisher.tries if update.revision == 3]
    assert len(second) == 7
    assert all(update == second[0] for update in second)
    assert len(bench.publisher.events) == 11


def test_a_conflict_stops_the_run_at_once_and_without_another_word(bench: Bench) -> None:
    bench.publisher.failures = {3: PublishConflictError("superseded", {"reason": "SUPERSEDED"})}
    assert bench.follow(*full_run(bench)) is None
    assert len(bench.publisher.tries) == 3
    assert bench.feed.closed


def test_a_conflict_at_the_end_is_no_failure(bench: Bench) -> None:
    bench.publisher.failures = {1: PublishConflictError("ended", {"reason": "ENDED"})}
    assert bench.follow((0.0, END)) is None


def test_an_end_that_can_not_be_delivered_is_raised_so_that_lambda_tries_again(bench: Bench) -> None:
    bench.publisher.failures = {1: PublishFailedError("away for good")}
    with pytest.raises(PublishFailedError, match="away for good"):
        bench.follow((0.0, END))


def test_a_refused_update_is_replaced_once_and_the_workflow_goes_on(bench: Bench) -> None:
    bench.publisher.failures = {1: UpdateInvalidError("InvalidInput: events.0.text")}
    assert bench.follow(*full_run(bench)) is SessionStatus.COMPLETED
    (_, refused), (_, replacement) = bench.publisher.tries[:2]
    assert replacement.revision == refused.revision
    assert [event.event.type for event in replacement.events] == [AgentEventType.WARNING]
    assert bench.publisher.statuses == [*IN_A_STAGE, SessionStatus.COMPLETED]


def test_an_update_that_is_refused_twice_is_raised(bench: Bench) -> None:
    bench.publisher.failures = dict.fromkeys((1, 2), UpdateInvalidError("InvalidInput"))
    with pytest.raises(PublishRefusedError, match="InvalidInput"):
        bench.follow(*full_run(bench))
    assert len(bench.publisher.tries) == 2
    assert bench.feed.closed


def test_a_refusal_that_is_not_about_the_update_costs_no_event(bench: Bench) -> None:
    """A firewall's 403 or a clock that is off may pass: the update waits, as when the API is away."""
    bench.publisher.failures = dict.fromkeys(range(2, 5), PublishRefusedError("HTTP 403"))
    assert bench.follow(*full_run(bench)) is SessionStatus.COMPLETED
    assert len(bench.publisher.events) == 11
    assert all(event.type is not AgentEventType.WARNING for event in bench.publisher.events)


def test_a_run_that_lost_count_is_raised_so_that_lambda_tries_again(bench: Bench) -> None:
    """It holds the session, so no other run would end it."""
    bench.publisher.failures = {2: PublishConflictError("lost count", {"reason": "OUT_OF_ORDER"})}
    with pytest.raises(PublishConflictError, match="lost count"):
        bench.follow(*full_run(bench))


def test_a_workspace_that_does_not_answer_at_the_end_is_read_again(bench: Bench) -> None:
    failures: list[Exception] = [OSError("S3 is away"), OSError("S3 is away")]

    def produced() -> Results:
        if failures:
            raise failures.pop()
        return {"powerpointKey": "p", "sowKey": "s"}

    bench.produced = produced
    assert bench.follow((1.0, FINAL), (2.0, END)) is SessionStatus.COMPLETED
    assert bench.last.results == {"powerpointKey": "p", "sowKey": "s"}


def test_a_failed_agent_ends_the_session_with_its_message_after_what_it_said(bench: Bench) -> None:
    bench.follow((0.1, thought()), (0.2, StreamEnded(AgentError("The agent failed: throttled. Wait."))))
    assert bench.error == "The agent failed: throttled. Wait."
    assert bench.publisher.events == [thought()]


def test_an_unexpected_error_ends_the_session_without_its_details(bench: Bench) -> None:
    bench.follow((0.1, StreamEnded(RuntimeError("secret detail"))))
    assert "failed unexpectedly" in bench.error
    assert "secret" not in bench.error


def test_an_agent_that_can_not_be_started_ends_the_session(bench: Bench) -> None:
    def start() -> ScriptedFeed:
        raise OSError("no bucket")

    assert bench.start(start) is SessionStatus.ERROR


def test_a_missing_agent_is_a_configuration_error_that_names_its_setting(bench: Bench) -> None:
    def start() -> ScriptedFeed:
        raise AgentNotConfiguredError("Set BEDROCK_AGENT_ID")

    assert bench.start(start) is SessionStatus.CONFIGURATION_ERROR
    assert (bench.last.state.error_message, bench.last.state.progress) == ("Set BEDROCK_AGENT_ID", 5)


@pytest.mark.parametrize("kind", [AgentError, AgentNotConfiguredError])
def test_a_services_own_text_is_in_the_log_and_not_in_the_session(
    bench: Bench, kind: type[AgentError], capsys: pytest.CaptureFixture[str]
) -> None:
    """It may name accounts and roles. One refused access is counted for an alarm."""
    said = "User: arn:aws:sts::111122223333:assumed-role/worker may not"

    def start() -> ScriptedFeed:
        raise kind("The model may not be used. What to do: allow it.", "AccessDeniedException", said)

    with written_by(SERVICE) as lines:
        bench.start(start)
    assert bench.last.state.error_message == "The model may not be used. What to do: allow it."
    assert "ConfigurationErrors" in capsys.readouterr().out
    [line] = [one for one in lines() if "detail" in one]
    assert (line["code"], line["detail"]) == ("AccessDeniedException", said)


@pytest.mark.parametrize("error", [AgentError("It broke.", "ThrottlingException"), OSError("no bucket")])
def test_a_failure_of_another_kind_is_not_counted_as_a_refused_access(
    bench: Bench, error: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    def start() -> ScriptedFeed:
        raise error

    bench.start(start)
    assert "ConfigurationErrors" not in capsys.readouterr().out


def test_a_stream_that_ends_without_a_final_response_is_an_error(bench: Bench) -> None:
    bench.follow(*full_run(bench)[:-2], (99.0, END))
    assert bench.error.startswith("The agent stopped without a final response.")
    assert bench.last.state.progress == 95
    assert bench.last.state.current_stage == "SOWGenerator finished"


def test_a_tool_that_answers_without_its_output_is_warned_about_and_does_not_count(bench: Bench) -> None:
    bench.follow((1.0, call("CostCalculator")), (2.0, answer("CostCalculator")), (3.0, FINAL), (4.0, END))
    assert [event.type for event in bench.publisher.events] == [
        AgentEventType.TOOL_CALL,
        AgentEventType.TOOL_RESPONSE,
        AgentEventType.WARNING,
        AgentEventType.FINAL_RESPONSE,
    ]
    assert "the presentation and the statement of work are missing" in bench.error
    assert bench.last.state.progress == 5


def test_a_workspace_that_can_not_be_read_for_a_while_costs_a_warning_alone(bench: Bench) -> None:
    script = full_run(bench)
    looks = iter([False, *[True] * 10])

    def produced() -> Results:
        if next(looks):
            return dict(bench.workspace)
        raise OSError("S3 is away")

    bench.produced = produced
    assert bench.follow(*script) is SessionStatus.COMPLETED
    [warning] = [event for event in bench.publisher.events if event.type is AgentEventType.WARNING]
    assert "could not read the session's workspace" in warning.text
    published = {field for update in bench.publisher.updates for field in update.results}
    assert published == set(OUTPUTS.values())


def test_a_resumed_run_goes_on_from_the_sessions_revision_sequence_and_progress() -> None:
    bench = Bench(claimed=Reply(SessionStatus.COSTS_CALCULATED, 50, 17, 42, cancel_requested=False))
    bench.follow((0.1, call("RequirementsAnalyzer")), (5.0, END))
    first = bench.publisher.updates[0]
    assert (first.revision, first.events[0].sequence) == (18, 43)
    assert (first.state.status, first.state.progress) == (SessionStatus.COSTS_CALCULATED, 50)


def test_a_step_is_saved_with_its_events_before_they_are_published(bench: Bench) -> None:
    published: list[int] = []

    def save(reached: Checkpoint) -> None:
        bench.saved.append(reached)
        published.append(len(bench.publisher.updates))

    bench.save = save
    bench.follow(
        (0.1, thought("1")),
        (0.2, Step((call(Tool.COST_CALCULATOR),), {"turn": 1})),
        (0.3, Step((answer(Tool.COST_CALCULATOR), call(Tool.SOW_GENERATOR)), {"turn": 2})),
        (0.4, Step((FINAL,), {"turn": 3})),
        (5.0, END),
    )
    first, second, third = bench.saved
    assert [(one.sequence, one.conversation) for one in bench.saved] == [
        (2, {"turn": 1}),
        (5, {"turn": 2}),
        (6, {"turn": 3}),
    ]
    assert [event.event.text for event in first.log] == ["1", "f()"]
    assert (second.answered, third.answered) == (False, True)
    for saved, updates in zip(bench.saved, published, strict=True):
        known = [event.sequence for update in bench.publisher.updates[:updates] for event in update.events]
        assert [*known, *(event.sequence for event in saved.log)] == list(range(1, saved.sequence + 1))


def test_a_conversation_that_can_not_be_saved_goes_on(bench: Bench) -> None:
    def save(reached: Checkpoint) -> None:
        raise TimeoutError("S3 is away")

    bench.save = save
    bench.workspace = {"powerpointKey": "p", "sowKey": "s"}
    assert bench.follow((1.0, Step((FINAL,), {})), (2.0, END)) is SessionStatus.COMPLETED


def test_tokens_are_summed_over_turns_and_runs_and_published(bench: Bench) -> None:
    spent = Usage(1000, 200, 50, 1.0)
    bench.claimed = Reply(SessionStatus.PROCESSING, 5, 4, 0, cancel_requested=False, usage=spent)
    call_of_a_model = ModelUsage("global.anthropic.claude-sonnet-4-6", 100, 20, 30, 10)
    bench.follow((1.0, call_of_a_model), (2.0, thought()), (30.0, call_of_a_model), (31.0, FINAL), (32.0, END))
    totals = [update.usage for update in bench.publisher.updates if update.usage is not None]
    assert [(one.input_tokens, one.output_tokens, one.cache_read_input_tokens) for one in totals] == [
        (1110, 220, 80),
        (1220, 240, 110),
    ]
    assert [one.model_cost for one in totals] == [1.000646, 1.001292]


def test_a_full_outbox_stops_reading_the_agent_until_it_was_published(bench: Bench) -> None:
    flood: Iterable[tuple[float, Item]] = ((0.0, thought("x" * 30_000)) for _ in range(60))
    bench.follow(*flood, (0.0, FINAL), (0.0, END))
    assert len(bench.publisher.events) == 61
    times = [time for time, update in bench.publisher.accepted if not update.state.status.ended]
    assert times[:3] == [1.0, 2.0, 3.0]
    assert max(len(update.events) for update in bench.publisher.updates) <= 3


# --- the claim


def leased(seconds: float) -> PublishConflictError:
    ends = (BEGIN + timedelta(seconds=seconds)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return PublishConflictError("another run is at work", {"reason": "LEASED", "leaseExpiresAt": ends})


def claimed_by(publisher: ScriptedPublisher, world: World, deadline: float = LAMBDA_SECONDS) -> Reply | None:
    return claim(publisher, "session-1", "run-1", world.timing, deadline)


def test_a_free_session_is_taken_with_one_publish() -> None:
    world = World()
    publisher = ScriptedPublisher(world)
    reply = claimed_by(publisher, world)
    assert reply is not None
    [update] = publisher.updates
    assert (update.revision, update.state.status, update.events) == (0, SessionStatus.PROCESSING, ())


def test_a_claim_waits_for_another_runs_lease_and_then_takes_the_session() -> None:
    world = World()
    publisher = ScriptedPublisher(world, {1: leased(45)})
    assert claimed_by(publisher, world) is not None
    [_, (again, _)] = publisher.tries
    assert 45 < again <= 50


def test_a_claim_leaves_the_session_to_a_run_that_renews_its_lease() -> None:
    world = World()
    publisher = ScriptedPublisher(world, {1: leased(45), 2: leased(90)})
    assert claimed_by(publisher, world) is None
    assert len(publisher.tries) == 2


def test_a_claim_asks_again_when_the_same_lease_is_still_in_the_way() -> None:
    world = World()
    publisher = ScriptedPublisher(world, {1: leased(45), 2: leased(45)})
    assert claimed_by(publisher, world) is not None
    assert len(publisher.tries) == 3


@pytest.mark.parametrize("info", [{"reason": "ENDED"}, {"reason": "SUPERSEDED"}, {}])
def test_a_claim_gives_up_quietly_where_there_is_nothing_to_do(info: Mapping[str, object]) -> None:
    world = World()
    publisher = ScriptedPublisher(world, {1: PublishConflictError("no", info)})
    assert claimed_by(publisher, world) is None
    assert len(publisher.tries) == 1


def test_a_lease_that_outlives_the_run_is_left_to_lambdas_retry() -> None:
    world = World()
    with pytest.raises(LeaseOutlivesRunError, match="2026-11-22T10:30:45"):
        claimed_by(ScriptedPublisher(world, {1: leased(45)}), world, deadline=40.0)
    assert world.seconds == 0.0


def test_a_claim_that_can_not_be_sent_is_raised() -> None:
    world = World()
    publisher = ScriptedPublisher(world, {1: PublishFailedError("away")})
    with pytest.raises(PublishFailedError):
        claimed_by(publisher, world)
    assert publisher.deadlines == [60.0]
    assert publisher.patience == [True]
