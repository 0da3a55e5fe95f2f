"""The store against DynamoDB as moto serves it: what is written is read again, and a lost race is told."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from item_size import item_bytes

from resolvers import lifecycle
from resolvers.activity import ALL_OWNERS, ActiveSession, Activity, Admission, OwnerLimits, admit, admit_among_all
from resolvers.session import AgentEvent, CostData, CostLine, Results, Session, State, Update
from resolvers.storage.dynamodb import DynamoDBStore
from resolvers.storage.store import LostRaceError, Store
from resolvers.times import epoch
from schema.assessment import Assessment
from schema.limits import RECORD_BYTES
from schema.requirements import RequirementKind, RequirementSize
from schema.review import Review, ReviewedRequirement
from schema.statuses import AgentEventType, SessionStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_dynamodb import DynamoDBClient

NOW = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
KEEP = timedelta(days=30)
ASSESSMENT = Assessment("Nörthwind & Söhne", "Portal", "logistics", "They need a portal.", "6 months", 5)
RESULTS = Results(
    requirements_data='{"count":2}',
    cost_data=CostData(1500.5, 10.5, "Medium", "USD", (CostLine("Architect", 10.5, 142.9, 1500.5),)),
    template_paths=("default/deck.pptx",),
    powerpoint_key="sessions/s/presentation.pptx",
)


@pytest.fixture
def store(dynamodb: "DynamoDBClient", sessions_table: str) -> Store:
    return DynamoDBStore(dynamodb, sessions_table)


def new(owner: str = "owner", assessment: Assessment = ASSESSMENT, now: datetime = NOW) -> State:
    return lifecycle.create(str(uuid.uuid4()), owner, assessment, digest="d", now=now, keep=KEEP)


def created(store: Store, **options: object) -> State:
    state = new(**options)  # type: ignore[arg-type]
    store.create(state, ASSESSMENT, NOW)
    return state


def events(first: int, count: int, text: str = "text") -> tuple[AgentEvent, ...]:
    return tuple(
        AgentEvent(
            first + n,
            AgentEventType.TOOL_CALL,
            "CostCalculator",
            text,
            truncated=False,
            timestamp="2026-11-22T10:30:00.000Z",
        )
        for n in range(count)
    )


def published(
    store: Store,
    before: State,
    revision: int,
    *,
    results: Results | None = None,
    results_before: Results | None = None,
    count: int = 0,
) -> State:
    update = Update(
        before.session_id,
        "run-1",
        revision,
        SessionStatus.PROCESSING,
        "stage",
        5,
        results=results,
        events=events(before.last_sequence + 1, count),
    )
    after = lifecycle.publish(before, update, NOW)
    was = results_before or Results()
    store.write(Session(before, was), Session(after, results or was), update.events)
    return after


def records_of(dynamodb: "DynamoDBClient", table: str, session_id: str) -> list[str]:
    response = dynamodb.query(
        TableName=table,
        KeyConditionExpression="session_id = :id",
        ExpressionAttributeValues={":id": {"S": session_id}},
    )
    return [item["record"]["S"] for item in response["Items"]]


def mark(dynamodb: "DynamoDBClient", table: str, session_id: str, records: list[str]) -> None:
    """Note something in these records, which is lost when they are written again."""
    for record in records:
        dynamodb.update_item(
            TableName=table,
            Key={"session_id": {"S": session_id}, "record": {"S": record}},
            UpdateExpression="SET untouched = :yes",
            ExpressionAttributeValues={":yes": {"BOOL": True}},
        )


def marked(dynamodb: "DynamoDBClient", table: str) -> set[str]:
    items = dynamodb.scan(TableName=table)["Items"]
    return {item["record"]["S"] for item in items if "untouched" in item}


def test_a_session_is_read_as_it_was_written(store: Store) -> None:
    state = created(store)
    found = store.read(state.session_id, NOW, with_assessment=True)
    assert found is not None
    assert (found.state, found.results, found.assessment) == (state, Results(), ASSESSMENT)


def test_every_field_of_state_and_results_survives(store: Store) -> None:
    state = published(store, published(store, created(store), 0), 2, results=RESULTS, count=2)
    state_with_all = replace(
        state,
        cancel_requested=True,
        error_message="broke: ä",
        version=state.version + 1,
        updated_at=NOW + timedelta(milliseconds=7),
    )
    store.write(Session(state), Session(state_with_all))
    found = store.read(state.session_id, NOW)
    assert found is not None
    assert (found.state, found.results) == (state_with_all, RESULTS)


def test_the_assessment_is_read_only_when_asked_for(store: Store) -> None:
    found = store.read(created(store).session_id, NOW)
    assert found is not None
    assert found.assessment is None


def test_a_long_brief_is_kept_in_parts_below_the_record_limit(
    store: Store, dynamodb: "DynamoDBClient", sessions_table: str
) -> None:
    brief = replace(ASSESSMENT, requirements="\U0001f600" * 100_000)
    state = new(assessment=brief)
    store.create(state, brief, NOW)
    found = store.read(state.session_id, NOW, with_assessment=True)
    assert found is not None
    assert found.assessment == brief
    items = dynamodb.scan(TableName=sessions_table)["Items"]
    sizes = [sum(len(str(value)) for attribute in item.values() for value in attribute.values()) for item in items]
    assert len(items) > 2
    texts = [len(item.get("requirements", {"S": ""})["S"].encode()) for item in items]
    assert max(texts) < RECORD_BYTES
    assert sum(texts) == 400_000, sizes


def test_an_id_that_is_taken_is_not_overwritten(store: Store) -> None:
    state = created(store)
    with pytest.raises(LostRaceError):
        store.create(replace(state, owner="thief"), ASSESSMENT, NOW)
    found = store.read(state.session_id, NOW)
    assert found is not None
    assert found.state.owner == "owner"


def test_an_expired_session_is_gone_though_dynamodb_has_not_deleted_it(store: Store) -> None:
    state = published(store, published(store, created(store), 0), 2, results=RESULTS, count=3)
    later = NOW + KEEP
    assert store.read(state.session_id, later - timedelta(seconds=1)) is not None
    assert store.read(state.session_id, later) is None
    assert store.events(state.session_id, 0, 10, later) == []
    assert store.summaries("owner", 10, None, later) == ([], None)


def test_the_id_of_an_expired_session_can_be_taken_again_without_its_past(store: Store) -> None:
    old = published(store, published(store, created(store), 0), 2, results=RESULTS, count=3)
    later = NOW + KEEP
    again = replace(new(now=later), session_id=old.session_id)
    store.create(again, ASSESSMENT, later)
    found = store.read(old.session_id, later)
    assert found is not None
    assert (found.state, found.results) == (again, Results())
    assert store.events(old.session_id, 0, 10, later) == []


def test_a_write_on_a_stale_state_loses_the_race_and_writes_nothing(
    store: Store, dynamodb: "DynamoDBClient", sessions_table: str
) -> None:
    before = published(store, created(store), 0)
    published(store, before, 2, count=1)
    records = records_of(dynamodb, sessions_table, before.session_id)
    with pytest.raises(LostRaceError):
        published(store, before, 2, results=RESULTS, count=5)
    assert records_of(dynamodb, sessions_table, before.session_id) == records


def test_events_come_in_order_after_a_sequence_and_up_to_a_limit(store: Store) -> None:
    state = published(store, created(store), 0)
    for revision, count in ((2, 3), (3, 0), (4, 5), (5, 4)):
        state = published(store, state, revision, count=count)

    def sequences(after: int, limit: int) -> list[int]:
        return [event.sequence for event in store.events(state.session_id, after, limit, NOW)]

    assert sequences(0, 100) == list(range(1, 13))
    assert sequences(4, 100) == list(range(5, 13))
    assert sequences(4, 3) == [5, 6, 7]
    assert sequences(12, 100) == []
    assert store.events(state.session_id, 0, 1, NOW)[0] == events(1, 1)[0]


def test_sequences_beyond_ten_stay_in_order_as_keys(store: Store) -> None:
    state = published(store, created(store), 0)
    for revision in range(2, 14):
        state = published(store, state, revision, count=1)
    assert [event.sequence for event in store.events(state.session_id, 0, 100, NOW)] == list(range(1, 13))


def test_large_events_of_one_publish_are_spread_over_records(
    store: Store, dynamodb: "DynamoDBClient", sessions_table: str
) -> None:
    before = published(store, created(store), 0)
    large = events(1, 6, text="é" * 15_000)
    after = replace(before, revision=2, last_sequence=6, version=before.version + 1)
    store.write(Session(before), Session(after), large)
    names = [r for r in records_of(dynamodb, sessions_table, before.session_id) if r.startswith("EVENTS#")]
    assert names == ["EVENTS#0000000003", "EVENTS#0000000006"]
    assert store.events(before.session_id, 0, 100, NOW) == list(large)
    assert [event.sequence for event in store.events(before.session_id, 2, 2, NOW)] == [3, 4]


def test_an_update_rewrites_neither_assessment_nor_results_nor_older_events(
    store: Store, dynamodb: "DynamoDBClient", sessions_table: str
) -> None:
    state = published(store, published(store, created(store), 0), 2, results=RESULTS, count=1)
    names = records_of(dynamodb, sessions_table, state.session_id)
    assert names == ["ASSESSMENT", "EVENTS#0000000001", "REQUIREMENTS", "RESULTS", "STATE"]
    mark(dynamodb, sessions_table, state.session_id, names[:-1])
    published(store, state, 3, count=1)
    assert marked(dynamodb, sessions_table) == set(names[:-1])


def test_further_results_do_not_rewrite_the_requirements(
    store: Store, dynamodb: "DynamoDBClient", sessions_table: str
) -> None:
    """They are many times larger than the others; new ones replace them."""
    state = published(store, published(store, created(store), 0), 2, results=RESULTS)
    mark(dynamodb, sessions_table, state.session_id, ["REQUIREMENTS", "RESULTS"])
    more = replace(RESULTS, sow_key="sessions/s/sow.docx")
    state = published(store, state, 3, results=more, results_before=RESULTS)
    assert marked(dynamodb, sessions_table) == {"REQUIREMENTS"}
    found = store.read(state.session_id, NOW)
    assert found is not None
    assert found.results == more
    other = replace(more, requirements_data='{"count":3}')
    published(store, state, 4, results=other, results_before=more)
    assert marked(dynamodb, sessions_table) == set()
    found = store.read(state.session_id, NOW)
    assert found is not None
    assert found.results == other


def test_an_owners_sessions_are_listed_newest_first_page_by_page(store: Store) -> None:
    mine = [created(store, now=NOW + timedelta(seconds=second)) for second in range(5)]
    created(store, owner="somebody else")
    first, position = store.summaries("owner", 2, None, NOW)
    second, position = store.summaries("owner", 2, position, NOW)
    third, end = store.summaries("owner", 2, position, NOW)
    assert end is None
    listed = [summary.session_id for page in (first, second, third) for summary in page]
    assert listed == [state.session_id for state in reversed(mine)]
    assert (first[0].client_name, first[0].project_name) == ("Nörthwind & Söhne", "Portal")


def ended(store: Store, events_each: int = 1, revisions: int = 3) -> State:
    """A session that has ended, with all kinds of records."""
    state = published(store, created(store), 0)
    for revision in range(2, 2 + revisions):
        results = replace(RESULTS, sow_key=f"sessions/s/{revision}")
        state = published(store, state, revision, results=results, count=events_each)
    over = lifecycle.publish(
        state, Update(state.session_id, "run-1", state.revision + 1, SessionStatus.COMPLETED, None, 100), NOW
    )
    store.write(Session(state), Session(over))
    return over


def reviewed(store: Store, before: State, review: Review) -> State:
    after = lifecycle.review(before, review.id, NOW)
    store.write(Session(before), Session(after), review=review)
    return after


LONG = Review(
    6,
    approve=True,
    requirements=tuple(
        ReviewedRequirement(None, RequirementKind.FUNCTIONAL, "語" * 1_300, "Orders", RequirementSize.XL)
        for _ in range(50)
    ),
    discount_percent=2.5,
)
"""About as long as the API takes."""


def test_a_review_is_written_with_its_state_and_replaced_by_the_next(store: Store) -> None:
    state = ended(store)
    assert store.review(state.session_id, NOW) is None
    state = reviewed(store, state, LONG)
    assert store.review(state.session_id, NOW) == LONG
    found = store.read(state.session_id, NOW)
    assert found is not None
    assert found.state == state
    with pytest.raises(LostRaceError):
        reviewed(store, replace(state, status=SessionStatus.COMPLETED, version=1), replace(LONG, id=7))
    assert store.review(state.session_id, NOW) == LONG
    state = reviewed(store, replace(state, status=SessionStatus.COMPLETED), Review(7, approve=False))
    assert store.review(state.session_id, NOW) == Review(7, approve=False)
    assert store.review(state.session_id, NOW + KEEP) is None


def test_a_review_is_read_by_no_other_query(store: Store, dynamodb: "DynamoDBClient", sessions_table: str) -> None:
    """A client asks for its session every few seconds, and would pay for 200 KB each time."""
    state = reviewed(store, ended(store), LONG)
    key = {"session_id": {"S": state.session_id}, "record": {"S": "LATEST_REVIEW"}}
    item = dynamodb.get_item(TableName=sessions_table, Key=key)["Item"]
    assert 150_000 < item_bytes(item) < 400_000
    client = Sized(dynamodb)
    counted = DynamoDBStore(client, sessions_table)  # type: ignore[arg-type]
    counted.read(state.session_id, NOW, with_assessment=True)
    counted.events(state.session_id, 0, 100, NOW)
    assert client.largest < RECORD_BYTES


def test_a_session_that_is_being_deleted_is_gone_for_everybody_but_who_deletes_it(store: Store) -> None:
    state = ended(store)
    marked = lifecycle.delete(state, NOW)
    store.write(Session(state), Session(marked))
    assert store.read(state.session_id, NOW) is None
    assert store.summaries("owner", 10, None, NOW) == ([], None)
    assert store.deleting(state.session_id, NOW) == marked
    assert store.deleting(state.session_id, NOW + KEEP) is None
    with pytest.raises(LostRaceError):
        store.create(replace(new(), session_id=state.session_id), ASSESSMENT, NOW)


def test_a_session_that_lives_is_not_being_deleted(store: Store) -> None:
    assert store.deleting(created(store).session_id, NOW) is None
    assert store.deleting(str(uuid.uuid4()), NOW) is None


def test_no_record_of_a_removed_session_is_left(store: Store, dynamodb: "DynamoDBClient", sessions_table: str) -> None:
    """However many there are; also those that expired with an earlier session of the same id."""
    state = reviewed(store, ended(store, revisions=60), replace(LONG, id=63))
    stale = {"session_id": {"S": state.session_id}, "record": {"S": "EVENTS#9999"}, "expires_at": {"N": "1"}}
    dynamodb.put_item(TableName=sessions_table, Item=stale)
    other = created(store)
    marked = replace(state, deleting=True, version=state.version + 1)
    store.write(Session(state), Session(marked))
    assert len(records_of(dynamodb, sessions_table, state.session_id)) > 60
    store.remove(marked.session_id)
    assert records_of(dynamodb, sessions_table, state.session_id) == []
    assert records_of(dynamodb, sessions_table, other.session_id) == ["ASSESSMENT", "STATE"]
    again = replace(new(), session_id=state.session_id)
    store.create(again, ASSESSMENT, NOW)
    found = store.read(state.session_id, NOW)
    assert found is not None
    assert (found.state, found.results) == (again, Results())


def test_who_removes_a_session_late_touches_nothing_of_a_new_one_with_its_id(
    store: Store, dynamodb: "DynamoDBClient", sessions_table: str
) -> None:
    """Another request has come to the end meanwhile, and the same token has been submitted again."""
    state = ended(store)
    marked = lifecycle.delete(state, NOW)
    store.write(Session(state), Session(marked))
    store.remove(marked.session_id)
    store.create(replace(new(), session_id=state.session_id, version=marked.version), ASSESSMENT, NOW)
    with pytest.raises(LostRaceError):
        store.remove(marked.session_id)
    assert records_of(dynamodb, sessions_table, state.session_id) == ["ASSESSMENT", "STATE"]


LIMITS = OwnerLimits(active_sessions=2, submits_per_day=3)


def admission(store: Store, now: datetime = NOW) -> Admission:
    return admit(store.activity("owner"), LIMITS, now, KEEP)


def test_an_owner_without_a_record_has_nothing_going_on(store: Store) -> None:
    assert store.activity("nobody") == Activity()


def test_a_session_stands_in_its_owners_record_from_its_start_to_its_end(store: Store) -> None:
    """It is added when it is created and when it is retried, and both are counted."""
    state = new()
    store.create(state, ASSESSMENT, NOW, admission(store))
    assert store.activity("owner") == Activity(frozenset({ActiveSession.of(state)}), NOW.date(), 1)
    ended = lifecycle.cancel(state, NOW)
    store.write(Session(state), Session(ended))
    assert store.activity("owner") == Activity(frozenset(), NOW.date(), 1)
    again = lifecycle.retry(ended, NOW)
    store.write(Session(ended), Session(again), admission=admission(store))
    assert store.activity("owner") == Activity(frozenset({ActiveSession.of(state)}), NOW.date(), 2)


def test_an_admission_that_does_not_hold_any_more_writes_nothing(store: Store) -> None:
    """Neither the session nor the record: the last place, or the day's last submit, was taken meanwhile."""
    early = admission(store)
    for _ in range(2):
        store.create(new(), ASSESSMENT, NOW, admission(store))
    before = store.activity("owner")
    state = new()
    for stale in (early, replace(early, is_first_of_day=False)):
        with pytest.raises(LostRaceError):
            store.create(state, ASSESSMENT, NOW, stale)
    assert store.read(state.session_id, NOW) is None
    assert store.activity("owner") == before


