"""Searches Office files: for a text in every part, and for what Office would have to repair.

It shares no code with the check that the product makes of its own documents.
"""

import io
import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterator

OLD = "Oldenburg Instruments"
"""The client of the earlier documents. No new document may name it."""

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0000003010100c9fe92ef"
    "0000000049454e44ae426082"
)
"""The smallest PNG picture."""


def contents(body: bytes, place: str = "") -> Iterator[tuple[str, bytes]]:
    """Each file in an Office file, with those in files that are embedded in it."""
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        for entry in package.infolist():
            content = package.read(entry)
            yield place + entry.filename, content
            if zipfile.is_zipfile(io.BytesIO(content)):
                yield from contents(content, f"{place}{entry.filename}!")


def places_of(text: str, body: bytes) -> list[str]:
    """The files that have a text in their name or content, in any of the encodings that Office uses."""
    forms = [text.encode("utf-8").lower(), text.encode("utf-16-le").lower(), text.encode("utf-16-be").lower()]
    return [
        name
        for name, content in contents(body)
        if text.lower() in name.lower() or any(form in content.lower() for form in forms)
    ]


def names(body: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        return package.namelist()


def faults(body: bytes) -> list[str]:
    """Duplicate names, relationships without a target, references without a relationship, and unreachable parts."""
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        files = {name: package.read(name).decode("utf-8", "replace") for name in package.namelist()}
    found = [f"twice: {name}" for name, count in Counter(name.lower() for name in names(body)).items() if count > 1]
    reached, waiting = set[str](), [""]
    while waiting:
        source = waiting.pop()
        folder, _, file = source.rpartition("/")
        relationships = files.get(posixpath.join(folder, "_rels", f"{file}.rels"), "")
        ids = set(re.findall(r'\bId="([^"]*)"', relationships))
        used = set(re.findall(r'\b(?:r:\w+|o:relid)="([^"]+)"', files.get(source, "")))
        found += [f"no relationship: {source} {each}" for each in used - ids]
        for element in re.findall(r"<Relationship\b[^>]*>", relationships):
            if 'TargetMode="External"' in element:
                continue
            (target,) = re.findall(r'\bTarget="([^"]*)"', element)
            path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            if path not in files:
                found.append(f"no target: {source} {path}")
            elif path not in reached:
                reached.add(path)
                waiting.append(path)
    parts = {name for name in files if not name.endswith(".rels") and name != "[Content_Types].xml"}
    return found + [f"unreachable: {name}" for name in parts - reached]
