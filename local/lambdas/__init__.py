"""AWS Lambda on one machine: one process for each execution environment, behind Lambda's HTTP APIs."""
