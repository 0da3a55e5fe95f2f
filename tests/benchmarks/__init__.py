"""What we claim of speed and cost, measured: one module a claim, each beside a reference taken in the same run.

`python -m tests.benchmarks` runs them and prints a table each. Nothing here mends or judges a product: a figure that
is missed is mended where it is made. What needs no clock (`storage`) is held by a plain test too.
"""