def test_the_days_last_submit_is_taken_once(store: Store) -> None:
    states = [new() for _ in range(3)]
    for state in states[:2]:
        store.create(state, ASSESSMENT, NOW, admission(store))
        store.write(Session(state), Session(lifecycle.cancel(state, NOW)))
    last = admission(store)
    store.create(states[2], ASSESSMENT, NOW, last)
    with pytest.raises(LostRaceError):
        store.create(new(), ASSESSMENT, NOW, last)
    tomorrow = NOW + timedelta(days=1)
    store.create(new(), ASSESSMENT, tomorrow, admission(store, tomorrow))
    activity = store.activity("owner")
    assert (activity.day, activity.submits) == (tomorrow.date(), 1)


def test_a_session_that_loses_its_race_takes_no_place(store: Store) -> None:
    state = created(store)
    with pytest.raises(LostRaceError):
        store.create(state, ASSESSMENT, NOW, admission(store))
    assert store.activity("owner") == Activity()


def test_a_check_is_begun_once_and_what_is_gone_is_forgotten(store: Store) -> None:
    state = new()
    store.create(state, ASSESSMENT, NOW, admission(store))
    seen = store.activity("owner")
    store.begin_check("owner", seen, NOW)
    with pytest.raises(LostRaceError):
        store.begin_check("owner", seen, NOW)
    later = NOW + timedelta(minutes=1)
    store.begin_check("owner", store.activity("owner"), later)
    store.forget("owner", [ActiveSession.of(state)], later)
    assert store.activity("owner") == Activity(frozenset(), NOW.date(), 1, later)


