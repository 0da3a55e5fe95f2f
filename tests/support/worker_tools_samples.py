"""What the tests of the tools share: assessments, the proposals that they make, a workbench against moto's S3."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

import checkout
import pytest

from schema.assessment import Assessment
from worker.tools.analysis.analyzer import analyze
from worker.tools.pricing.calculator import price
from worker.tools.profile.reading import standard
from worker.tools.proposal.content import Proposal, proposal_of
from worker.tools.workbench import TemplateStore, Workbench
from worker.tools.workspace import ASSESSMENT, Workspace

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

NOTES = checkout.NOTES.read_text(encoding="utf-8")
TODAY = dt.date(2026, 11, 22)
SAMPLE = Assessment("Fennmark Logistics", "Customer portal", "Logistics", NOTES, "8 months", 8)

LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitän" * 4
AWKWARD = Assessment(
    client_name="Müller & Söhne <AG> \"Nord\" 'Süd' " * 5,
    project_name="R" * 200,
    industry="Insurance",
    requirements="\n".join(
        f"- The system must handle case {number} {tail}"
        for number, tail in enumerate(
            [
                "quickly",
                f"with {LONG_WORD}",
                "for the agent who reads it and the supervisor who approves it afterwards " * 4,
                "مع دعم اللغة العربية",
                "with emoji 🚀🎉 and 日本語の文字",
                'with <tags> & "quotes" and \x00control\x0b characters\x1f',
            ]
            * 50
        )
    )
    + "\n- يجب أن يدعم النظام must\n",
    duration="6-8 weeks",
    team_size=40,
)
SMALL = Assessment("Acme", "Shop", "Logistics", "- We must print labels\n- Orders come from SAP\n", "8 weeks", 4)
BARE = Assessment("X", None, None, "Hello there", None, None)


def proposal(assessment: Assessment) -> Proposal:
    """The proposal that an assessment leads to, priced on `TODAY`."""
    requirements = analyze(assessment.requirements, today=TODAY)
    costs = price(assessment, requirements, standard(), TODAY)
    return proposal_of(assessment, requirements, costs, standard(), reference="7F3A9C21")


PROPOSALS = {"sample": proposal(SAMPLE), "awkward": proposal(AWKWARD), "bare": proposal(BARE)}


def each_with(templates: Iterable[str]) -> list[pytest.ParameterSet]:
    """Parameters for a document of each proposal by each template: (the proposal's name, the template's name).

    The sample by every template and the smallest by the built-in design are enough. The rest is `thorough`.
    """
    return [
        pytest.param(
            (name, by),
            id=f"{name}-{by}",
            marks=[pytest.mark.thorough] if name == "awkward" or (by == "house" and name != "sample") else [],
        )
        for name in PROPOSALS
        for by in templates
    ]


def workbench(
    s3: "S3Client", assessment: Assessment | None = None, *, templates: str | None = None, today: dt.date = TODAY
) -> Workbench:
    """A workbench over a new bucket, with the assessment in its workspace as the worker leaves it."""
    bucket = f"artifacts-{uuid.uuid4()}"
    s3.create_bucket(Bucket=bucket)
    workspace = Workspace(s3, bucket, str(uuid.uuid4()))
    if assessment is not None:
        workspace.write_json(ASSESSMENT, asdict(assessment))
    return Workbench(workspace, TemplateStore(s3, templates), today)
