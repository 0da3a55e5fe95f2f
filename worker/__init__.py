"""The worker: runs an assessment's agent and publishes what happens, by the API alone.

It has no way to the sessions table and reads nothing back: its event carries the assessment, and the reply to each
publish carries the rest.
"""
