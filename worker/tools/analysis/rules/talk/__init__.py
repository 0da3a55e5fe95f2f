"""What questions and answers come to, and which sentences of a talk belong together."""
