"""Time in the worker.

`clock` holds the clocks, `backoff` computes how long to wait before a retry, and `patience` limits how long a blocking
call is waited for.
"""
