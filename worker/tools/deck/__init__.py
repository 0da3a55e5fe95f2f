"""PowerPointGenerator: the proposal as slides.

`design` prepares the presentation, `fitting` measures text so that none overflows, `canvas` draws on a slide and
`slides` says what each shows. None of it computes a figure: they come with the proposal.
"""
