"""The playground: GraphiQL on our endpoint, served at `/playground/`.

The page and its scripts are here; GraphiQL itself is not. `python -m client.playground` fetches it, pinned, and
builds it into `built/`. Nothing imports this package.
"""