def test_the_owners_record_is_kept_as_long_as_its_newest_session(
    store: Store, dynamodb: "DynamoDBClient", sessions_table: str
) -> None:
    """DynamoDB deletes it by the same attribute as the sessions. One that a session's end has to make expires too."""

    def expires_at() -> str:
        items = dynamodb.scan(TableName=sessions_table)["Items"]
        [record] = [item for item in items if item["session_id"]["S"] == "OWNER#owner"]
        assert "owner" not in record  # or it would be among the owner's sessions in the index
        return record["expires_at"]["N"]

    state = created(store)  # by a version that kept no record
    store.write(Session(state), Session(lifecycle.cancel(state, NOW)))
    assert expires_at() == str(epoch(NOW + KEEP))
    later = NOW + timedelta(days=2)
    store.create(new(now=later), ASSESSMENT, later, admission(store, later))
    assert expires_at() == str(epoch(later + KEEP))


def among_all(store: Store, owner: str, most: int = 2) -> Admission:
    own = admit(store.activity(owner), LIMITS, NOW, KEEP)
    return admit_among_all(own, store.activity(ALL_OWNERS), most)


def test_a_session_stands_among_those_of_all_owners_until_it_rests(store: Store) -> None:
    """The record of all owners counts no submits. A session that nothing limited leaves no trace in it."""
    state = new(owner="ben")
    store.create(state, ASSESSMENT, NOW, among_all(store, "ben"))
    store.create(new(), ASSESSMENT, NOW, admission(store))
    assert store.activity(ALL_OWNERS) == Activity(frozenset({ActiveSession.of(state)}))
    ended = lifecycle.cancel(state, NOW)
    store.write(Session(state), Session(ended))
    assert store.activity(ALL_OWNERS) == Activity()
    again = lifecycle.retry(ended, NOW)
    store.write(Session(ended), Session(again), admission=among_all(store, "ben"))
    assert store.activity(ALL_OWNERS) == Activity(frozenset({ActiveSession.of(state)}))


