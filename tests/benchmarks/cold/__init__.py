"""Cold starts: a fresh process that imports a handler and answers one event."""
