"""Reviews: what a person has changed of the analysis and the terms, and the versions of the proposal that follow.

`changes` is pure and applies a review to an analysis. `versions` keeps the versions in the workspace. `record` writes
a version in the API's form. The worker calls them; a model never does.
"""
