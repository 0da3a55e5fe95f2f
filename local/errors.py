"""Why the local stack can't start, in words for the person who started it."""


class StartError(Exception):
    """A part can't start. The message says which, why, and what to do."""
