"""The agent that the worker calls, and the permissions for its model."""
