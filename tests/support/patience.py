"""How long a test waits for what must happen: no test depends on a fast machine, and pytest ends one that hangs."""

PATIENCE = 240.0
"""In seconds. pytest's own time-out for a test is longer (pyproject.toml)."""
