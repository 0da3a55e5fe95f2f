"""The API as Strawberry types: what `schema.sdl` prints and AppSync runs.

The types only describe. Every root field is answered by the resolvers' Lambda, so no method here has a body
worth calling. Field order, names and nullability are the API's contract; a renamed field breaks clients.
"""

from collections.abc import Mapping
from typing import Never, NewType

import strawberry
from strawberry.schema_directive import Location
from strawberry.types.scalar import ScalarDefinition

from schema.requirements import RequirementKind, RequirementPriority, RequirementSize
from schema.statuses import AgentEventType, SessionStatus

_EVERYWHERE = [Location.OBJECT, Location.FIELD_DEFINITION]


@strawberry.schema_directive(locations=_EVERYWHERE, name="aws_cognito_user_pools", print_definition=False)
class AwsCognitoUserPools:
    """A caller with a token of the user pool, the API's default mode, may use this."""


@strawberry.schema_directive(locations=_EVERYWHERE, name="aws_api_key", print_definition=False)
class AwsApiKey:
    """A caller with the API key may use this."""


@strawberry.schema_directive(locations=_EVERYWHERE, name="aws_iam", print_definition=False)
class AwsIam:
    """A caller that signs with IAM credentials may use this: the worker, an operator."""


@strawberry.schema_directive(locations=[Location.FIELD_DEFINITION], name="aws_subscribe", print_definition=False)
class AwsSubscribe:
    """The subscription delivers what these mutations answer."""

    mutations: list[str]


USERS = [AwsCognitoUserPools(), AwsApiKey()]
IAM = [AwsIam()]
# A type that a subscriber reads and the worker writes carries every mode: without one, AppSync acknowledges
# the subscription and then stays silent.
ALL = [*USERS, *IAM]

for enum in (SessionStatus, AgentEventType, RequirementKind, RequirementSize, RequirementPriority):
    strawberry.enum(enum)


# AppSync's built-in scalars: used by name, never declared (`schema.sdl` leaves their definitions out).
AWSDate = NewType("AWSDate", str)
AWSDateTime = NewType("AWSDateTime", str)
AWSJSON = NewType("AWSJSON", str)
AWSURL = NewType("AWSURL", str)
SCALARS: Mapping[object, ScalarDefinition] = {
    scalar: strawberry.scalar(name=scalar.__name__) for scalar in (AWSDate, AWSDateTime, AWSJSON, AWSURL)
}


@strawberry.type(directives=ALL)
class Assessment:
    client_name: str
    project_name: str | None
    industry: str | None
    requirements: str
    duration: str | None
    team_size: int | None
    start_date: AWSDate | None
    currency: str | None
    review: bool


@strawberry.type(directives=ALL)
class CostLine:
    role: str
    hours: float
    hourly_rate: float
    cost: float


@strawberry.type(directives=ALL)
class CostData:
    total_cost: float
    total_hours: float
    complexity_level: str
    currency: str
    lines: list[CostLine]


@strawberry.type(directives=ALL)
class Results:
    requirements_data: AWSJSON | None
    cost_data: CostData | None
    template_paths: list[str]
    powerpoint_url: AWSURL | None
    sow_url: AWSURL | None
    html_url: AWSURL | None


@strawberry.type(directives=ALL)
class Requirement:
    id: strawberry.ID
    kind: RequirementKind
    text: str
    lines: list[int]
    work_package: str | None
    size: RequirementSize | None
    priority: RequirementPriority
    hours: float | None


@strawberry.type(directives=ALL)
class WorkPackage:
    name: str
    requirement_ids: list[strawberry.ID]
    hours: float
    cost: float


@strawberry.type(directives=ALL)
class Proposal:
    version: int
    created_at: AWSDateTime
    requirements: list[Requirement]
    work_packages: list[WorkPackage]
    cost_data: CostData | None
    low_cost: float | None
    high_cost: float | None
    confidence: float | None
    team_size: int | None
    duration: str | None
    start_date: AWSDate | None
    end_date: AWSDate | None
    deadline: AWSDate | None
    discount_percent: float
    budget: float | None
    assumptions: list[str]
    risks: list[str]
    open_questions: list[str]
    powerpoint_url: AWSURL | None
    sow_url: AWSURL | None
    html_url: AWSURL | None


@strawberry.type(directives=ALL)
class Usage:
    input_tokens: int
    output_tokens: int
    cache_read_input_tokens: int
    model_cost: float | None
    model_cost_currency: str | None


@strawberry.type(directives=ALL)
class Session:
    id: strawberry.ID
    assessment: Assessment
    status: SessionStatus
    current_stage: str | None
    progress: int
    revision: int
    last_sequence: int
    cancel_requested: bool
    error_message: str | None
    results: Results
    usage: Usage
    proposal_version: int
    created_at: AWSDateTime
    updated_at: AWSDateTime


@strawberry.type(directives=ALL)
class AgentEvent:
    sequence: int
    type: AgentEventType
    tool: str | None
    tool_call_id: str | None
    text: str
    truncated: bool
    timestamp: AWSDateTime


@strawberry.type(directives=ALL)
class Progress:
    session_id: strawberry.ID
    status: SessionStatus
    current_stage: str | None
    progress: int
    revision: int
    last_sequence: int
    cancel_requested: bool
    error_message: str | None
    results: Results
    usage: Usage
    proposal_version: int
    updated_at: AWSDateTime
    events: list[AgentEvent]


@strawberry.type(directives=USERS)
class SessionSummary:
    id: strawberry.ID
    client_name: str
    project_name: str | None
    status: SessionStatus
    progress: int
    created_at: AWSDateTime
    updated_at: AWSDateTime  # when status or progress last changed


