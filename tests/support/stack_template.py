"""The synthesized stack as tests look at it: its template, found by construct rather than by logical id.

Functions carry a line of text in place of their bundles, which says what they would be bundled from.
"""

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Resource:
    """One resource of the template."""

    logical_id: str
    path: str
    """Its construct's path below the stack: `Worker/Function`."""
    type: str
    body: Json

    @property
    def properties(self) -> Json:
        properties: Json = self.body.get("Properties", {})
        return properties


@dataclass(frozen=True)
class Template:
    """A synthesized template."""

    body: Json
    resources: tuple[Resource, ...]

    def all(self, kind: str) -> list[Resource]:
        return [one for one in self.resources if one.type == f"AWS::{kind}"]

    def one(self, kind: str, path: str = "") -> Resource:
        """The only resource of a kind, of those at a construct's path and below."""
        (found,) = (one for one in self.all(kind) if f"/{one.path}/".startswith(f"/{path}/" if path else "/"))
        return found

    def arn(self, kind: str, path: str = "", attribute: str = "Arn") -> Json:
        return {"Fn::GetAtt": [self.one(kind, path).logical_id, attribute]}

    def statements(self, construct: str) -> list[Json]:
        """What the role of a construct may do."""
        role = self.one("IAM::Role", construct)
        return [
            statement
            for policy in self.all("IAM::Policy")
            if {"Ref": role.logical_id} in policy.properties["Roles"]
            for statement in policy.properties["PolicyDocument"]["Statement"]
        ]

    def rights(self, construct: str) -> dict[str, list[str]]:
        """The same, from each action to its resources as text."""
        found: dict[str, list[str]] = {}
        for statement in self.statements(construct):
            assert statement["Effect"] == "Allow"
            for action in listed(statement["Action"]):
                found.setdefault(action, []).extend(self.text(resource) for resource in listed(statement["Resource"]))
        return found

    def text(self, value: object) -> str:
        """A value in words: what stands for a resource becomes `{its path}`."""
        match value:
            case str():
                return value
            case {"Fn::Join": [separator, parts]}:
                return str(separator).join(self.text(part) for part in parts)
            case {"Ref": name}:
                return self._named(name)
            case {"Fn::GetAtt": [name, _]}:
                return self._named(name)
        raise TypeError(f"{value!r} is no text")

    def outputs(self) -> dict[str, str]:
        return {key: self.text(output["Value"]) for key, output in self.body["Outputs"].items()}

    def _named(self, name: str) -> str:
        paths = {one.logical_id: one.path for one in self.resources}
        return "{" + paths.get(name, name) + "}"


def listed(value: Any) -> list[Any]:  # noqa: ANN401 - JSON
    """A policy writes one thing without a list."""
    return value if isinstance(value, list) else [value]


def synthesized(folder: Path | None = None, *, judged: bool = False, **context: object) -> Template:
    """The template with this context; no bundle is made for it. `judged`: cdk-nag's packs must find nothing new."""
    from aws_cdk import Validations  # noqa: PLC0415 - a test that needs no stack need not start Node
    from aws_cdk.aws_lambda import Code, InlineCode  # noqa: PLC0415 - the same

    from cdk.app import app  # noqa: PLC0415 - the same

    def code(group: str, rooms: Sequence[str]) -> InlineCode:
        return Code.from_inline(f"{group}: {' '.join(rooms)}")

    with tempfile.TemporaryDirectory() as elsewhere:
        place = folder or Path(elsewhere)
        made = app(outdir=str(place), context={"aws:cdk:enable-path-metadata": True, **context}, code=code)
        if judged:
            from cdk_nag import AwsSolutionsChecks, ServerlessChecks  # noqa: PLC0415 - the same

            Validations.of(made).add_plugins(AwsSolutionsChecks(made), ServerlessChecks(made))
        made.synth()
        name = context.get("stackName", "ScopeSmith")
        body = json.loads((place / f"{name}.template.json").read_text(encoding="utf-8"))
    return Template(body, tuple(_resources(body["Resources"])))


def _resources(resources: Mapping[str, Json]) -> Iterator[Resource]:
    for logical_id, body in resources.items():
        path = body.get("Metadata", {}).get("aws:cdk:path", "").partition("/")[2].removesuffix("/Resource")
        yield Resource(logical_id, path, body["Type"], body)
