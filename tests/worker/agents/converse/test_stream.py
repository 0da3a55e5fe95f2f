"""The conversation with a model through real boto3: what is asked, which tools are run, what is told."""

from typing import TYPE_CHECKING

import pytest
from converse_service import ConverseService, calls, refuses, says, thinks, thinks_in_secret, turn
from converse_talk import DONE, FUNCTIONS, MODEL, TASK, PlannedTools, asked, five_tools, talk, too_early

from local.bedrock.converse.wire import Usage
from schema.statuses import AgentEventType, Tool
from worker.agents.converse import prompt
from worker.agents.converse.stream import MAX_TOKENS, MAX_TURNS, Model
from worker.agents.events import AgentError, AgentEvent, AgentItem, ModelUsage, Step
from worker.tools.call import failed
from worker.tools.toolbox import specifications

if TYPE_CHECKING:
    from types_boto3_bedrock_runtime import BedrockRuntimeClient

CALL, RESPONSE = AgentEventType.TOOL_CALL, AgentEventType.TOOL_RESPONSE
CACHE_POINT = {"cachePoint": {"type": "default"}}


def test_five_tools_are_called_and_the_last_words_are_the_final_response(
    service: ConverseService, client: "BedrockRuntimeClient"
) -> None:
    service.answers = five_tools(says("The proposal", " is ready."))
    tools = PlannedTools()
    came = talk(client, tools)
    assert came.error is None
    assert tools.called == list(FUNCTIONS)
    stages = [
        (kind, name)
        for tool in Tool
        for kind, name in ((AgentEventType.REASONING, None), (CALL, tool), (RESPONSE, tool))
    ]
    chunks = [(AgentEventType.CHUNK, None)] * 2
    assert came.kinds == [*stages, *chunks, (AgentEventType.FINAL_RESPONSE, None)]
    assert (came.final, came.naps) == (DONE, [])


def test_every_request_has_the_task_the_tools_cache_points_and_a_limit_and_no_sampling_parameter(
    service: ConverseService, client: "BedrockRuntimeClient"
) -> None:
    service.answers = five_tools()
    talk(client)
    assert len(service.requests) == 6
    for request in service.requests:
        assert request.model_id == MODEL.model_id
        assert request.body["messages"][0] == {"role": "user", "content": [{"text": TASK}]}
        assert {name: value for name, value in request.body.items() if name != "messages"} == {
            "system": [{"text": prompt.SYSTEM}, CACHE_POINT],
            "toolConfig": {"tools": [*specifications(Tool), CACHE_POINT]},
            "inferenceConfig": {"maxTokens": MAX_TOKENS},
            "requestMetadata": {"session_id": "session-1"},
        }


def test_a_guardrail_goes_with_every_request(service: ConverseService, client: "BedrockRuntimeClient") -> None:
    service.answers = five_tools()
    talk(client, model=Model("any", "guardrail-1", "7"))
    given = [request.body["guardrailConfig"] for request in service.requests]
    assert given == [{"guardrailIdentifier": "guardrail-1", "guardrailVersion": "7"}] * 6


def test_a_model_without_cache_points_is_asked_again_at_once_and_from_then_on_without_them(
    service: ConverseService, client: "BedrockRuntimeClient"
) -> None:
    complaint = "You invoked an unsupported model or your request did not allow prompt caching."
    service.answers = [refuses("ValidationException", complaint), *five_tools()]
    came = talk(client)
    assert (came.final, came.warnings) == (DONE, [])
    with_points = [CACHE_POINT in request.body["toolConfig"]["tools"] for request in service.requests]
    assert with_points == [True, *[False] * 6]
    assert [CACHE_POINT in request.body["system"] for request in service.requests] == with_points


def test_a_model_that_will_not_have_the_request_without_cache_points_either_ends_the_run(
    service: ConverseService, client: "BedrockRuntimeClient"
) -> None:
    service.answers = [refuses("ValidationException", "no caching here")] * 2
    came = talk(client)
    assert isinstance(came.error, AgentError)
    assert came.error.detail == "no caching here"
    assert len(service.requests) == 2


