"""CostCalculator: turns requirements into hours, money, dates and risks.

`effort` is the effort model, and its docstring explains the steps. `given` settles what form and notes state,
`schedule` and `plan` make the plan, `risks` and `assumptions` put into words what to know about it. The rates are in
the profile. Money is always a `Decimal`. Only `calculator.run` uses the workspace.
"""
