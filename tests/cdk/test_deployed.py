"""The synthesized template, deployed to an emulator by plain CloudFormation calls, and at work there.

What the emulator can't do is taken out, and stands here with its reason. It answers GraphQL for users, but knows no IAM
caller and no model: the AppSync and the model that the worker calls are this project's own. That AppSync reaches the
deployed resolvers through the emulator's Lambda API.
"""

import asyncio
import contextlib
import functools
import json
import os
import sys
import urllib.request
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import web
from botocore.exceptions import ClientError
from checkout import DATA, NOTES
from prerequisites import absent
from stacks import ministack

from cdk.app import app
from cdk.bundling.contents import Target
from cdk.bundling.local_bundling import lambda_code
from client.cognito import Pool
from client.endpoint import Endpoint
from client.sign_in import Login, signed_in
from local.appsync.server import AppSyncConfig, LambdaAnswer, LambdaError, create_app
from local.bedrock.converse import api as converse_api
from local.bedrock.converse.model import MODEL_ID, ScriptedModel
from local.http import loopback
from local.lambdas.functions import Answer
from local.stack import SDL
from worker.tools.declarations import TOOLS

pytestmark = pytest.mark.slow

NAME = "ScopeSmith"
EVENTS = DATA / "resolvers"

THIS_MACHINE = Target(f"{os.uname().machine}-manylinux_2_28", f"{sys.version_info.major}.{sys.version_info.minor}")
"""The emulator runs Lambdas as processes here, so it gets the same bundles for this machine's platform."""

LEFT_OUT = {
    "AWS::Logs::QueryDefinition": "no such resource type",
    "AWS::WAFv2::LoggingConfiguration": "no such resource type",
    "AWS::WAFv2::WebACLAssociation": "no such resource type",
    "AWS::S3::BucketPolicy": "they refuse whatever comes without TLS, as everything does here",
}
"""What is not deployed here, and why. Alarms over metric math are left out too: the emulator refuses them."""

LEFT_OUT_OUTPUTS = ("RealtimeEndpoint",)
"""Its GraphQL APIs have no RealtimeUrl to ask for: it has no subscriptions."""

ENDS = {"COMPLETED", "ERROR", "CONFIGURATION_ERROR"}

SUBMIT = "mutation Submit($input: AssessmentInput!) { submitAssessment(input: $input) { id status } }"
SESSION = "query Session($id: ID!) { session(id: $id) { status progress currentStage errorMessage } }"


@dataclass(frozen=True)
class Deployed:
    """The stack in the emulator."""

    url: str
    outputs: Mapping[str, str]

    def client(self, service: str) -> Any:  # noqa: ANN401 - boto3's are made at run time
        return ministack.client(service, self.url)

    def function(self, handler: str) -> str:
        """The name of the function that runs this handler."""
        return self._function(handler)["FunctionName"]

    def signer(self, handler: str) -> ministack.Signer:
        """Who may do what this handler's function may, and no more."""
        return ministack.Signer.of(self._function(handler))

    def _function(self, handler: str) -> Mapping[str, str]:
        functions: list[Mapping[str, str]] = self.client("lambda").list_functions()["Functions"]
        (found,) = [one for one in functions if one["Handler"] == handler]
        return found

    def invoke(self, function: str, event: bytes) -> Answer:
        answer = self.client("lambda").invoke(FunctionName=function, Payload=event)
        return Answer(answer["Payload"].read(), failed="FunctionError" in answer)

    def configure(self, handler: str, variables: Mapping[str, str]) -> None:
        """Change some of a function's variables, as an operator would."""
        client, name = self.client("lambda"), self.function(handler)
        present = client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        client.update_function_configuration(FunctionName=name, Environment={"Variables": {**present, **variables}})

    def user(self, name: str) -> str:
        """A new user's access token."""
        cognito, pool = self.client("cognito-idp"), self.outputs["UserPoolId"]
        password = "Correct-Horse-7-Battery"
        cognito.admin_create_user(UserPoolId=pool, Username=name, MessageAction="SUPPRESS")
        cognito.admin_set_user_password(UserPoolId=pool, Username=name, Password=password, Permanent=True)
        return asyncio.run(self._signed_in(Login(name, password, self.users)))

    @property
    def users(self) -> Pool:
        return Pool(f"{self.url}/", self.outputs["UserPoolId"], self.outputs["UserPoolClientId"])

    async def _signed_in(self, login: Login) -> str:
        async with signed_in(Endpoint.parse(f"{self.url}/graphql"), login) as user:
            return await user.fresh()

    def ask(self, token: str, query: str, variables: Mapping[str, object]) -> dict[str, Any]:
        """What the deployed API answers."""
        request = urllib.request.Request(  # noqa: S310 - the emulator's, on this machine
            f"{self.url}/v1/apis/{self.outputs['ApiId']}/graphql",
            json.dumps({"query": query, "variables": variables}).encode(),
            {"content-type": "application/json", "authorization": token},
        )
        with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310 - likewise
            answer: dict[str, Any] = json.load(response)
            return answer


