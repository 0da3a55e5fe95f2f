"""CostCalculator: turns requirements into hours, money and a timeline.

`effort` is the effort model, and its docstring explains the steps. `durations` and `sectors` parse what a person
typed, and `rate_card.json` holds the rates. Money is always a `Decimal`. Only `calculator.run` uses the workspace.
"""
