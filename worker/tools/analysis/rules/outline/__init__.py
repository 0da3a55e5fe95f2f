"""From lines to statements: wrapped lines, items with their details, tables, and the sections that they stand in."""