def _left_out(resource: Mapping[str, Any]) -> bool:
    computed = resource["Type"] == "AWS::CloudWatch::Alarm" and "Metrics" in resource["Properties"]
    return resource["Type"] in LEFT_OUT or computed


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """The stack with its ordinary settings, deployed."""
    try:
        ministack.fetch()
    except ministack.NotThereError as reason:
        absent(str(reason))
    folder = tmp_path_factory.mktemp("deployed")
    assembly = folder / "assembly"
    code = functools.partial(lambda_code, target=THIS_MACHINE)
    app(outdir=str(assembly), context={"agentModel": MODEL_ID, "analysisModel": "none"}, code=code).synth()
    template = json.loads((assembly / f"{NAME}.template.json").read_text(encoding="utf-8"))
    for output in LEFT_OUT_OUTPUTS:
        del template["Outputs"][output]
    with ministack.running(folder) as url:
        yield Deployed(url, ministack.deploy(url, assembly, NAME, ministack.without(template, _left_out)))


def test_the_stack_is_created_and_its_functions_are_the_ones_that_the_outputs_name(deployed: Deployed) -> None:
    """The stack reaches CREATE_COMPLETE, with what it says of itself."""
    stack = deployed.client("cloudformation").describe_stacks(StackName=NAME)["Stacks"][0]
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    assert deployed.function("resolvers.handler.handler") == deployed.outputs["ResolversFunctionName"]
    assert deployed.function("worker.handler.handler") == deployed.outputs["WorkerFunctionName"]


def test_the_resolvers_bundle_answers_an_appsync_event(deployed: Deployed) -> None:
    """A recorded event, handed to the deployed function: it imports, finds its table, and answers."""
    event = (EVENTS / "sessions_as_user.json").read_bytes()
    answer = deployed.invoke(deployed.outputs["ResolversFunctionName"], event)
    assert not answer.failed, answer.payload
    assert json.loads(answer.payload) == {"items": [], "nextToken": None}


def test_the_failure_bundle_drops_what_is_no_record_of_a_failed_event(deployed: Deployed) -> None:
    """The deployed failure function imports, and takes a queue's message."""
    record = {"messageId": "1", "body": "{}", "attributes": {}, "eventSource": "aws:sqs"}
    answer = deployed.invoke(
        deployed.function("worker.failure.handler.handler"), json.dumps({"Records": [record]}).encode()
    )
    assert not answer.failed, answer.payload
    assert json.loads(answer.payload) == {"batchItemFailures": []}


def test_the_worker_may_use_its_workspace_and_neither_the_table_nor_the_rest_of_the_bucket(deployed: Deployed) -> None:
    """Policies are kept to here: what the worker's role does not allow is refused."""
    deployed.invoke(deployed.outputs["WorkerFunctionName"], b"{}")  # no event of the resolvers': it only starts
    worker = deployed.signer("worker.handler.handler").session()
    bucket = {"Bucket": deployed.outputs["ArtifactsBucketName"], "Body": b"{}"}
    s3 = ministack.client("s3", deployed.url, worker)
    s3.put_object(Key="sessions/one/assessment.json", **bucket)
    with pytest.raises(ClientError, match=r"AccessDenied.*s3:PutObject"):
        s3.put_object(Key="elsewhere/assessment.json", **bucket)
    key = {"session_id": {"S": "one"}, "record": {"S": "STATE"}}
    with pytest.raises(ClientError, match=r"AccessDenied.*dynamodb:GetItem"):
        ministack.client("dynamodb", deployed.url, worker).get_item(
            TableName=deployed.outputs["SessionsTableName"], Key=key
        )


