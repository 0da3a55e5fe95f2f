"""The playground: GraphiQL for our API, served at `/playground/`.

The page and its scripts are here, but GraphiQL itself is not: `python -m client.playground` fetches a pinned version
and builds it into `built/`. Nothing imports this package.
"""
