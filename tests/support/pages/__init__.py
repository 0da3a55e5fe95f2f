"""The page in a real browser, and what a consultant does on it."""
