"""Who uses the API: the lossless session stream and the `scopesmith` command.

`client.stream` follows a session, `client.api` asks, `client.command.cli` is the command. Nothing here imports another
room: a client knows the API by its GraphQL documents alone.
"""
