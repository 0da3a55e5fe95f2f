"""The agent services: one adapter each, which turns what the service sends into the same six kinds of agent event.

`events` has the words that the adapters share, `choice` selects one by the settings, and `start` starts it. An adapter
publishes nothing and knows no session status; `worker.run` decides what its events mean.
"""