def test_the_models_turn_goes_back_byte_for_byte(service: ConverseService, client: "BedrockRuntimeClient") -> None:
    service.answers = [
        turn(
            thinks("First\n\n", "the scope. ", signature="EqoB+/=="),
            thinks_in_secret(b"\x00\xff\x80"),
            thinks(signature="alone"),
            says(" \n"),
            says(" I will ", "look. "),
            calls("analyze_requirements", '{"why": ', '"é\\u20ac"}', id_="tooluse_1"),
        ),
        turn(DONE),
    ]
    came = talk(client)
    assert came.final == DONE
    [_, [_, assistant, results]] = asked(service)
    assert assistant == {
        "role": "assistant",
        "content": [
            {"reasoningContent": {"reasoningText": {"text": "First\n\nthe scope. ", "signature": "EqoB+/=="}}},
            {"reasoningContent": {"redactedContent": "AP+A"}},
            {"reasoningContent": {"reasoningText": {"text": "", "signature": "alone"}}},
            {"text": " I will look. "},
            {"toolUse": {"toolUseId": "tooluse_1", "name": "analyze_requirements", "input": {"why": "é€"}}},
        ],
    }
    answer = {"toolUseId": "tooluse_1", "status": "success", "content": [{"json": {"made": "analyze_requirements"}}]}
    assert results == {"role": "user", "content": [{"toolResult": answer}]}


def test_all_results_of_a_turn_go_back_in_one_message_and_a_call_is_told_with_its_answer(
    service: ConverseService, client: "BedrockRuntimeClient"
) -> None:
    names = FUNCTIONS[:3]
    service.answers = [turn(*(calls(name, id_=f"id-{name}") for name in names)), turn(DONE)]
    tools = PlannedTools(calculate_costs=[failed("no rates")])
    came = talk(client, tools)
    results = asked(service)[1][2]["content"]
    assert [(one["toolResult"]["toolUseId"], one["toolResult"]["status"]) for one in results] == [
        ("id-analyze_requirements", "success"),
        ("id-calculate_costs", "error"),
        ("id-retrieve_templates", "success"),
    ]
    told = [(event.type, event.tool, event.call_id) for event in came.events[:6]]
    assert told == [
        (kind, tool, f"id-{name}") for tool, name in zip(Tool, names, strict=False) for kind in (CALL, RESPONSE)
    ]


def test_a_tool_that_does_not_exist_is_answered_with_those_that_do(
    service: ConverseService, client: "BedrockRuntimeClient"
) -> None:
    service.answers = [turn(calls("send_invoice", '{"to": "all"}')), turn(DONE)]
    tools = PlannedTools()
    came = talk(client, tools)
    result = asked(service)[1][2]["content"][0]["toolResult"]
    assert result["status"] == "error"
    assert "there is no tool 'send_invoice'" in result["content"][0]["json"]["error"]
    assert "analyze_requirements" in result["content"][0]["json"]["error"]
    assert came.events[0] == AgentEvent(CALL, 'send_invoice(to="all")', "send_invoice", call_id="tooluse_send_invoice")
    assert (came.final, tools.called) == (DONE, [])


@pytest.mark.parametrize("written", ['{"a"', "[]", "7", '"{}"', "null"])
def test_an_input_that_is_no_object_is_answered_with_what_is_wrong_and_runs_nothing(
    written: str, service: ConverseService, client: "BedrockRuntimeClient"
) -> None:
    service.answers = [turn(calls("analyze_requirements", written)), turn(DONE)]
    tools = PlannedTools()
    assert talk(client, tools).final == DONE
    [assistant, user] = asked(service)[1][1:]
    assert assistant["content"][0]["toolUse"]["input"] == {}
    assert user["content"][0]["toolResult"]["status"] == "error"
    assert "not a JSON object" in user["content"][0]["toolResult"]["content"][0]["json"]["error"]
    assert tools.called == []


def test_a_tool_that_fails_once_is_called_again(service: ConverseService, client: "BedrockRuntimeClient") -> None:
    first, *rest = five_tools()
    service.answers = [first, turn(calls("analyze_requirements", id_="again")), *rest]
    came = talk(client, PlannedTools(analyze_requirements=[failed("S3 is away")]))
    told = [(event.text, event.call_id) for event in came.events if event.tool == Tool.REQUIREMENTS_ANALYZER]
    assert told == [
        ("analyze_requirements()", "tooluse_analyze_requirements"),
        ('{"error":"S3 is away"}', "tooluse_analyze_requirements"),
        ("analyze_requirements()", "again"),
        ('{"made":"analyze_requirements"}', "again"),
    ]
    assert came.final == DONE


