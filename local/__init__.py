"""ScopeSmith on one machine: AppSync, Lambda and the agent service over HTTP; Cognito, DynamoDB, S3 and SQS by moto.

`stack` is the composition root, and `python -m local` is its command. The Lambdas run unchanged: boto3 finds the local
services by their addresses in the environment. Everything listens only on 127.0.0.1.
"""
