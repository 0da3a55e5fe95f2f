"""The `scopesmith` command. `cli` is its entry, `arguments` parses its command line, and `follow` calls the API."""
