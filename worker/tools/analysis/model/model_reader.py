"""The reader that asks a model, with the rules behind it: `analyzer` uses it where a model is set up.

It always gives an analysis. Where the model's answer can't be used, the rules read the notes and a warning says why.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from worker.tools.analysis import complexity
from worker.tools.analysis.model import notes as numbered
from worker.tools.analysis.model import reader
from worker.tools.analysis.model.answer import Answer, lines_of
from worker.tools.analysis.model.asking import Log, ModelReadError
from worker.tools.analysis.model.evidence import gives_orders
from worker.tools.analysis.reader import Reader
from worker.tools.analysis.rules import confidence
from worker.tools.requirements import ID_PREFIXES, Analysis, Kind, Requirement
from worker.tools.workbench import NotesModel


@dataclass(frozen=True)
class ModelReader:
    """Reads notes with a model."""

    model: NotesModel
    fallback: Reader
    log: Log = field(default_factory=Log)
    """Takes what the model's calls have spent, and what happened on the way."""
    name: str = "model"

    def read(self, notes: str, *, today: dt.date) -> Analysis:
        """What the notes ask for, by the model or by the fallback."""
        try:
            reading = reader.read(notes, self.model, today=today, log=self.log)
        except ModelReadError as error:
            found = self.fallback.read(notes, today=today)
            warning = (
                f"The model {self.model.model_id} could not read the notes, because {error}. Rules have read them:"
                " compare the requirements with the notes before you rely on the price."
            )
            return replace(found, warnings=(warning, *found.warnings))
        if reading.parts > 1:
            self.log.warnings.append(
                f"The notes are long: the model has read them in {reading.parts} overlapping parts and merged these."
            )
        return self._analysis(reading.answer, notes, today)

    def _analysis(self, answer: Answer, notes: str, today: dt.date) -> Analysis:
        requirements = tuple(_with_ids(answer.requirements))
        cited = {line for each in requirements for line in each.lines}
        cited |= {line for _, lines in lines_of(answer.facts) for line in lines}
        share = confidence.covered(notes, cited, today=today)
        return Analysis(
            requirements=requirements,
            complexity=complexity.weigh(requirements),
            facts=answer.facts,
            confidence=share,
            warnings=tuple(_warnings(notes, share)),
            reader=self.name,
        )


def _with_ids(requirements: Sequence[Requirement]) -> Iterator[Requirement]:
    """The requirements in the order of the notes, numbered by kind."""
    numbers = dict.fromkeys(Kind, 0)
    for requirement in sorted(requirements, key=lambda one: one.lines):
        numbers[requirement.kind] += 1
        yield replace(requirement, id=f"{ID_PREFIXES[requirement.kind]}-{numbers[requirement.kind]}")


def _warnings(notes: str, share: float) -> Iterator[str]:
    if share < confidence.LOW:
        yield (
            f"The model's answer accounts for {share:.0%} of the lines of the notes: requirements are likely to be"
            " missing. Check the list before you rely on the price."
        )
    orders = sorted({piece.number for piece in numbered.pieces(notes) if gives_orders(piece.text)})
    if orders:
        lines = ", ".join(map(str, orders))
        yield (
            f"The notes give orders to whoever reads them. They were left out: line{'s' * (len(orders) > 1)} {lines}."
        )
