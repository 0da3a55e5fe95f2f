"""The resolvers' Lambda on recorded AppSync events, with real boto3: moto keeps the table, a listener plays Lambda."""

import copy
import importlib
import io
import json
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from checkout import DATA
from fakes import xray_daemon
from fakes.http import Exchange, serving
from fakes.lambda_context import REQUEST_ID, lambda_context

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_s3 import S3Client

EVENTS = DATA / "resolvers"
RUN = "0a6f2f8e-6a0e-4e9b-8f8f-9b0c6c1d2e3f"
ANNA = json.loads((EVENTS / "sessions_as_user.json").read_text())["identity"]
OPERATOR = json.loads((EVENTS / "publish_with_iam.json").read_text())["identity"]
BEN = {**ANNA, "sub": "ffffffff-2222-4e3a-9a55-0d1f2a3b4c5d", "username": "ben"}

Answer = dict[str, Any]


class FakeLambda:
    """Lambda's Invoke API: it records what it was asked, and answers with `status`. It takes announcements too."""

    def __init__(self) -> None:
        self.url = ""
        self.status = 202
        self.invocations: list[tuple[str, str, Answer]] = []
        self.announced: list[Answer] = []

    def answer(self, exchange: Exchange) -> None:
        request = exchange.received
        if request.path == "/graphql":
            self.announced.append(json.loads(request.json()["variables"]["progress"]))
            exchange.send({"data": {}})
            return
        self.invocations.append((request.path, request.headers["X-Amz-Invocation-Type"], request.json()))
        exchange.send(status=self.status)


@pytest.fixture
def worker() -> Iterator[FakeLambda]:
    fake = FakeLambda()
    with serving(fake.answer) as service:
        fake.url = service.url
        yield fake


@dataclass
class Api:
    """Sends recorded events to the handler."""

    handler: Callable[[Answer, LambdaContext], Any]

    def __call__(self, name: str, *, identity: object = "as recorded", **arguments: object) -> Any:  # noqa: ANN401 - JSON
        event = copy.deepcopy(json.loads((EVENTS / f"{name}.json").read_text()))
        event["arguments"].update(arguments)
        if identity != "as recorded":
            event["identity"] = identity
        answer = self.handler(event, lambda_context())
        json.dumps(answer)  # Lambda's runtime would have to
        return answer

    def submit(self, **changes: object) -> Answer:
        event = json.loads((EVENTS / "submit_with_api_key.json").read_text())
        answer: Answer = self("submit_with_api_key", input={**event["arguments"]["input"], **changes})
        return answer

    def publish(self, session_id: str, revision: int, **changes: object) -> Answer:
        event = json.loads((EVENTS / "publish_with_iam.json").read_text())
        given = {**event["arguments"]["input"], "sessionId": session_id, "revision": revision, **changes}
        answer: Answer = self("publish_with_iam", input=given)
        return answer


@pytest.fixture
def bucket() -> str:
    """The artifacts bucket's name. Only tests that read or write a file need the bucket itself."""
    return f"artifacts-{uuid.uuid4()}"


@pytest.fixture
def artifacts(bucket: str, s3: "S3Client") -> str:
    """The artifacts bucket."""
    s3.create_bucket(Bucket=bucket)
    return bucket


@pytest.fixture
def api(
    aws: str, sessions_table: str, bucket: str, worker: FakeLambda, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Api]:
    """The handler, imported afresh into an environment such as the stack gives it."""
    monkeypatch.setenv("SESSIONS_TABLE_NAME", sessions_table)
    monkeypatch.setenv("ARTIFACTS_BUCKET_NAME", bucket)
    monkeypatch.setenv("WORKER_FUNCTION_NAME", "scopesmith-worker")
    monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", worker.url)
    monkeypatch.setenv("GRAPHQL_URL", f"{worker.url}/graphql")
    sys.modules.pop("resolvers.handler", None)
    module = importlib.import_module("resolvers.handler")
    yield Api(module.handler)
    sys.modules.pop("resolvers.handler", None)


def text_event(sequence: int) -> Answer:
    return {
        "sequence": sequence,
        "type": "CHUNK",
        "text": f"text {sequence}",
        "truncated": False,
        "timestamp": "2026-11-22T10:30:00.000Z",
    }


