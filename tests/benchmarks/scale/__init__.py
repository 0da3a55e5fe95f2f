"""A simulation of many sessions that share an account's quotas."""
