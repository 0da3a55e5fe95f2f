"""The API as the worker meets it: updates go out over HTTPS, signed with SigV4, and the answers are judged.

A run knows `worker.publisher` alone, which names no service; `worker.handler` and `worker.failure.handler` give it
this one.
"""
