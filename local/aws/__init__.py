"""DynamoDB, S3 and SQS on one machine: moto's server in its own process, with corrections to moto."""
