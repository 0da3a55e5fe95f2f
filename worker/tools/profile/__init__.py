"""The supplier's profile: who makes the offer, at what rates, on what terms, and in which look.

`default.json` ships with the tools. A firm's `profile.json` in the templates bucket replaces it field by field.
"""
