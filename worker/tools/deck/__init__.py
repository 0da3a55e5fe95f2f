"""PowerPointGenerator: writes the proposal as a presentation.

`design` and `theme` prepare the presentation, `fitting` measures text so that none overflows, `canvas`, `tables` and
`figures` draw on slides, and `slides` decides what each slide shows. All figures come from the proposal; nothing is
computed here.
"""
