"""What a session's calls of the model take of Bedrock's quota of tokens a minute, by Converse's rules.

A call reserves its input, what it reads from the cache, and all of `maxTokens` when it starts. When it ends, Bedrock
counts its input and five times its output instead; what was read from the cache no longer counts (Amazon Bedrock, How
tokens are counted). `maxTokens` are the worker's own; the tokens themselves are those that `cdk.costs` assumes.
"""

from collections.abc import Iterator, Sequence

from cdk.costs import FIRST_TURN, LATER_TURN, NOTES, ModelCall
from worker.agents.converse import stream
from worker.tools.analysis.model import asking

from .meters import Call

OUTPUT_FACTOR = 5
"""How often an output token counts, for Anthropic's models."""
OUTPUT_TOKENS_A_SECOND = 110
"""Of the model: an assumption, with which the reading of the notes ends when its tool does."""


def calls(turns: Sequence[float]) -> Iterator[Call]:
    """The calls of a session whose agent takes its turns at these seconds.

    The notes are read after the first turn, which calls the tool for it.
    """
    first, *later = turns
    opening = _call(first, FIRST_TURN, stream.MAX_TOKENS)
    yield opening
    yield _call(first + opening.seconds, NOTES, asking.MAX_TOKENS)
    for at in later:
        yield _call(at, LATER_TURN, stream.MAX_TOKENS)


def _call(at: float, made: ModelCall, max_tokens: int) -> Call:
    return Call(
        at,
        made.output_tokens / OUTPUT_TOKENS_A_SECOND,
        made.input_tokens + made.cache_read_tokens + max_tokens,
        made.input_tokens + OUTPUT_FACTOR * made.output_tokens,
    )
