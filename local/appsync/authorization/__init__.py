"""The authorization modes of the local AppSync: `callers` finds out who calls, `grants` which fields they may use."""
