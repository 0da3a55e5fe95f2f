"""AppSync's side of the resolvers: arguments in (`inputs`, `pages`), the caller (`caller`), answers out
(`answers`, `links`).
"""
