"""Random proposals as statements of work: the figures of the price and no others, and a document that Word takes."""

import io

import figures_in
import pytest
from docx import Document
from hypothesis import HealthCheck, given, settings
from package_search import faults
from random_proposals import SEVERAL, proposals
from word_search import dangling_references, formatted_directly, headings_without_content, undefined_styles

from worker.tools.proposal.content import Proposal
from worker.tools.sow.generator import draw

FEW = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def check(proposal: Proposal) -> None:
    body = draw(proposal, None).body
    text = figures_in.of_document(body)
    assert figures_in.missing(text, proposal) == set()
    assert figures_in.strange(text, proposal) == set()
    assert faults(body) == []
    document = Document(io.BytesIO(body))
    assert undefined_styles(document) == set()
    assert formatted_directly(document) == []
    assert dangling_references(document) == set()
    assert headings_without_content(document) == []


@FEW
@given(proposals())
def test_a_random_proposal_is_written_with_its_figures_and_sound(proposal: Proposal) -> None:
    check(proposal)


@pytest.mark.thorough
@SEVERAL
@given(proposals())
def test_many_random_proposals_are_written_with_their_figures_and_sound(proposal: Proposal) -> None:
    check(proposal)
