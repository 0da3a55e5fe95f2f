"""The Lambda functions, one module each. `cdk.functions.function` holds what they have in common."""