async def test_a_user_submits_to_the_deployed_api_and_the_worker_brings_the_session_to_its_end(
    deployed: Deployed,
) -> None:
    """Submitted through AppSync, resolver.js and the resolvers; worked on by the worker, which runs the tools."""
    async with _partners(deployed) as variables:
        await asyncio.to_thread(deployed.configure, "worker.handler.handler", variables)
        session_id, session = await _submitted(deployed, "ada@example.com")
    assert session == {"status": "COMPLETED", "progress": 100, "currentStage": "Completed", "errorMessage": None}
    stored = deployed.client("s3").list_objects_v2(
        Bucket=deployed.outputs["ArtifactsBucketName"], Prefix=f"sessions/{session_id}/"
    )
    documents = {one["Key"].rpartition("/")[2] for one in stored["Contents"]}
    assert {"presentation-v1.pptx", "statement-of-work-v1.docx"} <= documents


async def test_a_session_whose_worker_keeps_failing_is_ended_by_the_way_of_the_queue(deployed: Deployed) -> None:
    """The on-failure destination, its queue, the consumer and what each of them may do, as they are deployed."""
    async with _partners(deployed) as variables:
        await asyncio.to_thread(
            deployed.configure, "worker.handler.handler", {**variables, "ARTIFACTS_BUCKET_NAME": ""}
        )
        await asyncio.to_thread(deployed.configure, "worker.failure.handler.handler", variables)
        _, session = await _submitted(deployed, "ben@example.com")
    assert session["status"] == "ERROR"
    assert session["errorMessage"].startswith("The worker stopped unexpectedly")


async def _submitted(deployed: Deployed, user: str) -> tuple[str, dict[str, Any]]:
    """A user's new session, and how it ended: the deployed API is asked for both."""
    token = await asyncio.to_thread(deployed.user, user)
    assessment = {"clientName": "Aurora", "projectName": "Portal", "requirements": NOTES.read_text(encoding="utf-8")}
    submitted = await asyncio.to_thread(deployed.ask, token, SUBMIT, {"input": assessment})
    assert submitted.get("errors") is None, submitted
    session_id = str(submitted["data"]["submitAssessment"]["id"])
    session: dict[str, Any] = {}
    for _ in range(240):
        answer = await asyncio.to_thread(deployed.ask, token, SESSION, {"id": session_id})
        session = answer["data"]["session"]
        if session["status"] in ENDS:
            break
        await asyncio.sleep(0.5)
    return session_id, session


@contextlib.asynccontextmanager
async def _partners(deployed: Deployed) -> AsyncIterator[dict[str, str]]:
    """What the worker calls: an AppSync that lets it publish, and the scripted model; as its variables."""
    publishers = [deployed.signer(handler) for handler in ("worker.handler.handler", "worker.failure.handler.handler")]

    async def resolve(event: dict[str, object]) -> LambdaAnswer:
        answer = await asyncio.to_thread(
            deployed.invoke, deployed.outputs["ResolversFunctionName"], json.dumps(event).encode()
        )
        payload = json.loads(answer.payload)
        if answer.failed:
            return LambdaAnswer(None, LambdaError(payload["errorType"], payload["errorMessage"]))
        return LambdaAnswer(payload)

    api = create_app(
        AppSyncConfig(
            sdl=SDL.read_text(encoding="utf-8"),
            invoke=resolve,
            api_keys=frozenset(),
            credentials={one.access_key: one.secret_key for one in publishers},
            region=ministack.REGION,
        )
    )
    scripted = ScriptedModel({tool: declaration.function for tool, declaration in TOOLS.items()}, pace=0.2)
    models = web.Application()
    converse_api.add_routes(models, MODEL_ID, scripted.respond)
    with loopback.listen() as graphql, loopback.listen() as bedrock:
        async with loopback.serving(api, graphql), loopback.serving(models, bedrock):
            yield {
                "GRAPHQL_URL": f"http://{loopback.address(graphql)}/graphql",
                "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": f"http://{loopback.address(bedrock)}",
            }
