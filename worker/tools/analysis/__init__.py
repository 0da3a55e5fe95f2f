"""RequirementsAnalyzer: from free notes to sorted requirements.

`notes` splits, `signals` is the table of what a statement may be, `complexity` weighs the result, `analyzer` puts
them together. All of it is pure text work; only `analyzer.run` touches the workspace.
"""
