"""The sessions table.

`store` is the protocol that `resolvers.operations` uses, `dynamodb` implements it, and `records` converts between
sessions and the table's items.
"""
