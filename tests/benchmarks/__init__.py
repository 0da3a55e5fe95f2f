"""The benchmarks of speed and cost: one folder for each claim, with a reference measured in the same run.

`python -m tests.benchmarks` runs them and prints a table for each. The benchmarks change nothing. The figures that need
no clock (`storage`) are checked by a plain test too. A measured process imports as little as it can before its clock
starts, so the packages' `__init__` files import nothing that a handler needs.
"""

import sys

# As pyproject.toml says to pytest: the benchmarks and the tests share what is in tests/support.
_SUPPORT = f"{__path__[0]}/../support"
if _SUPPORT not in sys.path:
    sys.path.append(_SUPPORT)
