"""Publishing to AppSync: updates are sent over HTTPS, signed with SigV4, and the answers are interpreted.

A run knows only the protocol in `worker.publisher`. `worker.handler` and `worker.failure.handler` pass it the
publisher of this folder.
"""