def test_submit_answers_at_once_and_starts_the_worker(api: Api, worker: FakeLambda) -> None:
    session = api.submit()
    assert (session["status"], session["progress"], session["revision"]) == ("PENDING", 0, 0)
    assert session["currentStage"] == "Assessment request received. Processing in background."
    assert session["assessment"]["clientName"] == "Northwind Freight"
    assert session["results"] == {
        "requirementsData": None,
        "costData": None,
        "templatePaths": [],
        "powerpointUrl": None,
        "sowUrl": None,
        "htmlUrl": None,
    }
    assert session["proposalVersion"] == 0
    [(path, kind, event)] = worker.invocations
    assert path == "/2015-03-31/functions/scopesmith-worker/invocations"
    assert kind == "Event"
    assert event == {
        "action": "PROCESS_AGENT_WORKFLOW",
        "session_id": session["id"],
        "revision": 0,
        "client_name": "Northwind Freight",
        "project_name": "Driver portal",
        "industry": "logistics",
        "requirements": "Drivers must see their tours.",
        "duration": "6 months",
        "team_size": 5,
        "start_date": None,
        "currency": None,
        "review": False,
        "reviewed": None,
        "proposal_version": 0,
    }
    assert api("session_with_api_key", id=session["id"]) == session


def test_a_trace_of_a_request_is_found_by_its_session(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also that of the submit, whose session exists only with its answer."""
    with xray_daemon.listening(monkeypatch) as daemon:
        session_id = api.submit()["id"]
        api("session_with_api_key", id=session_id)
        assert daemon.sessions() == [session_id, session_id]


def test_the_longest_brief_fits_an_asynchronous_event(api: Api, worker: FakeLambda) -> None:
    """Lambda takes 1 MB; escaped, 100,000 emoji would be 1.2 MB."""
    brief = "\U0001f600" * 100_000
    assert api.submit(requirements=brief)["assessment"]["requirements"] == brief
    assert len(json.dumps(worker.invocations[0][2], ensure_ascii=False).encode()) < 1_000_000


def test_faulty_input_is_one_error_that_lists_every_field_and_starts_nothing(api: Api, worker: FakeLambda) -> None:
    error = api.submit(clientName=" ", teamSize=0)["error"]
    assert error["type"] == "InvalidInput"
    assert [fault["field"] for fault in error["info"]] == ["clientName", "teamSize"]
    assert worker.invocations == []


def test_a_worker_that_cannot_be_invoked_is_told_and_the_session_says_error(api: Api, worker: FakeLambda) -> None:
    worker.status = 404
    with pytest.raises(Exception, match="Internal error: The worker could not be started") as failed:
        api.submit()
    assert type(failed.value).__name__ == "InternalError"
    session_id = worker.invocations[0][2]["session_id"]
    session = api("session_with_api_key", id=session_id)
    assert session["status"] == "ERROR"
    assert "retrySession" in session["errorMessage"]
    worker.status = 202
    assert api("retry_with_api_key", id=session_id)["status"] == "PENDING"


def test_the_same_token_and_input_give_the_same_session(api: Api) -> None:
    first = api.submit(clientRequestToken="token-1")
    assert api.submit(clientRequestToken="token-1")["id"] == first["id"]
    assert api.submit(clientRequestToken="token-2")["id"] != first["id"]
    error = api.submit(clientRequestToken="token-1", teamSize=6)["error"]
    assert (error["type"], error["info"][0]["field"]) == ("InvalidInput", "clientRequestToken")


def test_a_repeated_submit_shows_the_session_and_starts_no_second_worker(api: Api, worker: FakeLambda) -> None:
    session_id = api.submit(clientRequestToken="token-1")["id"]
    assert api.submit(clientRequestToken="token-1")["status"] == "PENDING"
    api.publish(session_id, 0)
    assert api.submit(clientRequestToken="token-1")["status"] == "PROCESSING"
    assert len(worker.invocations) == 1


def test_a_repeated_submit_starts_a_worker_that_could_not_be_started(api: Api, worker: FakeLambda) -> None:
    worker.status = 404
    with pytest.raises(Exception, match="could not be started"):
        api.submit(clientRequestToken="token-1")
    worker.status = 202
    assert api.submit(clientRequestToken="token-1")["status"] == "PENDING"


def test_two_callers_with_one_token_have_two_sessions(api: Api) -> None:
    given = {"clientName": "Northwind", "requirements": "A portal.", "clientRequestToken": "token-1"}
    assert api("submit_as_user", input=given)["id"] != api("submit_as_user", input=given, identity=BEN)["id"]


def test_a_run_claims_publishes_and_ends_a_session(api: Api) -> None:
    session_id = api.submit()["id"]
    claimed = api.publish(session_id, 0)
    assert (claimed["status"], claimed["progress"], claimed["revision"]) == ("PROCESSING", 5, 1)
    api.publish(session_id, 2, status="COSTS_CALCULATED", progress=50, events=[text_event(1), text_event(2)])
    cost = {
        "totalCost": 100.5,
        "totalHours": 1.0,
        "complexityLevel": "Low",
        "currency": "USD",
        "lines": [{"role": "Architect", "hours": 1.0, "hourlyRate": 100.5, "cost": 100.5}],
    }
    keys = {
        "powerpointKey": f"sessions/{session_id}/presentation.pptx",
        "sowKey": f"sessions/{session_id}/statement-of-work.docx",
    }
    ended = api.publish(
        session_id,
        3,
        status="COMPLETED",
        currentStage="Completed",
        progress=100,
        results={"requirementsData": '{"count": 2}', "costData": cost, **keys},
        events=[text_event(3)],
    )
    assert (ended["status"], ended["progress"], ended["lastSequence"]) == ("COMPLETED", 100, 3)
    assert [event["sequence"] for event in ended["events"]] == [3]
    session = api("session_with_api_key", id=session_id)
    assert session["results"]["requirementsData"] == {"count": 2}
    assert session["results"]["costData"] == cost
    for field_name, name in (("powerpointUrl", "presentation.pptx"), ("sowUrl", "statement-of-work.docx")):
        url = session["results"][field_name]
        assert f"sessions/{session_id}/{name}" in url
        assert "X-Amz-Signature=" in url
    page = api("events_with_api_key", sessionId=session_id, after=1)
    assert ([event["sequence"] for event in page["items"]], page["hasMore"]) == ([2, 3], False)


def test_event_pages_say_whether_there_are_more(api: Api) -> None:
    session_id = api.submit()["id"]
    api.publish(session_id, 0)
    api.publish(session_id, 2, events=[text_event(n) for n in range(1, 6)])
    first = api("events_with_api_key", sessionId=session_id, limit=3)
    assert ([event["sequence"] for event in first["items"]], first["hasMore"]) == ([1, 2, 3], True)
    rest = api("events_with_api_key", sessionId=session_id, after=3, limit=3)
    assert ([event["sequence"] for event in rest["items"]], rest["hasMore"]) == ([4, 5], False)
    assert api("events_with_api_key", sessionId=session_id, limit=0)["error"]["type"] == "InvalidInput"


def test_a_replayed_publish_answers_as_the_first_did(api: Api) -> None:
    session_id = api.submit()["id"]
    api.publish(session_id, 0)
    first = api.publish(session_id, 2, events=[text_event(1)])
    assert api.publish(session_id, 2, events=[text_event(1)]) == first
    assert api("session_with_api_key", id=session_id)["lastSequence"] == 1


def test_a_second_run_is_refused_with_the_time_at_which_to_try_again(api: Api) -> None:
    session_id = api.submit()["id"]
    api.publish(session_id, 0)
    error = api.publish(session_id, 0, runId="another-run")["error"]
    assert (error["type"], error["info"]["reason"]) == ("Conflict", "LEASED")
    assert error["info"]["leaseExpiresAt"].endswith("Z")


def test_a_cancel_reaches_the_run_with_the_next_publish(api: Api) -> None:
    session_id = api.submit()["id"]
    api.publish(session_id, 0)
    asked = api("cancel_with_api_key", id=session_id)
    assert (asked["status"], asked["cancelRequested"]) == ("PROCESSING", True)
    assert api.publish(session_id, 2)["cancelRequested"] is True
    assert api.publish(session_id, 3, status="CANCELLED")["status"] == "CANCELLED"
    assert api("retry_with_api_key", id=session_id)["status"] == "PENDING"


PROPOSAL = {
    "version": 1,
    "createdAt": "2026-11-22T10:30:00.000Z",
    "requirements": [{"id": "FR-1", "kind": "FUNCTIONAL", "text": "Drivers see their tours.", "lines": [3]}],
    "costData": None,
    "powerpointKey": None,
    "sowKey": None,
    "htmlKey": None,
}


def written(s3: "S3Client", bucket: str, session_id: str, **changes: object) -> None:
    """What the worker writes of version 1."""
    body = json.dumps({**PROPOSAL, **changes}).encode()
    s3.put_object(Bucket=bucket, Key=f"sessions/{session_id}/versions/1/proposal.json", Body=body)


def priced(api: Api) -> str:
    """The id of a session that waits for a review, at revision 2."""
    session_id = str(api.submit(review=True)["id"])
    api.publish(session_id, 0)
    waiting = api.publish(session_id, 2, status="AWAITING_REVIEW", progress=50, proposalVersion=1)
    assert (waiting["status"], waiting["revision"], waiting["proposalVersion"]) == ("AWAITING_REVIEW", 2, 1)
    return session_id


def test_a_proposal_is_answered_as_the_worker_wrote_it_with_links_for_keys(
    artifacts: str, api: Api, s3: "S3Client"
) -> None:
    session_id = priced(api)
    assert api("proposal_with_api_key", sessionId=session_id) is None
    written(s3, artifacts, session_id, sowKey=f"sessions/{session_id}/versions/1/sow.docx")
    proposal = api("proposal_with_api_key", sessionId=session_id)
    assert f"{session_id}/versions/1/sow.docx?" in proposal.pop("sowUrl")
    kept = {name: value for name, value in PROPOSAL.items() if not name.endswith("Key")}
    assert proposal == {**kept, "powerpointUrl": None, "htmlUrl": None}
    assert api("proposal_with_api_key", sessionId=session_id, version=1)["version"] == 1
    assert api("proposal_with_api_key", sessionId=session_id, version=2) is None


def test_a_proposal_that_grows_too_large_on_its_way_to_appsync_is_an_error(
    artifacts: str, api: Api, s3: "S3Client"
) -> None:
    """A Lambda's answer may be ASCII, in which a letter of another script takes six bytes."""
    session_id = priced(api)
    body = json.dumps({**PROPOSAL, "risks": ["語" * 700_000]}, ensure_ascii=False).encode()
    s3.put_object(Bucket=artifacts, Key=f"sessions/{session_id}/versions/1/proposal.json", Body=body)
    with pytest.raises(Exception, match="Internal error: version 1 of the proposal takes 42"):
        api("proposal_with_api_key", sessionId=session_id)


def test_a_review_reaches_the_worker_with_its_event(api: Api, worker: FakeLambda) -> None:
    session_id = priced(api)
    stale = api("review_with_api_key", id=session_id, input={"revision": 1, "approve": True})
    assert stale["error"]["info"] == {"reason": "OUTDATED", "revision": 2}
    faulty = api("review_with_api_key", id=session_id, input={"revision": 2, "approve": True, "requirements": []})
    assert [fault["field"] for fault in faulty["error"]["info"]] == ["requirements"]
    given = json.loads((EVENTS / "review_with_api_key.json").read_text())["arguments"]["input"]
    session = api("review_with_api_key", id=session_id, input={**given, "revision": 2})
    assert (session["status"], session["progress"], session["revision"]) == ("PENDING", 50, 3)
    event = worker.invocations[-1][2]
    assert (event["proposal_version"], event["revision"], event["review"]) == (1, 3, True)
    assert event["reviewed"] == {
        "id": 3,
        "approve": True,
        "requirements": [{**given["requirements"][0], "workPackage": None, "priority": None, "lines": None}],
        "teamSize": 4,
        "duration": None,
        "startDate": None,
        "currency": None,
        "discountPercent": None,
        "note": None,
    }
    assert api.publish(session_id, 0, reviewId=0)["error"]["info"]["reason"] == "SUPERSEDED"
    assert api.publish(session_id, 0, reviewId=3)["proposalVersion"] == 1


def test_a_deleted_session_leaves_no_record_and_no_file(
    artifacts: str, api: Api, s3: "S3Client", dynamodb: "DynamoDBClient", sessions_table: str
) -> None:
    session_id = priced(api)
    written(s3, artifacts, session_id)
    assert api("delete_with_api_key", id=session_id) == session_id
    assert api("session_with_api_key", id=session_id) is None
    assert api("delete_with_api_key", id=session_id)["error"]["type"] == "NotFound"
    records = [item["record"]["S"] for item in dynamodb.scan(TableName=sessions_table)["Items"]]
    assert records == ["ACTIVITY"] * 2  # the owner's, and that of all owners
    assert s3.list_objects_v2(Bucket=artifacts)["KeyCount"] == 0


def test_what_a_request_changes_is_announced_in_the_form_of_a_progress(api: Api, worker: FakeLambda) -> None:
    session_id = api.submit()["id"]
    published = api.publish(session_id, 0)
    api.publish(session_id, 2, status="ERROR")
    assert worker.announced == []
    again = api("retry_with_api_key", id=session_id)
    [told] = worker.announced
    assert told.keys() == published.keys()
    assert (told["sessionId"], told["status"], told["revision"]) == (session_id, "PENDING", again["revision"])


def test_only_an_iam_caller_may_publish(api: Api) -> None:
    session_id = api.submit()["id"]
    for identity in (None, ANNA):
        given = json.loads((EVENTS / "publish_with_iam.json").read_text())["arguments"]["input"]
        answer = api("publish_with_iam", identity=identity, input={**given, "sessionId": session_id})
        assert answer["error"]["type"] == "Unauthorized"
    assert api("session_with_api_key", id=session_id)["status"] == "PENDING"


@pytest.mark.parametrize("stranger", [None, BEN], ids=["api key", "another user"])
def test_anothers_session_looks_like_one_that_does_not_exist(api: Api, stranger: object) -> None:
    session_id = api("submit_as_user")["id"]
    nowhere = str(uuid.uuid4())
    for name, argument in (
        ("session_with_api_key", "id"),
        ("events_with_api_key", "sessionId"),
        ("cancel_with_api_key", "id"),
        ("retry_with_api_key", "id"),
        ("review_with_api_key", "id"),
        ("delete_with_api_key", "id"),
        ("proposal_with_api_key", "sessionId"),
        ("subscribe_with_api_key", "sessionId"),
    ):
        seen = json.dumps(api(name, identity=stranger, **{argument: session_id}))
        unseen = json.dumps(api(name, identity=stranger, **{argument: nowhere}))
        assert seen.replace(session_id, nowhere) == unseen, name
    assert api("sessions_as_user", identity=stranger)["items"] == []
    assert api("session_with_api_key", identity=ANNA, id=session_id)["status"] == "PENDING"


def test_an_operator_reads_every_session_and_owns_none(api: Api) -> None:
    session_id = api("submit_as_user")["id"]
    assert api("session_with_api_key", identity=OPERATOR, id=session_id)["id"] == session_id
    assert api("subscribe_with_api_key", identity=OPERATOR, sessionId=session_id) is None
    assert api("sessions_as_user", identity=OPERATOR)["error"]["type"] == "Unauthorized"


def test_a_subscription_to_an_own_session_starts_and_to_none_is_refused(api: Api) -> None:
    assert api("subscribe_with_api_key", sessionId=api.submit()["id"]) is None
    assert api("subscribe_with_api_key")["error"]["type"] == "NotFound"


@pytest.mark.parametrize("session_id", ["", "x" * 3000, "ASSESSMENT", "5C8D3C1E-2F5B-4A7E-9D57-0F6F0B1F7A11", "é"])
def test_an_id_that_we_never_gave_out_is_no_session(api: Api, session_id: str) -> None:
    assert api("session_with_api_key", id=session_id) is None
    assert api("events_with_api_key", sessionId=session_id) is None
    assert api("cancel_with_api_key", id=session_id)["error"]["type"] == "NotFound"


def test_the_brief_is_not_read_unless_it_is_selected(api: Api) -> None:
    session_id = api.submit()["id"]
    event = json.loads((EVENTS / "session_with_api_key.json").read_text())
    event["arguments"]["id"] = session_id
    event["info"]["selectionSetList"] = ["id", "status"]
    assert "assessment" not in api.handler(event, lambda_context())


@pytest.mark.parametrize(
    ("selected", "read"),
    [
        (["id", "status", "results", "results/costData", "results/costData/totalCost"], False),
        (["id", "brief", "brief/clientName"], True),
        (["results", "results/clientName"], True),
        (["out", "out/deck"], True),
    ],
    ids=["none", "an alias", "an alias that is another field's name", "an alias of the results"],
)
def test_a_field_is_answered_whatever_its_alias(api: Api, selected: list[str], read: bool) -> None:  # noqa: FBT001 - a table
    """AppSync lists an aliased field only by its alias: a field that it may be is read."""
    session_id = api.submit()["id"]
    event = json.loads((EVENTS / "session_with_api_key.json").read_text())
    event["arguments"]["id"] = session_id
    event["info"]["selectionSetList"] = selected
    assert ("assessment" in api.handler(event, lambda_context())) is read


def test_a_caller_without_identity_has_the_api_key(api: Api) -> None:
    event = json.loads((EVENTS / "sessions_as_user.json").read_text())
    del event["identity"]
    session_id = api.submit()["id"]
    assert [item["id"] for item in api.handler(event, lambda_context())["items"]] == [session_id]


def test_an_unknown_id_is_not_repeated_at_any_length(api: Api) -> None:
    """Answer and log would grow with it."""
    assert len(api("cancel_with_api_key", id="x" * 500_000)["error"]["message"]) < 200


def test_sessions_are_listed_newest_first_with_a_token_for_the_next_page(api: Api) -> None:
    ids = [api("submit_as_user")["id"] for _ in range(3)]
    first = api("sessions_as_user", limit=2)
    rest = api("sessions_as_user", limit=2, nextToken=first["nextToken"])
    assert [item["id"] for item in first["items"] + rest["items"]] == ids[::-1]
    assert rest["nextToken"] is None
    assert first["items"][0]["clientName"] == "Northwind Freight"


def test_an_unexpected_exception_shows_a_request_id_and_no_detail(
    api: Api,
    dynamodb: "DynamoDBClient",
    sessions_table: str,
) -> None:
    dynamodb.delete_table(TableName=sessions_table)
    with pytest.raises(Exception, match=f"quote request id {REQUEST_ID}") as failed:
        api("session_with_api_key")
    assert type(failed.value).__name__ == "InternalError"
    assert "ResourceNotFound" not in str(failed.value)
    assert failed.value.__suppress_context__


def test_links_go_to_the_buckets_own_region(api: Api, bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The global host redirects or refuses in newer regions."""
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-south-2")
    link = sys.modules["resolvers.handler"].links.presign("sessions/s/presentation.pptx")
    assert link.startswith(f"https://{bucket}.s3.eu-south-2.amazonaws.com/sessions/s/presentation.pptx?")


@pytest.mark.parametrize(
    ("name", "way"),
    [("presentation.pptx", "attachment"), ("statement-of-work.docx", "attachment"), ("proposal.html", "inline")],
)
def test_a_link_downloads_a_document_and_shows_a_page(api: Api, name: str, way: str) -> None:
    link = sys.modules["resolvers.handler"].links.presign(f"sessions/s/{name}")
    asked = parse_qs(urlsplit(link).query)["response-content-disposition"]
    assert asked == [f'{way}; filename="{name}"']


def test_a_request_about_a_session_is_logged_with_its_id(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever the field has it; what is about none carries none, and a text that is no id is cut."""
    lines = io.StringIO()
    monkeypatch.setattr(sys.modules["resolvers.handler"].logger.registered_handler, "stream", lines)

    session_id = api.submit()["id"]
    api.publish(session_id, 5)
    api("cancel_with_api_key", id="x" * 100)
    api("sessions_as_user", limit=0)

    logged = [json.loads(line) for line in lines.getvalue().splitlines()]
    told = [(line["message"], line.get("session_id")) for line in logged if line["message"].startswith("[SESSION]")]
    assert told == [
        ("[SESSION] started", session_id),
        ("[SESSION] refused", session_id),
        ("[SESSION] refused", "x" * 36),
        ("[SESSION] refused", None),
    ]
