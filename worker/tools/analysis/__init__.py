"""RequirementsAnalyzer: finds the requirements and facts in free meeting notes.

`reader` says what a reader is. There are two: `rules`, which is pure, and `model`, which asks a model and has the rules
behind it. `complexity` rates what was found. Only `analyzer.run` uses the workspace.
"""
