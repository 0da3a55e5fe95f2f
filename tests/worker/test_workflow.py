"""The workflow's judgement: what agent events make of a session, and how a run ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.limits import CURRENT_STAGE_LENGTH, ERROR_MESSAGE_LENGTH
from schema.statuses import STAGES, AgentEventType, SessionStatus, Tool
from worker import workflow
from worker.agents.events import AgentEvent
from worker.updates import Reply
from worker.workflow import OUTPUTS, Workflow

ALL = frozenset(OUTPUTS.values())
FINAL = AgentEvent(AgentEventType.FINAL_RESPONSE, "Done.")


def call(tool: str) -> AgentEvent:
    return AgentEvent(AgentEventType.TOOL_CALL, "", tool)


def response(tool: str) -> AgentEvent:
    return AgentEvent(AgentEventType.TOOL_RESPONSE, "{}", tool)


def test_the_five_tools_in_order_pass_through_every_status_and_progress() -> None:
    now = Workflow()
    seen = [(now.state.status, now.state.current_stage, now.state.progress)]
    for tool in Tool:
        for event in (call(tool), response(tool)):
            now = now.after(event, ALL)
            seen.append((now.state.status, now.state.current_stage, now.state.progress))
    assert [(str(status), stage, progress) for status, stage, progress in seen] == [
        ("PROCESSING", "Starting the agent", 5),
        ("ANALYZING_REQUIREMENTS", "Running RequirementsAnalyzer", 5),
        ("REQUIREMENTS_ANALYZED", "RequirementsAnalyzer finished", 30),
        ("CALCULATING_COSTS", "Running CostCalculator", 30),
        ("COSTS_CALCULATED", "CostCalculator finished", 50),
        ("COSTS_CALCULATED", "Running TemplateRetriever", 50),
        ("COSTS_CALCULATED", "TemplateRetriever finished", 60),
        ("GENERATING_POWERPOINT", "Running PowerPointGenerator", 60),
        ("POWERPOINT_GENERATED", "PowerPointGenerator finished", 80),
        ("GENERATING_SOW", "Running SOWGenerator", 80),
        ("GENERATING_SOW", "SOWGenerator finished", 95),
    ]


def test_a_tool_that_is_called_again_changes_the_stage_alone() -> None:
    before = Workflow().after(call(Tool.SOW_GENERATOR), ALL).after(response(Tool.SOW_GENERATOR), ALL)
    after = before.after(call(Tool.REQUIREMENTS_ANALYZER), ALL)
    assert (after.state.status, after.state.progress) == (SessionStatus.GENERATING_SOW, 95)
    assert after.state.current_stage == "Running RequirementsAnalyzer"


def test_an_answer_without_its_output_does_not_count_and_warns() -> None:
    answer = response(Tool.COST_CALCULATOR)
    now = Workflow().after(call(Tool.COST_CALCULATOR), ()).after(answer, {"requirementsData"})
    assert (now.state.status, now.state.progress) == (SessionStatus.CALCULATING_COSTS, 5)
    assert now.state.current_stage == "CostCalculator failed"
    warning = workflow.missing_output(answer, {"requirementsData"})
    assert warning is not None
    assert warning.type is AgentEventType.WARNING
    assert "CostCalculator" in warning.text
    assert workflow.missing_output(answer, {"costData"}) is None


def test_the_warnings_of_a_tools_answer_become_warnings_of_the_session() -> None:
    answer = AgentEvent(AgentEventType.TOOL_RESPONSE, '{"warnings":["first","second"],"reused":false}', "Any")
    assert [(event.type, event.text) for event in workflow.warnings(answer)] == [
        (AgentEventType.WARNING, "first"),
        (AgentEventType.WARNING, "second"),
    ]


@pytest.mark.parametrize(
    "text", ["no JSON", "[]", "{}", '{"warnings":["told before"],"reused":true}', '{"warnings":7}']
)
def test_an_answer_without_warnings_of_its_own_warns_of_nothing(text: str) -> None:
    assert workflow.warnings(AgentEvent(AgentEventType.TOOL_RESPONSE, text, "Any")) == []


def test_a_tool_that_is_not_ours_shows_in_the_stage_and_needs_no_output() -> None:
    now = Workflow().after(call("x" * 500), ())
    assert now.state.current_stage.startswith("Running xxx")
    assert len(now.state.current_stage) == CURRENT_STAGE_LENGTH
    assert now.state.current_stage.endswith("…")
    assert workflow.missing_output(response("Weather"), ()) is None
    assert now.after(response("Weather"), ()).state.current_stage == "Weather finished"
    assert now.state.status is SessionStatus.PROCESSING


events = st.builds(
    AgentEvent,
    type=st.sampled_from(AgentEventType),
    text=st.text(max_size=5),
    tool=st.none() | st.sampled_from(Tool) | st.text(max_size=5),
)


@given(st.lists(st.tuples(events, st.sets(st.sampled_from(sorted(ALL))))), st.integers(0, 100))
def test_status_and_progress_never_go_back(history: list[tuple[AgentEvent, set[str]]], claimed_progress: int) -> None:
    now = workflow.resumed(Reply(SessionStatus.PENDING, claimed_progress, 1, 0, cancel_requested=False))
    for event, outputs in history:
        after = now.after(event, outputs)
        assert after.state.status.rank >= now.state.status.rank
        assert after.state.progress >= now.state.progress
        assert not after.state.status.ended
        now = after
    assert now.ended(ALL).progress >= now.state.progress
    assert (now.ended(ALL).status is SessionStatus.COMPLETED) == now.answered


def test_a_run_is_complete_with_a_final_response_and_both_documents() -> None:
    end = Workflow().after(FINAL, ALL).ended({OUTPUTS[Tool.POWERPOINT_GENERATOR], OUTPUTS[Tool.SOW_GENERATOR]})
    assert (end.status, end.current_stage, end.progress) == (SessionStatus.COMPLETED, "Completed", 100)
    assert end.error_message is None


@pytest.mark.parametrize(
    ("answered", "outputs", "message"),
    [
        (True, {"sowKey"}, "The agent finished, but the presentation is missing."),
        (True, {"powerpointKey"}, "The agent finished, but the statement of work is missing."),
        (True, set(), "The agent finished, but the presentation and the statement of work are missing."),
        (False, ALL, "The agent stopped without a final response."),
        (False, {"sowKey"}, "The agent stopped without a final response, and the presentation is missing."),
    ],
)
def test_any_other_end_is_an_error_that_says_what_is_missing_and_what_to_do(
    *, answered: bool, outputs: set[str], message: str
) -> None:
    now = Workflow().after(call(Tool.COST_CALCULATOR), ALL)
    end = (now.after(FINAL, ALL) if answered else now).ended(outputs)
    assert end.status is SessionStatus.ERROR
    assert end.error_message == f"{message} Retry the session: finished stages are not run again."
    assert (end.current_stage, end.progress) == ("Running CostCalculator", 5)


def test_an_error_repeats_the_agents_last_warning_within_the_limit() -> None:
    question = "The agent asked a question: which currency?"
    end = Workflow().after(AgentEvent(AgentEventType.WARNING, question), ()).ended(())
    assert (end.error_message or "").endswith(question)
    long = Workflow().after(AgentEvent(AgentEventType.WARNING, "w" * 9000), ()).ended(())
    assert len(long.error_message or "") == ERROR_MESSAGE_LENGTH
    assert (long.error_message or "").endswith("…")


def test_a_cancelled_run_keeps_its_stage_and_progress() -> None:
    now = Workflow().after(response(Tool.COST_CALCULATOR), ALL)
    end = now.cancelled()
    assert (end.status, end.progress, end.error_message) == (SessionStatus.CANCELLED, 50, None)
    assert end.current_stage == "CostCalculator finished"


def test_a_resumed_run_begins_where_the_session_stands() -> None:
    reply = Reply(SessionStatus.COSTS_CALCULATED, 50, 9, 40, cancel_requested=False)
    state = workflow.resumed(reply).state
    assert (state.status, state.progress, state.current_stage) == (
        SessionStatus.COSTS_CALCULATED,
        50,
        "Starting the agent",
    )


def test_every_stage_has_an_output_that_proves_it() -> None:
    assert set(OUTPUTS) == set(STAGES) == set(Tool)
