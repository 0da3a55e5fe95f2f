"""The shared words of ScopeSmith and the API they make.

`statuses` and `limits` are standard library alone, so every Lambda may import them. `types` states the API in
Strawberry and `sdl` prints it; only developers and tests import those two.
"""
