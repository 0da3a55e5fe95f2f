"""The stack's outputs. `cdk.app` calls `write` when the stack is complete, and clients read the outputs from a file."""

from aws_cdk import CfnOutput

from cdk.stack import ScopeSmithStack


def write(stack: ScopeSmithStack) -> None:
    """Create the outputs: the page's configuration, and the names and addresses that an operator needs."""
    functions, failures, monitoring = stack.functions, stack.failures, stack.monitoring
    values = {
        **{f"{key[0].upper()}{key[1:]}": value for key, value in stack.config.items()},
        "ApiId": stack.api.api.api_id,
        "ApiKeyCommand": _reading_the_key(stack) if stack.api.key_expires else None,
        "WebUrl": stack.web.url if stack.web else None,
        **{key.title().replace("_", ""): value for key, value in stack.agent.environment.items()},
        "ArtifactsBucketName": stack.buckets.artifacts.bucket_name,
        "TemplatesBucketName": stack.buckets.templates.bucket_name,
        "SessionsTableName": stack.table.table.table_name,
        "ResolversFunctionName": functions.resolvers.function.function_name,
        "WorkerFunctionName": functions.worker.function.function_name,
        "DeadLettersUrl": failures.dead_letters.queue_url,
        "AlarmTopicArn": monitoring.topic.topic_arn,
        "DashboardName": monitoring.dashboard.dashboard_name,
    }
    for key, value in values.items():
        if value is not None:
            CfnOutput(stack, key, value=value)


def _reading_the_key(stack: ScopeSmithStack) -> str:
    """The command that prints the API key. Outputs are shown in consoles and logs, so the key itself is not one."""
    which = f"--api-id {stack.api.api.api_id} --region {stack.region}"
    return f"aws appsync list-api-keys {which} --query 'apiKeys[0].id' --output text"
