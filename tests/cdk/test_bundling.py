"""What the Lambdas' zips hold, and that their handlers need nothing besides."""

import ast
import hashlib
import io
import json
import os
import re
import struct
import sys
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from fakes import lambda_context
from prerequisites import absent
from programs import PYTHON, ran

from cdk.__main__ import main
from cdk.bundling import bytecode
from cdk.bundling.contents import LAMBDA, ROOT, SERVICES, Bundle, BundlingError, Target
from cdk.bundling.contents import LANGUAGES as KEPT_LANGUAGES
from worker.tools.analysis.rules.lexicon import LANGUAGES
from worker.tools.profile.reading import standard

THIS_MACHINE = Target(f"{os.uname().machine}-manylinux_2_28", f"{sys.version_info.major}.{sys.version_info.minor}")

HANDLERS = {
    "resolvers.handler": ("resolvers", ("schema", "resolvers")),
    "worker.handler": ("worker", ("schema", "worker")),
    "worker.failure.handler": ("worker", ("schema", "worker")),
    "worker.tools.handler": ("tools", ("schema", "worker")),
}
"""Each Lambda's module, with the group and the rooms that it is bundled from."""

MEGABYTES = {"resolvers": 15, "worker": 40, "tools": 40}
"""The largest that a zip may be."""

AARCH64 = 183
"""This machine in an ELF header's e_machine."""

MAGIC = {"3.14": 3627}
"""The first two bytes of a .pyc of a Python version."""

SOURCES = {"resolvers": ("resolvers",), "worker": ("worker",), "tools": ("worker/tools",)}
"""Where the clients of a group's Lambdas are made."""

Bundles = Callable[[str, Target], Path]


def bundle(group: str, target: Target = LAMBDA) -> Bundle:
    rooms = next(rooms for named, rooms in HANDLERS.values() if named == group)
    return Bundle(group, rooms, target)


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Bundles:
    """Each group's bundle, written once."""

    @cache
    def written(group: str, target: Target) -> Path:
        folder = tmp_path_factory.mktemp(group)
        try:
            bundle(group, target).write(folder)
        except BundlingError as reason:
            absent(f"prepare this machine to bundle Lambdas: {reason}")
        return folder

    return written


def zipped(folder: Path) -> int:
    """The size of the folder's zip, packed in haste: bytes. A deployed one is smaller."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for file in folder.rglob("*"):
            archive.write(file, file.relative_to(folder))
    return len(into.getbuffer())


def clients(folder: Path) -> Iterator[str]:
    """The services that the sources below a folder make boto3 clients of."""
    for file in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(attr="client" | "resource"), args=[ast.Constant(value=str(name)), *_]):
                    yield name


@pytest.mark.parametrize("group", SERVICES)
def test_a_bundle_keeps_the_descriptions_of_exactly_the_services_that_its_lambdas_call(group: str) -> None:
    """boto3 can make no client of a service that botocore does not describe."""
    assert {name for room in SOURCES[group] for name in clients(ROOT / room)} == SERVICES[group]


def test_a_bundle_keeps_the_locales_of_the_languages_that_the_rules_read_and_of_the_default_profile() -> None:
    assert {*LANGUAGES, "root", standard().locale.partition("_")[0]} <= KEPT_LANGUAGES


def test_a_bundle_is_named_for_what_it_is_made_of() -> None:
    """The same inputs have the same name, so that nothing is deployed twice; any other input has another."""
    names = [bundle("worker").fingerprint, bundle("resolvers").fingerprint, bundle("worker", THIS_MACHINE).fingerprint]
    assert bundle("worker").fingerprint == names[0]
    assert len(set(names)) == 3


def test_without_the_packages_the_error_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Offline, with nothing in uv's cache, bundling ends with the group, the platform and the way out."""
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(bytecode, "compiles", lambda _: True)
    with pytest.raises(BundlingError, match=r"resolvers Lambda's packages for Python 3\.14 on aarch64.*fetches them"):
        bundle("resolvers").write(tmp_path)


def test_a_machine_without_lambdas_python_would_give_the_same_bundle_the_same_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Or two builders that deploy in turns would replace each other's Lambdas each time."""
    names = []
    for found in (True, False):
        monkeypatch.setattr(bytecode, "compiles", lambda _, found=found: found)
        names.append(bundle("resolvers").fingerprint)
    assert names[0] == names[1]


def test_a_machine_without_lambdas_python_makes_no_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One without bytecode would not be what another builder makes under the same name."""
    monkeypatch.setattr(bytecode, "compiles", lambda _: False)
    with pytest.raises(BundlingError, match=r"no Python 3\.14 here .* `uv python install 3\.14`, or `npm ci"):
        bundle("resolvers").write(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_the_command_says_that_it_lacks_lambdas_python_without_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Though the bundling runs inside the CDK's engine, which has errors of its own."""
    monkeypatch.setattr(bytecode, "compiles", lambda _: False)
    assert main(["--out", str(tmp_path)]) == 1
    told = capfd.readouterr().err
    assert "There is no Python 3.14 here to byte-compile the Lambdas with: install it" in told
    assert "Traceback" not in told


async def test_the_worker_starts_without_the_document_libraries() -> None:
    """They take 280 ms to import, so only the tools that write documents import them, when they are called."""
    loaded = "import sys, worker.handler; print(sorted({'docx', 'pptx', 'lxml', 'PIL'} & sys.modules.keys()))"
    assert (await ran(PYTHON, "-c", loaded))[:2] == (0, "[]\n")


