"""What a session's writes cost in DynamoDB."""
