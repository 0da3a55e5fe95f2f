"""The `scopesmith` command: `cli` is its entry, `arguments` its command line, `follow` what it does with the API."""
