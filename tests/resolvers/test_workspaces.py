"""The sessions' files as moto's S3 keeps them: a proposal is read, and nothing of a deleted session is left."""

import json
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from resolvers.errors import InternalError
from resolvers.workspaces import S3Workspaces
from schema.limits import PROPOSAL_BYTES

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

BUCKET = "workspaces"


@pytest.fixture(params=["versioned", "not versioned"])
def bucket(request: pytest.FixtureRequest, s3: "S3Client") -> str:
    """A bucket such as the stack's, or one without versions such as the local one."""
    name = f"{BUCKET}-{uuid.uuid4()}"
    s3.create_bucket(Bucket=name)
    if request.param == "versioned":
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return name


def versions(s3: "S3Client", bucket: str) -> list[str]:
    """The key of every version and every delete marker in the bucket."""
    pages: Any = s3.get_paginator("list_object_versions").paginate(Bucket=bucket)
    found: list[Any] = [one for page in pages for kind in ("Versions", "DeleteMarkers") for one in page.get(kind, ())]
    return sorted(one["Key"] for one in found)


def test_a_version_of_the_proposal_is_read_and_another_one_is_none(s3: "S3Client", bucket: str) -> None:
    proposal = {"version": 2, "risks": ["Ä risk."]}
    s3.put_object(Bucket=bucket, Key="sessions/s-1/versions/2/proposal.json", Body=json.dumps(proposal).encode())
    workspaces = S3Workspaces(lambda: s3, bucket)
    assert workspaces.proposal("s-1", 2) == proposal
    assert workspaces.proposal("s-1", 1) is None
    assert workspaces.proposal("s-2", 2) is None


def test_a_proposal_that_appsync_would_not_take_is_refused_before_it_is_read(s3: "S3Client", bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="sessions/s-1/versions/1/proposal.json", Body=b" " * (PROPOSAL_BYTES + 1))
    with pytest.raises(InternalError, match=r"^Internal error: version 1 of the proposal takes 4000001 bytes"):
        S3Workspaces(lambda: s3, bucket).proposal("s-1", 1)


def test_a_file_that_s3_hides_is_none_and_any_other_refusal_is_an_error(s3: "S3Client") -> None:
    """S3 says AccessDenied of a file that does not exist to a caller that may not list the bucket."""
    with Stubber(s3) as stubbed:
        stubbed.add_client_error("get_object", "AccessDenied", http_status_code=403)
        assert S3Workspaces(lambda: s3, BUCKET).proposal("s-1", 1) is None
        stubbed.add_client_error("get_object", "SlowDown", http_status_code=503)
        with pytest.raises(ClientError, match="SlowDown"):
            S3Workspaces(lambda: s3, BUCKET).proposal("s-1", 1)


def test_no_version_of_a_deleted_sessions_files_is_left(s3: "S3Client", bucket: str) -> None:
    """Neither older versions nor markers of deleted files; and the files of others stay."""
    for key in ("sessions/s-1/a.json", "sessions/s-1/versions/1/deck.pptx", "sessions/s-10/a.json", "sessions/s-2/a"):
        for body in (b"first", b"second"):
            s3.put_object(Bucket=bucket, Key=key, Body=body)
    s3.delete_object(Bucket=bucket, Key="sessions/s-1/a.json")
    workspaces = S3Workspaces(lambda: s3, bucket)
    workspaces.delete("s-1")
    assert set(versions(s3, bucket)) == {"sessions/s-10/a.json", "sessions/s-2/a"}
    workspaces.delete("s-1")


def test_more_files_than_a_page_has_are_deleted_page_by_page(s3: "S3Client") -> None:
    first, second = {"Key": "sessions/s-1/a", "VersionId": "1"}, {"Key": "sessions/s-1/b", "VersionId": "2"}
    asked = {"Bucket": BUCKET, "Prefix": "sessions/s-1/"}
    with Stubber(s3) as stubbed:
        after = {"IsTruncated": True, "NextKeyMarker": "sessions/s-1/a", "NextVersionIdMarker": "1"}
        stubbed.add_response("list_object_versions", {"Versions": [first], **after}, asked)
        stubbed.add_response("delete_objects", {}, {"Bucket": BUCKET, "Delete": {"Objects": [first], "Quiet": True}})
        from_there = {"KeyMarker": "sessions/s-1/a", "VersionIdMarker": "1"}
        stubbed.add_response("list_object_versions", {"DeleteMarkers": [second]}, {**asked, **from_there})
        stubbed.add_response("delete_objects", {}, {"Bucket": BUCKET, "Delete": {"Objects": [second], "Quiet": True}})
        S3Workspaces(lambda: s3, BUCKET).delete("s-1")
        stubbed.assert_no_pending_responses()


def test_a_file_that_can_not_be_deleted_is_an_error(s3: "S3Client") -> None:
    """The session's state stays, so the next call goes on."""
    listed = {"Key": "sessions/s-1/a", "VersionId": "1"}
    failed = {"Key": "sessions/s-1/a", "Code": "AccessDenied"}
    with Stubber(s3) as stubbed:
        stubbed.add_response("list_object_versions", {"Versions": [listed]})
        stubbed.add_response("delete_objects", {"Errors": [failed]})
        with pytest.raises(RuntimeError, match=r"1 of 1 files were not deleted.*AccessDenied"):
            S3Workspaces(lambda: s3, BUCKET).delete("s-1")
