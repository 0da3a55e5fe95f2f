"""The error that says why the local stack can't start."""


class StartError(Exception):
    """A part can't start. The message says which, why, and what to do."""
