"""Local stacks for tests: one for a module, and what stands between a stack and its clients or its services."""
