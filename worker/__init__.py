"""The worker: runs the agent for an assessment and publishes what happens through the API.

It can't access the sessions table and makes no queries: its event carries the assessment, and the reply to each
publish carries whatever else it must know.
"""