@strawberry.type(directives=USERS)
class SessionPage:
    items: list[SessionSummary]
    next_token: str | None


@strawberry.type(directives=ALL)
class EventPage:
    items: list[AgentEvent]
    has_more: bool


@strawberry.input
class AssessmentInput:
    client_name: str
    project_name: str | None = strawberry.UNSET
    industry: str | None = strawberry.UNSET
    requirements: str
    duration: str | None = strawberry.UNSET
    team_size: int | None = strawberry.UNSET
    start_date: AWSDate | None = strawberry.UNSET
    currency: str | None = strawberry.UNSET
    review: bool | None = strawberry.UNSET
    client_request_token: strawberry.ID | None = strawberry.UNSET


@strawberry.input
class RequirementInput:
    id: strawberry.ID | None = strawberry.UNSET
    kind: RequirementKind
    text: str
    work_package: str | None = strawberry.UNSET
    size: RequirementSize | None = strawberry.UNSET
    priority: RequirementPriority | None = strawberry.UNSET
    lines: list[int] | None = strawberry.UNSET


@strawberry.input
class ReviewInput:
    revision: int
    approve: bool
    requirements: list[RequirementInput] | None = strawberry.UNSET
    team_size: int | None = strawberry.UNSET
    duration: str | None = strawberry.UNSET
    start_date: AWSDate | None = strawberry.UNSET
    currency: str | None = strawberry.UNSET
    discount_percent: float | None = strawberry.UNSET
    note: str | None = strawberry.UNSET


@strawberry.input
class CostLineInput:
    role: str
    hours: float
    hourly_rate: float
    cost: float


@strawberry.input
class CostDataInput:
    total_cost: float
    total_hours: float
    complexity_level: str
    currency: str
    lines: list[CostLineInput]


@strawberry.input
class ResultsInput:
    requirements_data: AWSJSON | None = strawberry.UNSET
    cost_data: CostDataInput | None = strawberry.UNSET
    template_paths: list[str] | None = strawberry.UNSET
    powerpoint_key: str | None = strawberry.UNSET
    sow_key: str | None = strawberry.UNSET
    html_key: str | None = strawberry.UNSET


@strawberry.input
class UsageInput:
    input_tokens: int
    output_tokens: int
    cache_read_input_tokens: int
    model_cost: float | None = strawberry.UNSET
    model_cost_currency: str | None = strawberry.UNSET


@strawberry.input
class AgentEventInput:
    sequence: int
    type: AgentEventType
    tool: str | None = strawberry.UNSET
    tool_call_id: str | None = strawberry.UNSET
    text: str
    truncated: bool
    timestamp: AWSDateTime


@strawberry.input
class ProgressInput:
    session_id: strawberry.ID
    run_id: strawberry.ID
    revision: int
    status: SessionStatus
    current_stage: str | None = strawberry.UNSET
    progress: int
    error_message: str | None = strawberry.UNSET
    results: ResultsInput | None = strawberry.UNSET
    usage: UsageInput | None = strawberry.UNSET
    proposal_version: int | None = strawberry.UNSET
    review_id: int | None = strawberry.UNSET  # in a claim: the review that the run's event carries, 0 for none
    events: list[AgentEventInput]


def _answered_by_the_lambda() -> Never:
    raise NotImplementedError("root fields are answered by resolvers.handler")


@strawberry.type
class Query:
    @strawberry.field(directives=ALL)
    def session(self, id: strawberry.ID) -> Session | None:
        _answered_by_the_lambda()

    @strawberry.field(directives=USERS)
    def sessions(
        self, limit: int | None = strawberry.UNSET, next_token: str | None = strawberry.UNSET
    ) -> SessionPage | None:
        _answered_by_the_lambda()

    @strawberry.field(directives=ALL)
    def events(
        self,
        session_id: strawberry.ID,
        after: int | None = strawberry.UNSET,
        limit: int | None = strawberry.UNSET,
    ) -> EventPage | None:
        _answered_by_the_lambda()

    @strawberry.field(directives=ALL)
    def proposal(self, session_id: strawberry.ID, version: int | None = strawberry.UNSET) -> Proposal | None:
        _answered_by_the_lambda()


@strawberry.type
class Mutation:
    @strawberry.field(directives=USERS)
    def submit_assessment(self, input: AssessmentInput) -> Session | None:
        _answered_by_the_lambda()

    @strawberry.field(directives=USERS)
    def cancel_session(self, id: strawberry.ID) -> Session | None:
        _answered_by_the_lambda()

    @strawberry.field(directives=USERS)
    def retry_session(self, id: strawberry.ID) -> Session | None:
        _answered_by_the_lambda()

    @strawberry.field(directives=USERS)
    def review_session(self, id: strawberry.ID, input: ReviewInput) -> Session | None:
        _answered_by_the_lambda()

    @strawberry.field(directives=USERS)
    def delete_session(self, id: strawberry.ID) -> strawberry.ID | None:
        _answered_by_the_lambda()

    @strawberry.field(directives=IAM)
    def publish_progress(self, input: ProgressInput) -> Progress | None:
        _answered_by_the_lambda()

    @strawberry.field(directives=IAM)
    def announce_progress(self, progress: AWSJSON) -> Progress | None:
        """AppSync itself answers this one, with what it is given."""
        _answered_by_the_lambda()


@strawberry.type
class Subscription:
    @strawberry.field(directives=[AwsSubscribe(mutations=["publishProgress", "announceProgress"]), *ALL])
    def on_progress(self, session_id: strawberry.ID) -> Progress | None:
        _answered_by_the_lambda()
