"""The bounds that more than one room keeps: what an input may hold, how large an event or a payload may be.

Lengths are characters unless the name says bytes. A byte is counted as UTF-8, the form in which texts travel
and are stored.
"""

REQUIREMENTS_LENGTH = 100_000
CLIENT_REQUEST_TOKEN_LENGTH = 64

REVIEWED_REQUIREMENTS = range(1, 501)
"""How many requirements a reviewer's list has."""

REQUIREMENT_ID_LENGTH = 20
REQUIREMENT_TEXT_LENGTH = 2_000
WORK_PACKAGE_LENGTH = 100

REQUIREMENT_LINES = range(201)
"""How many lines of the notes a reviewer may name for one requirement."""

LINE_NUMBER = range(1, REQUIREMENTS_LENGTH + 1)
"""A line's number. The longest notes, of nothing but line ends, have no more lines."""

REVIEW_NOTE_LENGTH = 1_000

REVIEWED_REQUIREMENTS_BYTES = 200_000
"""A reviewer's whole list as JSON. With the longest notes it must fit into the worker's event, for which Lambda takes
1 MB, and into one item of the sessions table."""

PROPOSAL_BYTES = 4_000_000
"""One version of a proposal as JSON in ASCII. AppSync accepts 5 MB from a resolver, and a Lambda may return 6 MB."""

EVENT_PAGE_SIZE = range(1, 1001)
DEFAULT_EVENT_PAGE_SIZE = 100
SESSION_PAGE_SIZE = range(1, 101)
DEFAULT_SESSION_PAGE_SIZE = 20

EVENT_TEXT_BYTES = 32_000
"""One agent event's text. A longer one is cut by the worker, which marks the event `truncated`."""

TOOL_LENGTH = 100
"""The longest name that Bedrock lets an action group have."""

TOOL_CALL_ID_LENGTH = 100
"""The longest id of a tool call. Bedrock's own have at most 64 characters."""

MODEL_COST_CURRENCY_LENGTH = 3

CURRENT_STAGE_LENGTH = 200
ERROR_MESSAGE_LENGTH = 2_000

RESULTS_BYTES = 60_000
"""`requirementsData`, `costData` and `templatePaths` together, as JSON: they travel with every update."""

PAYLOAD_BYTES = 200_000
"""One publishProgress payload. AppSync drops a subscription message of 245,760 bytes or more without a word
(AWS, "AppSync quotas": maximum subscription payload size, 240 KB)."""

RECORD_BYTES = 100_000
"""One item of the sessions table; DynamoDB's own limit is 400 KB. A review may take more: no update reads or writes
it."""

QUERY_DEPTH = 6
"""Levels of fields in one operation. The deepest is publishProgress { results { costData { lines { role }}}}: five."""

RESOLVERS_A_REQUEST = 5
"""How many root fields one request may ask for under different aliases. AppSync has one limit for queries and
mutations, and each mutation may cost a run of the worker. Our own clients ask for one field at a time."""
