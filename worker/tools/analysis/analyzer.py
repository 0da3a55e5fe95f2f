"""RequirementsAnalyzer: has a reader read the meeting notes and writes requirements.json.

The agent is told counts, never a text of the notes. `warnings` are for the person who follows the session: the worker
publishes each as a WARNING event.
"""

import datetime as dt
from collections.abc import Mapping

from worker.tools.analysis.reader import Reader
from worker.tools.analysis.rules.reader import RulesReader
from worker.tools.assessment import read_assessment
from worker.tools.requirements import Analysis, Kind, from_json
from worker.tools.review.versions import is_reviewed
from worker.tools.workbench import Workbench
from worker.tools.workspace import REQUIREMENTS, digest

COUNTS: Mapping[Kind, str] = {
    Kind.FUNCTIONAL: "functional",
    Kind.NON_FUNCTIONAL: "non_functional",
    Kind.INTEGRATION: "integrations",
    Kind.CONSTRAINT: "constraints",
    Kind.OUT_OF_SCOPE: "out_of_scope",
    Kind.OPEN_QUESTION: "open_questions",
}
"""What the answer to the agent calls the number of each kind."""


def run(workbench: Workbench) -> Mapping[str, object]:
    """Analyze the session's notes, unless the workspace holds an analysis of the same notes by the same reader.

    An analysis that the rules made because the model failed is not the one that was asked for: the model tries again.
    """
    workspace = workbench.workspace
    notes = read_assessment(workspace).requirements
    asked = f"model {workbench.notes_model.model_id}" if workbench.notes_model else RulesReader.name
    made_from = digest(f"{asked}\n{notes}".encode("utf-8", "surrogatepass"))
    made = workspace.made_from(REQUIREMENTS)
    existing = _existing(workbench) if made == made_from or is_reviewed(made) else None
    found = existing or _read(notes, workbench)
    if existing is None:
        workspace.write_json(REQUIREMENTS, found.as_json(), made_from=made_from)
    return {
        **{name: found.count(kind) for kind, name in COUNTS.items()},
        "facts": sorted(found.facts.as_json()),
        "complexity": found.complexity.level,
        "reasons": list(found.complexity.reasons),
        "confidence": found.confidence,
        "warnings": [*workbench.notices, *found.warnings],
        "reused": existing is not None,
    }


def _existing(workbench: Workbench) -> Analysis | None:
    """The analysis in the workspace, unless the rules made it in place of a model."""
    value = workbench.workspace.read_json(REQUIREMENTS)
    found = from_json(value) if value else None
    in_place = found is not None and workbench.notes_model is not None and found.reader == RulesReader.name
    return None if in_place else found


def _read(notes: str, workbench: Workbench) -> Analysis:
    """What the model finds in the notes; the rules, where there is none."""
    if workbench.notes_model is None:
        return analyze(notes, today=workbench.today)
    from worker.tools.analysis.model.model_reader import ModelReader  # noqa: PLC0415 - only where there is a model

    reader = ModelReader(workbench.notes_model, RulesReader())
    try:
        return analyze(notes, today=workbench.today, reader=reader)
    finally:
        workbench.usage.extend(reader.log.usage)
        workbench.notices.extend(reader.log.warnings)
        workbench.faults.extend(reader.log.faults)


def analyze(notes: str, *, today: dt.date, reader: Reader | None = None) -> Analysis:
    """What a reader finds in the notes; the rules, where none is given."""
    return (reader or RulesReader()).read(notes, today=today)
