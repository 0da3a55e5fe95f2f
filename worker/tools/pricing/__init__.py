"""CostCalculator: from requirements to hours, money and a timeline.

`effort` is the model and says how it reasons; `durations` and `sectors` read what a person typed; `rate_card.json`
holds the rates. Money is `Decimal` throughout; only `calculator.run` touches the workspace.
"""
