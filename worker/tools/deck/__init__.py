"""PowerPointGenerator: writes the proposal as a presentation.

`slides` has the slides' order, and the modules that it names decide what each shows. `canvas`, `cards`, `lists`,
`tables`, `chart`, `gantt` and `diagram` draw on slides. `design`, `layouts` and `theme` prepare the presentation, and
`fitting` measures text so that none overflows. All figures come from the proposal; nothing is priced here.
"""
