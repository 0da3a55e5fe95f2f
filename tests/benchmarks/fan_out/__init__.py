"""The local server's fan-out of an update to its subscribers, beside a bare WebSocket broadcast of the same frames."""
