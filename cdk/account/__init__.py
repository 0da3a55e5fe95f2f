"""Checks an account before a deployment: `checks` has the checks, `command` runs them and prints what they find."""
