"""SOWGenerator: the proposal as a statement of work.

`design` prepares the document's styles, header and footer, `page` writes paragraphs and tables with them, and
`sections` says what each section holds. None of it computes a figure: they come with the proposal.
"""
