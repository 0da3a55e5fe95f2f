"""The speaker notes of a slide: what to say, and the lines of the client's notes that it rests on."""

from collections.abc import Iterable, Iterator

from worker.tools.deck.words import many
from worker.tools.proposal.content import Proposal
from worker.tools.requirements import Requirement

_MOST_SOURCES = 60
_LONGEST_QUOTE = 200


def speaker_notes(
    proposal: Proposal, say: Iterable[str], requirements: Iterable[Requirement] = (), lines: Iterable[int] = ()
) -> list[str]:
    """What to say, then each source with its words."""
    sources = [*_of(proposal, requirements), *(f"{_quoted(proposal, each)}" for each in lines)]
    sources = [source for source in sources if source]
    if not sources:
        return [*say, "", "This slide rests on the estimate and on our standard terms."]
    more = len(sources) - _MOST_SOURCES
    rest = [f"… and {many(more, 'source')} more: the statement of work lists them all."] if more > 0 else []
    return [*say, "", "Sources in the notes:", *sources[:_MOST_SOURCES], *rest]


def _of(proposal: Proposal, requirements: Iterable[Requirement]) -> Iterator[str]:
    for each in requirements:
        if each.lines:
            yield f"{each.id}: {'; '.join(_quoted(proposal, number) for number in each.lines)}"
        else:
            yield f"{each.id}: {each.text[:_LONGEST_QUOTE]}"


def _quoted(proposal: Proposal, line: int) -> str:
    quote = proposal.quote(line)
    cut = quote if len(quote) <= _LONGEST_QUOTE else quote[: _LONGEST_QUOTE - 2].rstrip() + " …"
    return f"line {line}, “{cut}”" if cut else f"line {line}"
