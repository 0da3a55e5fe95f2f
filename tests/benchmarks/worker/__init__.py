"""The worker's own processor time and memory."""
