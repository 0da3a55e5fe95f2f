"""SOWGenerator: writes the proposal as a statement of work.

`design` prepares the document's styles, header and footer, `page` writes paragraphs and tables with them, and
`sections` decides what each section says. All figures come from the proposal; nothing is computed here.
"""
