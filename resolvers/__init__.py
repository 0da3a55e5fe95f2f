"""The API's one Lambda: it answers every root field and alone reads and writes the sessions table.

`handler` is the entry, `sessions` the operations, `lifecycle` the rules, `store` the table. It never talks to an
agent: the work itself happens in the worker, which reports back through `publishProgress`.
"""
