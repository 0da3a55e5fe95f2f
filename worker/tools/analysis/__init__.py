"""RequirementsAnalyzer: finds the requirements and facts in free meeting notes.

`reader` says what a reader is, and `rules` is one. `complexity` rates what was found. All of this is pure; only
`analyzer.run` uses the workspace.
"""
