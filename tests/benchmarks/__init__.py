"""What we claim of speed and cost, measured: one folder for each claim, beside a reference taken in the same run.

`python -m tests.benchmarks` runs them and prints a table for each. Nothing here changes or judges a product. What needs
no clock (`storage`) a plain test holds too. A measured process imports as little as it can before its clock starts, so
the packages' `__init__` files import nothing that a handler needs.
"""

import sys

# As pyproject.toml says to pytest: the benchmarks and the tests share what is in tests/support.
_SUPPORT = f"{__path__[0]}/../support"
if _SUPPORT not in sys.path:
    sys.path.append(_SUPPORT)
