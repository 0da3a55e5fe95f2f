"""What the deck and the statement of work have in common: how a document is made, and the direction of its text."""