@pytest.mark.slow
@pytest.mark.parametrize("group", SERVICES)
def test_a_zip_is_small(group: str, bundles: Bundles) -> None:
    """A small zip starts sooner: the resolvers stay under 15 MB, the worker under 40."""
    assert zipped(bundles(group, LAMBDA)) < MEGABYTES[group] * 1_000_000


@pytest.mark.slow
@pytest.mark.parametrize("group", SERVICES)
def test_a_bundle_holds_its_own_packages_and_its_rooms_alone(group: str, bundles: Bundles) -> None:
    """What stands at the top is a room, or a package that the lock file pins for this group."""
    folder = bundles(group, LAMBDA)
    one = bundle(group)
    pinned = {name.lower() for name in re.findall(r"^([\w.-]+)==", one._requirements, re.MULTILINE)}  # noqa: SLF001 - what the lock says
    installed = {file.name.split("-")[0].replace("_", "-").lower() for file in folder.glob("*.dist-info")}
    assert installed == pinned
    foreign = {"strawberry", "graphql", "pydantic", "moto", "aiohttp", "gql", "rich", "resolvers", "worker", "schema"}
    assert {file.name for file in folder.iterdir()} & foreign == set(one.rooms)
    assert not (folder / "schema" / "types.py").exists()


@pytest.mark.slow
@pytest.mark.parametrize("group", SERVICES)
def test_what_is_compiled_is_for_arm64_and_python_3_14(group: str, bundles: Bundles) -> None:
    """Every extension module would load on Lambda's Graviton, whatever machine it was bundled on."""
    for file in bundles(group, LAMBDA).rglob("*.so*"):
        (machine,) = struct.unpack_from("<H", file.read_bytes(), 18)
        assert machine == AARCH64, file
        assert "cpython-" not in file.name or "cpython-314-" in file.name, file


@pytest.mark.slow
@pytest.mark.parametrize("group", SERVICES)
def test_every_module_is_byte_compiled_for_lambdas_python(group: str, bundles: Bundles) -> None:
    """A cold start finds bytecode that it trusts unseen: unchecked, for a zip keeps no times."""
    folder = bundles(group, LAMBDA)
    sources = [*folder.rglob("*.py")]
    assert len(sources) > 300
    for source in sources:
        compiled = source.parent / "__pycache__" / f"{source.stem}.cpython-314.pyc"
        magic, crlf, flags = struct.unpack_from("<HHI", compiled.read_bytes())
        assert (magic, crlf, flags) == (MAGIC["3.14"], 0x0A0D, 0b01), source


@pytest.mark.slow
def test_two_bundles_of_the_same_are_the_same(tmp_path: Path, bundles: Bundles) -> None:
    """Nothing of the moment or the place gets into a bundle."""
    again = tmp_path / "elsewhere"
    again.mkdir()
    bundle("resolvers").write(again)
    assert contents(again) == contents(bundles("resolvers", LAMBDA))


def contents(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file()
    }


ALONE = """
import importlib, json, runpy, sys
sys.path.insert(0, sys.argv[1])
module = importlib.import_module(sys.argv[2])
outside = [one.__file__ for one in list(sys.modules.values())
           if getattr(one, "__file__", None) and "site-packages" in one.__file__]
assert not outside, outside
event = json.load(sys.stdin)
context = runpy.run_path(sys.argv[3])["lambda_context"]()
print(json.dumps(module.handler(event, context) if event else None))
for service in sys.argv[4:]:
    import boto3
    boto3.client(service)
"""
"""Runs a handler with nothing but a bundle and the standard library, then makes every client that it may need."""


async def alone(folder: Path, module: str, event: object, environment: dict[str, str], *services: str) -> object:
    """What a handler answers when there is nothing but its bundle; an event of None is only imported for."""
    code, out, err = await ran(
        PYTHON,
        "-I",
        "-S",
        "-c",
        ALONE,
        folder,
        module,
        str(lambda_context.__file__),
        *services,
        variables={"AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1", **environment},
        given=json.dumps(event),
    )
    assert code == 0, err
    return json.loads(out.splitlines()[-1])


SETTINGS = {
    "ARTIFACTS_BUCKET_NAME": "artifacts",
    "TEMPLATES_BUCKET_NAME": "templates",
    "WORKER_FUNCTION_NAME": "worker",
    "SESSIONS_TABLE_NAME": "sessions",
    "GRAPHQL_URL": "https://api.example.com/graphql",
    "POWERTOOLS_TRACE_DISABLED": "true",
}


@pytest.mark.slow
@pytest.mark.parametrize("module", HANDLERS)
async def test_a_handler_needs_nothing_but_its_bundle(module: str, bundles: Bundles) -> None:
    """It is imported, and makes its clients, where there is only the standard library besides."""
    group, _ = HANDLERS[module]
    assert await alone(bundles(group, THIS_MACHINE), module, None, SETTINGS, *SERVICES[group]) is None


@pytest.mark.slow
async def test_the_resolvers_bundle_answers_a_recorded_event(bundles: Bundles, aws: str, sessions_table: str) -> None:
    """Against a table, it lists a user's sessions: none yet."""
    event = json.loads((ROOT / "tests" / "data" / "resolvers" / "sessions_as_user.json").read_text(encoding="utf-8"))
    credentials = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_ENDPOINT_URL": aws}
    environment = {**SETTINGS, **credentials, "SESSIONS_TABLE_NAME": sessions_table}
    answer = await alone(bundles("resolvers", THIS_MACHINE), "resolvers.handler", event, environment)
    assert answer == {"items": [], "nextToken": None}
