"""The web ACL in front of the API, with its log. `cdk.firewall_rules` says what it refuses."""

from aws_cdk import ArnFormat, Fn
from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

from cdk.api import Api
from cdk.firewall_rules import refusal_bodies, rules, visible
from cdk.monitoring.log_group import log_group
from cdk.settings import Settings

Redacted = wafv2.CfnLoggingConfiguration.FieldToMatchProperty


class Firewall(Construct):
    """The web ACL with its log, attached to the API."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings, api: Api) -> None:
        super().__init__(scope, id_)
        self.metric_name = f"{settings.stack_name}-api"
        """The web ACL's name in CloudWatch, which knows no other difference between those of one region."""
        acl = wafv2.CfnWebACL(
            self,
            "WebAcl",
            scope="REGIONAL",
            default_action=wafv2.CfnWebACL.DefaultActionProperty(allow={}),
            rules=rules(settings),
            custom_response_bodies=refusal_bodies(),
            visibility_config=visible(self.metric_name),
        )
        wafv2.CfnWebACLAssociation(self, "Association", resource_arn=api.api.arn, web_acl_arn=acl.attr_arn)
        self._log(acl, settings)

    def _log(self, acl: wafv2.CfnWebACL, settings: Settings) -> None:
        """Log the requests that are blocked or counted, without credentials."""
        # WAF requires this prefix. The stack's id keeps the name different from a log that an earlier stack left.
        stack_id = Fn.select(2, Fn.split("/", acl.stack.stack_id))
        name = f"aws-waf-logs-{acl.stack.stack_name}-{stack_id}"
        group = log_group(self, "Log", settings=settings, name=name)
        secret = [_header(name) for name in ("authorization", "x-api-key")]
        # A WebSocket's credentials are in its protocol header or in the query string.
        secret += [_header("sec-websocket-protocol"), Redacted(query_string={})]
        logging = wafv2.CfnLoggingConfiguration(
            self,
            "Logging",
            resource_arn=acl.attr_arn,
            log_destination_configs=[
                acl.stack.format_arn(
                    service="logs", resource="log-group", resource_name=name, arn_format=ArnFormat.COLON_RESOURCE_NAME
                )
            ],
            redacted_fields=secret,
            logging_filter={
                "DefaultBehavior": "DROP",
                "Filters": [
                    {
                        "Behavior": "KEEP",
                        "Requirement": "MEETS_ANY",
                        "Conditions": [{"ActionCondition": {"Action": action}} for action in ("BLOCK", "COUNT")],
                    }
                ],
            },
        )
        logging.node.add_dependency(group)


def _header(name: str) -> Redacted:
    return Redacted(single_header={"Name": name})
