"""TemplateRetriever: finds the house templates for the documents.

It looks under the client's name, its industry, its sector, and then under `default/`, and takes the newest .pptx and
.docx file from the first of these that has one. It never opens the files, and it is not an error to find none: the
documents then get the templates that ship with the tools.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from worker.tools.assessment import read_assessment
from worker.tools.pricing.sectors import sector_of, slug
from worker.tools.workbench import MissingInputError, TemplateFile, TemplateStore, Workbench
from worker.tools.workspace import TEMPLATES, Workspace, digest

DEFAULT = "default"
LOCK_FILE = "~$"
"""The first characters of the names of Office's lock files. These have a document's extension but aren't documents."""


@dataclass(frozen=True)
class Templates:
    """The keys of the chosen templates. None means that the document gets the template that ships with the tools."""

    presentation: str | None
    document: str | None


def places(client: str, industry: str | None) -> tuple[str, ...]:
    """The prefixes to look under, the most specific first. A client called "Fennmark AB" has `fennmark-ab/`."""
    sector = sector_of(industry)
    named = (slug(client), slug(industry or ""), sector.slug if sector else "", DEFAULT)
    return tuple(f"{name}/" for name in dict.fromkeys(named) if name)


def choose(files: Sequence[Sequence[TemplateFile]], extension: str) -> TemplateFile | None:
    """The newest file with this extension under the first prefix that has one."""
    for place in files:
        fitting = [
            file
            for file in place
            if file.key.lower().endswith(extension)
            and file.size
            and not file.key.rpartition("/")[2].startswith(LOCK_FILE)
        ]
        if fitting:
            return max(fitting, key=lambda file: (file.modified, file.key))
    return None


def read_templates(workspace: Workspace) -> Templates:
    """Read which templates were chosen for the session.

    Raises:
        MissingInputError: TemplateRetriever has not run yet.
    """
    value = workspace.read_json(TEMPLATES)
    if value is None:
        raise MissingInputError(f"{TEMPLATES} is missing: call TemplateRetriever first")
    return Templates(_key(value.get("presentation")), _key(value.get("document")))


def run(workbench: Workbench) -> Mapping[str, object]:
    """Look for templates, and write to the workspace what was found."""
    assessment = read_assessment(workbench.workspace)
    searched = places(assessment.client_name, assessment.industry)
    found = _search(workbench.templates, searched)
    paths = [file["key"] for file in found.values() if file]
    value = {**found, "paths": paths, "searched": list(searched)}
    made_from = digest(json.dumps(value).encode())
    reused = workbench.workspace.made_from(TEMPLATES) == made_from
    if not reused:
        workbench.workspace.write_json(TEMPLATES, value, made_from=made_from)
    note = "" if paths else "no template found: the documents get the templates that ship with the tools"
    return {"templates": paths, "searched": list(searched), "reused": reused, "note": note}


def _search(store: TemplateStore, searched: Sequence[str]) -> dict[str, dict[str, str] | None]:
    files = [list(store.files(prefix)) for prefix in searched]
    chosen = {"presentation": choose(files, ".pptx"), "document": choose(files, ".docx")}
    return {name: {"key": file.key, "etag": file.etag} if file else None for name, file in chosen.items()}


def _key(entry: object) -> str | None:
    return str(entry["key"]) if isinstance(entry, dict) else None
