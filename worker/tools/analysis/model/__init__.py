"""The reader of the notes that asks a model.

The model can only fill in a form: one call of Converse with one tool that it must call. `notes` numbers, cuts and
fences the notes, `form` is what the model fills in, `asking` leads the short conversation, `checks` finds the faults
of an answer, and `merging` joins the answers about the parts of long notes. `reader.read` does all of it.
"""
