"""What a Lambda's zip contains: a dependency group's wheels from the lock file, and the rooms that its handler imports.

`Bundle.write` puts exactly that into a folder. uv chooses the wheels for Lambda's platform and Python version on any
machine, without Docker. `Bundle.fingerprint` identifies the content before it exists. This module does not use the
CDK: `cdk.bundling.local_bundling` passes these folders to it.
"""

import hashlib
import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cdk.bundling import bytecode
from cdk.bundling.commands import CommandError, uv

ROOT = Path(__file__).parents[2]
"""The folder that holds this project's packages and its lock file."""

SERVICES = {
    "resolvers": frozenset({"dynamodb", "lambda", "s3"}),
    "worker": frozenset({"bedrock-agent-runtime", "bedrock-runtime", "s3"}),
    "tools": frozenset({"bedrock-runtime", "s3"}),
}
"""The AWS services that a group's Lambdas call. botocore describes over 400 in 28 MB; the others are left out."""

LANGUAGES = frozenset(
    {"root", "en", "de", "fr", "es", "it", "nl", "sv", "pl", "pt", "ar", "cs", "da", "fi", "ja", "nb", "no", "zh"}
)
"""The languages that the tools read, and those in whose forms they write money and dates, with all their regions.

Babel describes over 1,000 locales in 33 MB; the others are left out.
"""

_ROOM_FILES = frozenset({".py", ".json", ".toml", ".graphql", ".jinja", ".css", ".docx", ".pptx"})
_STAY_HERE = frozenset(
    {"schema/types.py", "schema/sdl.py", "schema/words.py", "schema/schema.graphql", "schema/words.json"}
)
"""The Strawberry types, the printers and what they print for others: no Lambda reads them."""

_SOURCE_ONLY = frozenset({".pyi", ".pyx", ".pxd", ".pxi", ".c", ".h", ".typed"})
"""Files for type checkers and compilers, which Python does not read."""


class BundlingError(Exception):
    """A Lambda can't be bundled. The message says what to do."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a bundle runs."""

    platform: str
    """A value of uv's `--python-platform`."""
    python: str


LAMBDA = Target("aarch64-manylinux_2_34", "3.14")
"""arm64 with Amazon Linux 2023's glibc, 2.34."""


@dataclass(frozen=True)
class Bundle:
    """The files of one zip: `group` is a dependency group of pyproject.toml, `rooms` are folders beside that file."""

    group: str
    rooms: Sequence[str]
    target: Target = LAMBDA

    @cached_property
    def fingerprint(self) -> str:
        """A hash that identifies what `write` writes.

        It depends on the lock file, the sources and these rules. It does not depend on the machine: two builders that
        deploy the same code in turns must not replace each other's bundles.
        """
        parts = [
            json.dumps([self.target.platform, self.target.python]),
            *(Path(rule).read_text(encoding="utf-8") for rule in (__file__, bytecode.__file__)),
            self._requirements,
            *(f"{name}\n{hashlib.sha256(file.read_bytes()).hexdigest()}" for name, file in self._sources()),
        ]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def write(self, folder: Path) -> None:
        """Fill an empty folder.

        Raises:
            BundlingError: there is no Python of the target's version to compile with, or uv is missing, or a wheel is
                not in its cache and can't be downloaded.
        """
        self._check_python()
        self._install(folder)
        for name, file in self._sources():
            into = folder / name
            into.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, into)
        bytecode.compile_all(folder, self.target.python)

    def _check_python(self) -> None:
        """A bundle without bytecode would work, but it would not be what other builders make under the same name."""
        python = self.target.python
        if not bytecode.compiles(python):
            raise BundlingError(
                f"There is no Python {python} here to byte-compile the Lambdas with: install it with"
                f" `uv python install {python}`, or `npm ci --prefix cdk/bundling/pyodide` in the project's folder."
            )

    @cached_property
    def _requirements(self) -> str:
        """The group's packages with the versions and hashes of the lock file."""
        only = ("--only-group", self.group, "--no-emit-project")
        return uv("export", "--project", str(ROOT), "--frozen", *only, "--no-header", "--no-annotate")

    def _install(self, folder: Path) -> None:
        platform = ("--python-platform", self.target.platform, "--python-version", self.target.python)
        exactly = ("--only-binary", ":all:", "--no-deps", "--require-hashes")
        into = ("--target", str(folder))  # these may be links into uv's cache: delete files, but never write to one
        try:
            uv("pip", "install", *into, *platform, *exactly, "--requirements", "-", given=self._requirements)
        except CommandError as fault:
            raise BundlingError(
                f"The {self.group} Lambda's packages for Python {self.target.python} on {self.target.platform} could "
                f"not be installed. uv fetches them once from the package index, then keeps them:\n{fault}"
            ) from fault
        _prune(folder, SERVICES[self.group])

    def _sources(self) -> Iterator[tuple[str, Path]]:
        """The rooms' files in order, each with its name in the bundle."""
        for room in self.rooms:
            for file in sorted((ROOT / room).rglob("*")):
                name = file.relative_to(ROOT).as_posix()
                if file.suffix in _ROOM_FILES and name not in _STAY_HERE:
                    yield name, file


def _prune(folder: Path, services: frozenset[str]) -> None:
    """Delete what no Lambda reads: scripts, tests, stubs, headers, and the services that it does not call."""
    shutil.rmtree(folder / "bin", ignore_errors=True)
    (folder / ".lock").unlink(missing_ok=True)
    described = folder / "botocore" / "data"
    unread = [one for one in described.iterdir() if one.is_dir() and one.name not in services]
    unread += [*folder.rglob("tests"), folder / "boto3" / "examples"]
    for locale in (folder / "babel" / "locale-data").glob("*.dat"):
        if locale.stem.partition("_")[0] not in LANGUAGES:
            locale.unlink()
    for one in unread:
        shutil.rmtree(one, ignore_errors=True)
    for file in folder.rglob("*"):
        # Keep METADATA and the licences, because scanners of deployed code read them. The other files are the
        # installer's; some say when and where it ran, so they would differ between machines.
        papers = file.parent.suffix == ".dist-info" and file.name != "METADATA"
        if file.is_file() and (papers or file.suffix in _SOURCE_ONLY):
            file.unlink()
