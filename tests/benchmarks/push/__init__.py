"""The time from an agent's event to its subscriber."""
