"""The profile's logo: a PNG or JPEG of the templates bucket, or a warning and no logo."""

import dataclasses
import io
import struct
import uuid
import zlib
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from worker_tools_samples import PROPOSALS

from worker.tools.documents.logo import MOST_BYTES, with_logo
from worker.tools.proposal.content import Proposal
from worker.tools.workbench import TemplateStore

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


def picture(kind: str) -> bytes:
    into = io.BytesIO()
    Image.new("RGB", (40, 20), "navy").save(into, kind)
    return into.getvalue()


def huge() -> bytes:
    """A PNG of a few bytes that says it has 6,000 by 6,000 pixels."""
    png = picture("PNG")
    header = b"IHDR" + struct.pack(">II", 6_000, 6_000) + png[24:29]
    return png[:12] + header + struct.pack(">I", zlib.crc32(header)) + png[33:]


def named(key: str) -> Proposal:
    """The sample with a profile that names this logo."""
    found = PROPOSALS["sample"]
    design = dataclasses.replace(found.profile.design, logo=key)
    return dataclasses.replace(found, profile=dataclasses.replace(found.profile, design=design))


def store(s3: "S3Client", **objects: bytes) -> TemplateStore:
    bucket = f"templates-{uuid.uuid4()}"
    s3.create_bucket(Bucket=bucket)
    for key, body in objects.items():
        s3.put_object(Bucket=bucket, Key=key, Body=body)
    return TemplateStore(s3, bucket)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_png_or_jpeg_is_the_logo(s3: "S3Client", kind: str) -> None:
    found, warnings = with_logo(named("logo"), store(s3, logo=picture(kind)))
    assert (found.logo, warnings) == (picture(kind), ())


def test_a_profile_without_a_logo_reads_nothing(s3: "S3Client") -> None:
    assert with_logo(named(""), TemplateStore(s3, None)) == (named(""), ())


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (None, "there is no logo in the templates bucket"),
        (b"", "neither a PNG nor a JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "neither a PNG nor a JPEG"),
        (picture("GIF"), "neither a PNG nor a JPEG"),
        (picture("PNG")[:-30] + b"x" * 30, "it is damaged"),
        (huge(), "6000 x 6000 pixels"),
        (b"\x89PNG" + b"x" * MOST_BYTES, "bytes, more than"),
    ],
    ids=["absent", "empty", "svg", "gif", "damaged", "huge", "large"],
)
def test_anything_else_is_a_warning_and_no_logo(s3: "S3Client", body: bytes | None, fault: str) -> None:
    found, (warning,) = with_logo(named("logo"), store(s3, **({} if body is None else {"logo": body})))
    assert found.logo is None
    assert fault in warning
    assert warning.startswith("the logo of the profile, logo, is left out")
