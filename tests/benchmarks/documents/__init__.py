"""The time and memory that the three documents of a typical brief take."""