def test_the_last_place_among_all_owners_is_taken_once(store: Store) -> None:
    """Whoever comes second writes nothing: no session, and nothing in the owner's own record."""
    store.create(new(owner="ben"), ASSESSMENT, NOW, among_all(store, "ben"))
    early, state = among_all(store, "owner"), new()
    store.create(new(owner="eve"), ASSESSMENT, NOW, among_all(store, "eve"))
    before = store.activity(ALL_OWNERS)
    with pytest.raises(LostRaceError):
        store.create(state, ASSESSMENT, NOW, early)
    assert store.read(state.session_id, NOW) is None
    assert store.activity("owner") == Activity()
    assert store.activity(ALL_OWNERS) == before


def test_a_session_that_rests_is_released_unless_it_has_been_started_again(store: Store) -> None:
    state = new()
    store.create(state, ASSESSMENT, NOW, admission(store))
    store.release("owner", state)
    assert store.activity("owner") == Activity(frozenset(), NOW.date(), 1)
    ended = lifecycle.cancel(state, NOW)
    store.write(Session(state), Session(ended))
    store.write(Session(ended), Session(lifecycle.retry(ended, NOW)), admission=admission(store))
    with pytest.raises(LostRaceError):
        store.release("owner", ended)
    assert store.activity("owner").active == {ActiveSession.of(state)}


