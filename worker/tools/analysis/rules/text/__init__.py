"""From characters to lines: repairs the text, and says what form each line has."""
