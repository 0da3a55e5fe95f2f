"""From statements to verdicts: whether one asks for something, and of which kind."""