class Sized:
    """A client that keeps the size of the largest item that a query has read."""

    def __init__(self, client: "DynamoDBClient") -> None:
        self._client = client
        self.largest = 0

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the client has
        return getattr(self._client, name)

    def query(self, **request: Any) -> Any:  # noqa: ANN401 - likewise
        answer = self._client.query(**request)
        self.largest = max([self.largest, *map(item_bytes, answer["Items"])])
        return answer


class Between:
    """A client that does something before its n-th call, or answers in its place."""

    def __init__(self, client: "DynamoDBClient") -> None:
        self._client = client
        self.before_query: list[Callable[[], object]] = []

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the client has
        return getattr(self._client, name)

    def query(self, **request: Any) -> Any:  # noqa: ANN401 - likewise
        if self.before_query:
            self.before_query.pop(0)()
        return self._client.query(**request)


@pytest.mark.parametrize("record", ["REQUIREMENTS", "RESULTS"])
def test_a_read_between_the_writes_of_a_transaction_reads_again(
    dynamodb: "DynamoDBClient", sessions_table: str, record: str
) -> None:
    """A query is no snapshot: STATE may be newer than the results, which must not be shown."""
    client = Between(dynamodb)
    store = DynamoDBStore(client, sessions_table)  # type: ignore[arg-type]
    state = published(store, published(store, created(store), 0), 2, results=RESULTS)
    key = {"session_id": {"S": state.session_id}, "record": {"S": record}}
    written = dynamodb.get_item(TableName=sessions_table, Key=key)["Item"]
    client.before_query = [
        lambda: dynamodb.delete_item(TableName=sessions_table, Key=key),
        lambda: dynamodb.put_item(TableName=sessions_table, Item=written),
    ]
    found = store.read(state.session_id, NOW)
    assert found is not None
    assert (found.state, found.results) == (state, RESULTS)


