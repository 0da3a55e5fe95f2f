"""The API's Lambda. It answers every root field, and only it reads and writes the sessions table.

`handler` is the entry, `operations` has one method for each root field, `lifecycle` holds the rules and `storage` the
table. Nothing here talks to an agent: the worker does that and reports back through `publishProgress`.
"""
