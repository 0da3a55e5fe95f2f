"""RequirementsAnalyzer: sorts free meeting notes into requirements.

`lines` recognises the form of each line, `sentences` splits prose, and `notes` uses both to split the notes into
statements. `signals` is the table of words that show a statement's kind, `classify` applies it, and `complexity` rates
the result. All of this is pure and takes linear time. Only `analyzer.run` uses the workspace.
"""
