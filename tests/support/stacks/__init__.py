"""Local stacks for tests: one for each module, and proxies between a stack and its clients or its services."""