def test_a_tool_that_fails_for_good_leaves_the_model_its_last_word(
    service: ConverseService, client: "BedrockRuntimeClient"
) -> None:
    call = calls("analyze_requirements")
    service.answers = [turn(call), turn(call), turn("The analysis failed.")]
    came = talk(client, PlannedTools(analyze_requirements=[failed("S3 is away")] * 2))
    assert (came.final, came.error) == ("The analysis failed.", None)


def test_a_tool_that_is_called_too_early_is_a_warning_and_an_error_to_the_model(
    service: ConverseService, client: "BedrockRuntimeClient"
) -> None:
    service.answers = [turn(calls("calculate_costs")), *five_tools()]
    tools = PlannedTools(calculate_costs=[too_early()])
    came = talk(client, tools)
    [warning] = came.warnings
    assert warning.startswith("CostCalculator asked the agent to try again")
    assert asked(service)[1][2]["content"][0]["toolResult"]["status"] == "error"
    assert tools.called == ["calculate_costs", *FUNCTIONS]
    assert came.final == DONE


def test_a_tool_that_is_called_twice_and_out_of_order_is_run_as_often(
    service: ConverseService, client: "BedrockRuntimeClient"
) -> None:
    order = [*reversed(FUNCTIONS), FUNCTIONS[0]]
    service.answers = [*(turn(calls(name, id_=f"{place}")) for place, name in enumerate(order)), turn(DONE)]
    tools = PlannedTools()
    came = talk(client, tools)
    assert (tools.called, came.final) == (order, DONE)
    ids = [event.call_id for event in came.events if event.type is RESPONSE]
    assert ids == [str(place) for place in range(6)]


def test_each_turns_tokens_are_told_though_they_come_behind_its_stop(
    service: ConverseService, client: "BedrockRuntimeClient"
) -> None:
    service.answers = [
        turn(calls("analyze_requirements"), usage=Usage(10, 2, cache_read=0, cache_write=1500)),
        turn(DONE, usage=Usage(30, 5, cache_read=1500)),
    ]
    assert talk(client).usages == [
        ModelUsage(MODEL.model_id, 10, 2, 0, 1500),
        ModelUsage(MODEL.model_id, 30, 5, 1500, 0),
    ]


def test_a_model_that_goes_round_in_circles_is_stopped(
    service: ConverseService, client: "BedrockRuntimeClient"
) -> None:
    service.answers = [turn(calls("analyze_requirements", id_=str(place))) for place in range(MAX_TURNS + 1)]
    came = talk(client)
    assert f"did not finish within {MAX_TURNS} turns" in str(came.error)
    assert len(service.requests) == MAX_TURNS


def test_each_step_is_saved_so_that_another_stream_can_go_on_from_it(
    service: ConverseService, client: "BedrockRuntimeClient"
) -> None:
    """From every saved state the same end is reached, no tool that has answered is run again, and nothing is told
    twice.
    """
    thought = turn(
        thinks("Both.", signature="s"), thinks_in_secret(b"\xff"), calls("analyze_requirements", "{}", id_="1")
    )
    script = [thought, *five_tools()[1:]]
    service.answers = list(script)
    whole = talk(client)
    messages = asked(service)[-1]
    for place, saved in enumerate(whole.saved):
        begun = sum(1 for event in whole.events[: _told(whole.items, place)] if event.type is CALL)
        answered = sum(1 for event in whole.events[: _told(whole.items, place)] if event.type is RESPONSE)
        service.requests.clear()
        service.answers = script[begun:]
        tools = PlannedTools()
        rest = talk(client, tools, saved=saved)
        assert tools.called == list(FUNCTIONS[answered:]), place
        assert rest.events == whole.events[_told(whole.items, place) :], place
        assert not service.requests or asked(service)[-1] == messages, place


def _told(items: list[AgentItem], steps: int) -> int:
    """How many events were told up to and with the step of this number."""
    told = passed = 0
    for item in items:
        if isinstance(item, Step):
            told += len(item.events)
            passed += 1
            if passed > steps:
                return told
        elif isinstance(item, AgentEvent):
            told += 1
    raise AssertionError("there are not so many steps")
