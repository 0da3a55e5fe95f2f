"""Logs a request that is not valid HTTP as one line. aiohttp answers it with 400, and would log a traceback.

`local.http.loopback` gives the logger to every server. No other record of that logger changes.
"""

import logging

from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web_protocol import RequestPayloadError

_LONGEST = 200
"""Characters of a request that are quoted at most."""


class _InOneLine(logging.Filter):
    """Puts the reason into the line, and leaves the traceback out: it is the client's mistake, not ours."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, HttpProcessingError | RequestPayloadError):
            said = error.message if isinstance(error, HttpProcessingError) else str(error)
            reason = " ".join(said.split())[:_LONGEST]
            record.levelno, record.levelname = logging.WARNING, logging.getLevelName(logging.WARNING)
            record.msg, record.args = "A request is not valid HTTP, and was refused: %s", (reason,)
            record.exc_info = record.exc_text = None
        return True


LOGGER = logging.getLogger(__name__)
LOGGER.addFilter(_InOneLine())
