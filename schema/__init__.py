"""The shared words of ScopeSmith and the API they make.

`assessment`, `limits`, `refusals`, `requirements`, `review`, `statuses`, `usage` and `words` use only the standard library, so every Lambda may
import them. `types` states the API in Strawberry and `sdl` prints it; only developers and tests import those two.
"""
