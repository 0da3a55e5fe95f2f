"""The shared words of ScopeSmith and the API they make.

`types` states the API in Strawberry and `sdl` prints it; only developers and tests import those two. All other modules
use only the standard library, so every Lambda may import them.
"""
