"""RequirementsAnalyzer: reads the meeting notes and writes requirements.json.

The same notes always give the same requirements. Each has the lines of the notes that state it, and a repeated one has
all of its lines. No statement is dropped except greetings and small talk: one that asks for nothing becomes a note.
"""

import re
from collections.abc import Mapping

from worker.tools.analysis import complexity
from worker.tools.analysis.classify import classify
from worker.tools.analysis.notes import read_statements
from worker.tools.assessment import read_assessment
from worker.tools.requirements import ID_PREFIXES, Item, Kind, Requirements, from_json
from worker.tools.workbench import Workbench
from worker.tools.workspace import REQUIREMENTS, digest

_WORDS = re.compile(r"\w+")


def run(workbench: Workbench) -> Mapping[str, object]:
    """Analyze the session's notes, unless the workspace holds an analysis of the same notes."""
    workspace = workbench.workspace
    notes = read_assessment(workspace).requirements
    made_from = digest(notes.encode("utf-8", "surrogatepass"))
    existing = workspace.read_json(REQUIREMENTS) if workspace.made_from(REQUIREMENTS) == made_from else None
    found = from_json(existing) if existing else analyze(notes)
    if not existing:
        workspace.write_json(REQUIREMENTS, found.as_json(), made_from=made_from)
    return {
        **{kind.value: found.count(kind) for kind in Kind},
        "complexity": found.complexity.level,
        "reasons": list(found.complexity.reasons),
        "reused": existing is not None,
    }


def analyze(notes: str) -> Requirements:
    """Sort free notes into requirements."""
    # Statements that differ only in case, punctuation or white space count as the same one, of the kind seen first.
    texts: dict[Kind, dict[str, str]] = {kind: {} for kind in Kind}
    places: dict[str, tuple[Kind, dict[int, None]]] = {}
    left_out = 0
    for classified in classify(list(read_statements(notes))):
        statement = classified.statement
        if classified.kind is None:
            left_out += 1
            continue
        same = " ".join(_WORDS.findall(statement.text.casefold()))
        kind, lines = places.setdefault(same, (classified.kind, {}))
        texts[kind].setdefault(same, statement.text)
        lines.update(dict.fromkeys(statement.lines))
    items = {
        kind: tuple(
            Item(f"{ID_PREFIXES[kind]}-{number}", text, tuple(places[same][1]))
            for number, (same, text) in enumerate(found.items(), start=1)
        )
        for kind, found in texts.items()
    }
    stated = [item.text for kind, found in items.items() if kind is not Kind.NOTE for item in found]
    return Requirements(items, complexity.weigh({kind: len(items[kind]) for kind in Kind}, stated), left_out)
