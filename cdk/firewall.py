"""The web ACL in front of the API: a rate limit for each address, and AWS's managed rules.

The rules that inspect a body only count and do not block. Meeting notes are free text, and a rule could take a quoted
path or a line of HTML for an attack. Requests of our workers are signed, and AppSync checks the signature. Workers may
share an address, so signed requests have their own rate limit.
"""

from aws_cdk import ArnFormat, Fn
from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

from cdk.api import Api
from cdk.monitoring.log_group import log_group
from cdk.settings import Settings

SIGNED_REQUESTS = 100_000
"""The limit for one address in five minutes. It is enough for some 300 workers that publish every second."""

_SIGNATURE = "AWS4-HMAC-SHA256 "

_JUDGE_FREE_TEXT = (
    "SizeRestrictions_BODY",
    "CrossSiteScripting_BODY",
    "GenericLFI_BODY",
    "GenericRFI_BODY",
    "EC2MetaDataSSRF_BODY",
    # A WebSocket's credentials are in the query string, and a token is longer than this rule allows.
    "SizeRestrictions_QUERYSTRING",
)

_JUDGE_CODE = ("Log4JRCE_BODY", "JavaDeserializationRCE_BODY")
"""Notes on a security incident may quote these attacks, and nothing behind the API runs Java."""

Rule = wafv2.CfnWebACL.RuleProperty
Statement = wafv2.CfnWebACL.StatementProperty
Redacted = wafv2.CfnLoggingConfiguration.FieldToMatchProperty


class Firewall(Construct):
    """The web ACL with its log, attached to the API."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings, api: Api) -> None:
        super().__init__(scope, id_)
        rules = [
            _rate("Rate", 0, settings.requests_per_five_minutes, _unsigned()),
            _rate("SignedRate", 1, SIGNED_REQUESTS, _signed()),
            _managed("AWSManagedRulesAmazonIpReputationList", 2),
            _managed("AWSManagedRulesKnownBadInputsRuleSet", 3, counting=_JUDGE_CODE),
            _managed("AWSManagedRulesCommonRuleSet", 4, counting=_JUDGE_FREE_TEXT),
        ]
        acl = wafv2.CfnWebACL(
            self,
            "WebAcl",
            scope="REGIONAL",
            default_action=wafv2.CfnWebACL.DefaultActionProperty(allow={}),
            rules=rules,
            visibility_config=_visible("WebAcl"),
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


def _rate(name: str, priority: int, requests: int, scope: Statement) -> Rule:
    return Rule(
        name=name,
        priority=priority,
        action=wafv2.CfnWebACL.RuleActionProperty(block={}),
        statement=Statement(
            rate_based_statement=wafv2.CfnWebACL.RateBasedStatementProperty(
                limit=requests, aggregate_key_type="IP", evaluation_window_sec=300, scope_down_statement=scope
            )
        ),
        visibility_config=_visible(name),
    )


def _managed(name: str, priority: int, counting: tuple[str, ...] = ()) -> Rule:
    count = wafv2.CfnWebACL.RuleActionProperty(count={})
    return Rule(
        name=name,
        priority=priority,
        override_action=wafv2.CfnWebACL.OverrideActionProperty(none={}),
        statement=Statement(
            managed_rule_group_statement=wafv2.CfnWebACL.ManagedRuleGroupStatementProperty(
                vendor_name="AWS",
                name=name,
                scope_down_statement=_unsigned(),
                rule_action_overrides=[
                    wafv2.CfnWebACL.RuleActionOverrideProperty(name=rule, action_to_use=count) for rule in counting
                ]
                or None,
            )
        ),
        visibility_config=_visible(name),
    )


def _signed() -> Statement:
    return Statement(
        byte_match_statement=wafv2.CfnWebACL.ByteMatchStatementProperty(
            field_to_match=wafv2.CfnWebACL.FieldToMatchProperty(single_header={"Name": "authorization"}),
            positional_constraint="STARTS_WITH",
            search_string=_SIGNATURE,
            text_transformations=[wafv2.CfnWebACL.TextTransformationProperty(priority=0, type="NONE")],
        )
    )


def _unsigned() -> Statement:
    return Statement(not_statement=wafv2.CfnWebACL.NotStatementProperty(statement=_signed()))


def _visible(name: str) -> wafv2.CfnWebACL.VisibilityConfigProperty:
    # Sampled requests would show the credentials that the log leaves out.
    return wafv2.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=False
    )
