"""A session as AG-UI 1.0 events, so that any AG-UI frontend can show it. Install `scopesmith[ag-ui]` to use it.

`ag_ui_events` takes the updates of `client.stream` and gives one AG-UI run, in an order that the protocol allows. It
asks nothing and sends nothing: a server does, for example `client/examples/ag_ui_server.py`.

| Session | AG-UI |
|---|---|
| state | a state snapshot at the beginning, then a state delta for each change |
| `currentStage` | a step, from one stage to the next |
| `REASONING` | a span of reasoning with one message |
| `CHUNK`, `FINAL_RESPONSE` | a text message; the final response adds only what the chunks did not say |
| `TOOL_CALL`, `TOOL_RESPONSE` | a tool call with its arguments, and its result |
| `WARNING`, and any later type | a custom event with the type's name in lower case |
| `COMPLETED` | run finished with the outcome `success` |
| `CANCELLED` | run finished with the outcome `cancelled`; AG-UI 1.0 keeps run error for a run that failed |
| `AWAITING_REVIEW` | run finished with the outcome `interrupt`, which AG-UI 1.0 has for this |
| `ERROR`, `CONFIGURATION_ERROR` | run error with the status as its code |
"""

from client.ag_ui.run import ag_ui_events
from client.ag_ui.state import Shown

__all__ = ["Shown", "ag_ui_events"]
