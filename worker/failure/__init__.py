"""The failure Lambda: it ends the sessions whose worker failed on every try.

`handler` is its entry, and `invocation_record` parses the record that Lambda writes about a failed event.
"""
