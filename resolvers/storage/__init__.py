"""The sessions table: the protocol that the operations use (`store`), DynamoDB behind it (`dynamodb`), and the items
that it writes (`records`).
"""
