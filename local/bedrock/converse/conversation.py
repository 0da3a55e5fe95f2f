"""Checks a conversation as the service does: the order of the roles, and an answer to every tool call.

Pure: the parsed request in, a ValidationError in the service's words out. `api` calls it before the model is asked.
"""

from itertools import pairwise

from local.bedrock.converse.request import ConverseRequest, Message, OtherBlock, ToolResult, ToolUse, ValidationError


def check(request: ConverseRequest) -> None:
    """Raise ValidationError when the service would refuse the conversation."""
    messages = request.messages
    _check_roles(messages)
    used = [block for message in messages for block in message.blocks if isinstance(block, ToolUse | ToolResult)]
    if used and not request.tools:
        raise ValidationError("The toolConfig field must be defined when using toolUse and toolResult content blocks.")
    for place, (asked, answered) in enumerate(((None, messages[0]), *pairwise(messages))):
        if answered.role == "user":
            _check_answers(asked.tool_uses() if asked else [], answered, f"messages.{place}")


def _check_roles(messages: tuple[Message, ...]) -> None:
    if not messages or messages[0].role != "user":
        raise ValidationError(
            "A conversation must start with a user message. Try again with a conversation that starts with a user "
            "message."
        )
    if any(before.role == after.role for before, after in pairwise(messages)):
        raise ValidationError(
            "A conversation must alternate between user and assistant roles. Make sure the conversation alternates "
            "between user and assistant roles and try again."
        )
    if messages[-1].role != "user":
        raise ValidationError(
            "This model does not support assistant message prefill. The conversation must end with a user message."
        )


def _check_answers(calls: list[ToolUse], message: Message, where: str) -> None:
    """Each call must be answered once, and the answers come before anything else in the message."""
    answered = [result.id for result in message.tool_results()]
    if missing := [call.id for call in calls if call.id not in answered]:
        raise ValidationError(f"Expected toolResult blocks at {where}.content for the following Ids: {_list(missing)}")
    called = [call.id for call in calls]
    if unasked := [id_ for id_ in answered if id_ not in called]:
        raise ValidationError(
            f"The toolResult blocks at {where}.content contain Ids that no toolUse block of the previous turn has: "
            f"{_list(unasked)}"
        )
    if len(answered) != len(set(answered)):
        raise ValidationError(f"The toolResult blocks at {where}.content contain duplicate Ids: {_list(answered)}")
    counted = [block for block in message.blocks if not isinstance(block, OtherBlock)]
    if not all(isinstance(block, ToolResult) for block in counted[: len(answered)]):
        raise ValidationError(
            f"The model returned the following errors: {where}: Did not find {len(answered)} `tool_result` block(s) "
            "at the beginning of this message."
        )


def _list(ids: list[str]) -> str:
    return ", ".join(ids)
