"""The Lambda functions, one module each, and what they have in common (`function`)."""
