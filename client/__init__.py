"""The clients of the API: the lossless session stream, and the `scopesmith` command that uses it.

`client.stream` follows a session, `client.api` calls the API, and `client.command.cli` is the command. Nothing here
imports another room: a client knows only the API's GraphQL documents.
"""
