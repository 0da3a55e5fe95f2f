"""The failure function: it ends the sessions whose worker failed on every try.

`handler` is its entry, and `invocation_record` reads what Lambda writes about a failed event.
"""
