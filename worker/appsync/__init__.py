"""The API as the worker meets it: updates go out over HTTPS, signed with SigV4, and the answers are judged.

The rest of this room knows `worker.publisher` alone, which names no service.
"""
