"""How well the rules reader understands the briefs of tests/data/briefs, whose labels were made by hand."""