def test_a_write_whose_answer_was_lost_is_no_lost_race(dynamodb: "DynamoDBClient", sessions_table: str) -> None:
    store = DynamoDBStore(dynamodb, sessions_table)
    before = created(store)
    after = replace(before, cancel_requested=True, version=before.version + 1)

    def once_more(attempts: int, **_: object) -> float | None:
        return 0.0 if attempts == 1 else None

    hook: Any = once_more  # the stubs know no handler that answers
    dynamodb.meta.events.register_first("needs-retry.dynamodb.PutItem", hook)
    try:
        store.write(Session(before), Session(after))
    finally:
        dynamodb.meta.events.unregister("needs-retry.dynamodb.PutItem", hook)
    found = store.read(before.session_id, NOW)
    assert found is not None
    assert found.state == after


def test_another_ones_write_that_looks_the_same_is_a_lost_race(store: Store) -> None:
    """Two retries in one millisecond: the second must learn that the first is at work."""
    before = created(store)
    after = replace(before, revision=1, version=before.version + 1)
    store.write(Session(before), Session(after))
    with pytest.raises(LostRaceError):
        store.write(Session(before), Session(after))


def test_an_id_taken_again_shows_nothing_of_its_long_past(store: Store) -> None:
    """What has expired is not counted: neither parts of a longer brief, nor events before the limit."""
    brief = replace(ASSESSMENT, requirements="x" * 100_000)
    old = new(assessment=brief)
    store.create(old, brief, NOW)
    old = published(store, old, 0)
    for revision in range(2, 9):
        old = published(store, old, revision, count=1)
    later = NOW + KEEP
    again = replace(new(now=later), session_id=old.session_id)
    store.create(again, ASSESSMENT, later)
    again = published(store, again, 0)
    for revision, count in ((2, 8), (3, 4)):
        again = published(store, again, revision, count=count)
    found = store.read(old.session_id, later, with_assessment=True)
    assert found is not None
    assert found.assessment == ASSESSMENT
    assert [event.sequence for event in store.events(old.session_id, 0, 5, later)] == [1, 2, 3, 4, 5]
