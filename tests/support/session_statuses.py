"""A session's statuses as tests need them, all taken from `schema.statuses`: no test types a list of them."""

from schema.statuses import ENDED, STAGES, SessionStatus

IN_A_STAGE = tuple(
    dict.fromkeys(one for stage in STAGES.values() for one in (stage.while_running, stage.once_answered))
)
"""Those that the five tools pass through, in their order, each once."""

OF_A_RUN = (SessionStatus.PROCESSING, *IN_A_STAGE)
"""Those of a run at work, from its claim to its last tool."""

OF_A_FULL_RUN = (*OF_A_RUN, SessionStatus.COMPLETED)

OF_A_SESSION = (SessionStatus.PENDING, *OF_A_FULL_RUN)
"""From the submit to both documents."""

ENDS = tuple(status for status in SessionStatus if status in ENDED)
