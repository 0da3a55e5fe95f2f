"""The HTTP front of the scripted model: ConverseStream, answered as an event stream.

It checks what the service checks before it starts, and streams what the model yields. `local.stack` adds it to the
services' server.
"""

from collections.abc import AsyncGenerator, Callable

from aiohttp import web

from local.bedrock import streaming
from local.bedrock.converse.conversation import check
from local.bedrock.converse.request import ConverseRequest, ValidationError, parse
from local.bedrock.streaming import StreamEvent
from local.lambdas.api import error_response

PATH = "/model/{model}/converse-stream"


def add_routes(
    app: web.Application, model_id: str, respond: Callable[[ConverseRequest], AsyncGenerator[StreamEvent, None]]
) -> None:
    """Let `app` answer ConverseStream for the model `model_id`; `respond` may raise ValidationError."""

    async def converse_stream(request: web.Request) -> web.StreamResponse:
        if request.match_info["model"] != model_id:
            return error_response(400, "ValidationException", "The provided model identifier is invalid.")
        try:
            asked = parse(await request.json())
            check(asked)
            events = respond(asked)
        except ValidationError as error:
            return error_response(400, "ValidationException", str(error))
        except ValueError as error:
            return error_response(400, "SerializationException", f"The request's body is no JSON: {error}")
        return await streaming.answer(request, events, {})

    app.router.add_post(PATH, converse_stream)
