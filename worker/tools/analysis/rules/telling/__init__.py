"""The text of a requirement: a clear sentence of its own, in the third person."""
