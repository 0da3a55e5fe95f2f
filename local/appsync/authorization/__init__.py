"""The authorization modes of the local AppSync: who calls (`callers`), and which fields each caller may use
(`grants`).
"""
