"""RequirementsAnalyzer: from free notes to sorted requirements.

`lines` recognises the form of each line, `sentences` splits prose, `notes` joins both into statements; `signals` is
the table of what a statement may be, `classify` applies it, `complexity` weighs the result. All of it is pure text
work in linear time; only `analyzer.run` touches the workspace.
"""
