"""Cognito on one machine: moto's user pool, and the calls that a browser makes to sign in."""
