"""Reads the logo that the profile names from the templates bucket.

A logo that can't be shown is a warning, never a failure: the documents then have none.
"""

import io
from dataclasses import replace

from worker.tools.proposal.content import Proposal
from worker.tools.workbench import TemplateStore

MOST_BYTES = 2_000_000
MOST_PIXELS = 25_000_000
"""A small file can hold a picture that takes gigabytes of memory."""
_FORMATS = ("PNG", "JPEG")


def with_logo(proposal: Proposal, templates: TemplateStore) -> tuple[Proposal, tuple[str, ...]]:
    """The proposal with its logo, and a warning if the profile names one that can't be shown."""
    key = proposal.profile.design.logo
    if not key:
        return proposal, ()
    body = templates.read(key)
    fault = f"there is no {key} in the templates bucket" if body is None else _fault(body)
    if body is None or fault:
        return proposal, (f"the logo of the profile, {key}, is left out: {fault}.",)
    return replace(proposal, logo=body), ()


def _fault(body: bytes) -> str:
    """Why these bytes are no logo; empty if they are one."""
    if len(body) > MOST_BYTES:
        return f"it has {len(body):,} bytes, more than {MOST_BYTES:,}"
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - takes 50 ms, and most profiles name no logo

    try:
        with Image.open(io.BytesIO(body), formats=_FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return f"it has {picture.width} x {picture.height} pixels, more than {MOST_PIXELS:,}"
            picture.verify()
    except UnidentifiedImageError:
        return "it is neither a PNG nor a JPEG"
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        return f"it is damaged ({error})"
    return ""
