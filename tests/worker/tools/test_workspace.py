"""The workspace and the template store against moto's S3."""

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

import pytest
from botocore.exceptions import ClientError

from worker.tools.workbench import TemplateStore
from worker.tools.workspace import ASSESSMENT, COSTS, PRESENTATION, Workspace, digest

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


@pytest.fixture
def bucket(s3: "S3Client") -> str:
    name = f"artifacts-{uuid.uuid4()}"
    s3.create_bucket(Bucket=name)
    return name


@pytest.fixture
def workspace(s3: "S3Client", bucket: str) -> Workspace:
    return Workspace(s3, bucket, "session-1")


@pytest.mark.parametrize("session_id", ["", "../other", "a/b", "a.b", "a b", "ä", "a\n"])
def test_an_id_that_could_leave_the_prefix_is_refused(s3: "S3Client", session_id: str) -> None:
    with pytest.raises(ValueError, match="not a session id"):
        Workspace(s3, "bucket", session_id)


@pytest.mark.parametrize("name", ["", "../costs.json", "a/b.json", "costs"])
def test_a_name_that_is_no_file_name_is_refused(workspace: Workspace, name: str) -> None:
    with pytest.raises(ValueError, match="not a name in a workspace"):
        workspace.key(name)


def test_json_comes_back_as_it_was_written(workspace: Workspace, s3: "S3Client", bucket: str) -> None:
    value = {"client_name": "Zoë & 日本 🚀", "broken": "\ud800", "team_size": None, "nested": [{"a": 1.5}]}
    workspace.write_json(ASSESSMENT, value, made_from="abc")
    assert workspace.read_json(ASSESSMENT) == value
    assert workspace.made_from(ASSESSMENT) == "abc"
    stored = s3.head_object(Bucket=bucket, Key="sessions/session-1/assessment.json")
    assert stored["ContentType"] == "application/json"


def test_what_is_absent_is_none(workspace: Workspace) -> None:
    assert workspace.read(COSTS) is None
    assert workspace.read_json(COSTS) is None
    assert workspace.made_from(COSTS) is None
    assert workspace.names() == {}


class DeployedS3:
    """S3 as the deployed role sees it: an object that is missing is refused, and so is every list without a prefix."""

    def __init__(self, s3: "S3Client", *, refused: bool = False) -> None:
        """With `refused`, the role may not read at all."""
        self._s3 = s3
        self._refused = refused
        self.list_objects_v2 = s3.list_objects_v2

    def get_object(self, **call: Any) -> Any:  # noqa: ANN401 - as boto3 has it
        return self._answer("AccessDenied", lambda: self._s3.get_object(**call))

    def head_object(self, **call: Any) -> Any:  # noqa: ANN401 - as boto3 has it
        return self._answer("403", lambda: self._s3.head_object(**call))

    def _answer(self, code: str, ask: Callable[[], Any]) -> Any:  # noqa: ANN401 - as boto3 has it
        denied = ClientError({"Error": {"Code": code, "Message": "Access Denied"}}, "GetObject")
        if self._refused:
            raise denied
        try:
            return ask()
        except ClientError as error:
            raise denied from error


def test_what_is_absent_is_none_to_a_role_that_may_list_its_workspaces_alone(s3: "S3Client", bucket: str) -> None:
    workspace = Workspace(cast("S3Client", DeployedS3(s3)), bucket, "session-1")
    assert workspace.read_json(COSTS) is None
    assert workspace.made_from(COSTS) is None


def test_an_object_that_exists_and_may_not_be_read_is_an_error(s3: "S3Client", bucket: str) -> None:
    Workspace(s3, bucket, "session-1").write_json(COSTS, {}, made_from="abc")
    workspace = Workspace(cast("S3Client", DeployedS3(s3, refused=True)), bucket, "session-1")
    for read in (workspace.read, workspace.made_from):
        with pytest.raises(ClientError, match="Access Denied"):
            read(COSTS)


def test_an_object_without_a_digest_was_made_from_nothing_known(workspace: Workspace) -> None:
    workspace.write(PRESENTATION, b"PK", content_type="application/zip")
    assert workspace.made_from(PRESENTATION) is None
    assert workspace.read(PRESENTATION) == b"PK"


def test_json_that_is_no_object_is_an_error_that_names_it(workspace: Workspace) -> None:
    workspace.write(COSTS, b"[1]", content_type="application/json")
    with pytest.raises(ValueError, match=r"sessions/session-1/versions/1/costs\.json holds list"):
        workspace.read_json(COSTS)


def test_a_session_sees_only_its_own_objects(s3: "S3Client", bucket: str, workspace: Workspace) -> None:
    Workspace(s3, bucket, "session-12").write_json(COSTS, {})
    assert workspace.names() == {}
    assert Workspace(s3, bucket, "session-12").names().keys() == {COSTS}


def test_other_faults_of_s3_are_not_taken_for_absence(s3: "S3Client") -> None:
    elsewhere = Workspace(s3, "no-such-bucket", "session-1")
    with pytest.raises(ClientError, match="NoSuchBucket"):
        elsewhere.read(COSTS)


def test_a_digest_counts_where_one_part_ends() -> None:
    assert digest(b"ab", b"c") != digest(b"a", b"bc")
    assert digest(b"ab", b"c") == digest(b"ab", b"c")


@pytest.mark.parametrize("bucket_name", [None, "", "no-such-bucket"])
def test_a_missing_templates_bucket_is_empty(s3: "S3Client", bucket_name: str | None) -> None:
    store = TemplateStore(s3, bucket_name)
    assert list(store.files("default/")) == []
    assert store.read("default/deck.pptx") is None


def test_a_template_that_is_gone_is_none(s3: "S3Client", bucket: str) -> None:
    assert TemplateStore(s3, bucket).read("default/deck.pptx") is None
