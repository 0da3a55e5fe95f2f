"""The agent services behind the worker: one adapter each, all telling the same six kinds of agent event.

`events` holds the words they share. An adapter only translates: it publishes nothing, judges no outcome and
knows no session status. `worker.handler` chooses one, `worker.feed` reads it.
"""
