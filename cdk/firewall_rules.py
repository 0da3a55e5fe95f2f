"""The rules of the web ACL: limits of the request rate, and AWS's managed rules. `cdk.firewall` puts them in place.

The first limit counts the requests of one address with the same credentials, so that many users behind one address
don't use up each other's. The limit of the address alone is higher: it catches who changes the credentials with each
request, and WebSockets, whose credentials are in no header of their own. Requests of our workers are signed, and
AppSync checks the signature. Workers may share an address, so signed requests have their own limit. Who passes a limit
is answered 429, in a form that clients and browsers can read.

The managed rules that inspect a body only count and do not block. Meeting notes are free text, and a rule could take a
quoted path or a line of HTML for an attack.
"""

import json
from collections.abc import Iterator

from aws_cdk import aws_wafv2 as wafv2

from cdk.settings import Settings

SIGNED_REQUESTS = 100_000
"""The limit for one address in five minutes. It is enough for some 300 workers that publish every second."""

USERS_OF_AN_ADDRESS = 10
"""How many users fit behind one address, each with all of their own requests."""

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

Acl = wafv2.CfnWebACL
Statement = Acl.StatementProperty

_TOO_MANY = "TooManyRequests"
_BODY = {
    "data": None,
    "errors": [{"errorType": _TOO_MANY, "message": "Too many requests: wait a minute, then try again."}],
}
"""The body of a refusal, in AppSync's form."""

_REFUSAL_HEADERS = {
    "access-control-allow-origin": "*",  # as AppSync answers; without it, a page can't read the status
    "retry-after": "60",
}


def refusal_bodies() -> dict[str, Acl.CustomResponseBodyProperty]:
    """The bodies that the rules refer to."""
    return {_TOO_MANY: Acl.CustomResponseBodyProperty(content_type="APPLICATION_JSON", content=json.dumps(_BODY))}


def rules(settings: Settings) -> list[Acl.RuleProperty]:
    """All rules, in the order in which WAF applies them."""
    return [
        Acl.RuleProperty(
            name=name,
            priority=priority,
            action=Acl.RuleActionProperty(block=_refusal()) if statement.rate_based_statement else None,
            override_action=None if statement.rate_based_statement else Acl.OverrideActionProperty(none={}),
            statement=statement,
            visibility_config=visible(name),
        )
        for priority, (name, statement) in enumerate([*_rates(settings), *_managed_rules()])
    ]


def visible(name: str) -> Acl.VisibilityConfigProperty:
    """Metrics under this name, and no samples: those would show the credentials that the log leaves out."""
    return Acl.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=False
    )


def _rates(settings: Settings) -> Iterator[tuple[str, Statement]]:
    each = settings.requests_per_five_minutes
    yield "TokenRate", _rate(each, _not(_signed()), credentials="authorization")
    if settings.api_key:
        yield "KeyRate", _rate(each, _not(_signed()), credentials="x-api-key")
    # A browser takes a refused preflight for a broken network and never shows the 429. AppSync answers it itself.
    preflight = _match(Acl.FieldToMatchProperty(method={}), "OPTIONS")
    unsigned = Statement(and_statement=Acl.AndStatementProperty(statements=[_not(_signed()), _not(preflight)]))
    yield "AddressRate", _rate(USERS_OF_AN_ADDRESS * each, unsigned)
    yield "SignedRate", _rate(SIGNED_REQUESTS, _signed())


def _managed_rules() -> Iterator[tuple[str, Statement]]:
    counting = {
        "AWSManagedRulesAmazonIpReputationList": (),
        "AWSManagedRulesKnownBadInputsRuleSet": _JUDGE_CODE,
        "AWSManagedRulesCommonRuleSet": _JUDGE_FREE_TEXT,
    }
    for name, only_count in counting.items():
        yield name, _managed(name, only_count)


def _rate(requests: int, scope: Statement, *, credentials: str = "") -> Statement:
    """Of one address in five minutes; with `credentials`, of those with the same header, while others don't count."""
    keys = None
    if credentials:
        as_it_is = Acl.TextTransformationProperty(priority=0, type="NONE")
        header = Acl.RateLimitHeaderProperty(name=credentials, text_transformations=[as_it_is])
        keys = [Acl.RateBasedStatementCustomKeyProperty(ip={}), Acl.RateBasedStatementCustomKeyProperty(header=header)]
    return Statement(
        rate_based_statement=Acl.RateBasedStatementProperty(
            limit=requests,
            aggregate_key_type="CUSTOM_KEYS" if keys else "IP",
            custom_keys=keys,
            evaluation_window_sec=300,
            scope_down_statement=scope,
        )
    )


def _refusal() -> Acl.BlockActionProperty:
    headers = [Acl.CustomHTTPHeaderProperty(name=name, value=value) for name, value in _REFUSAL_HEADERS.items()]
    return Acl.BlockActionProperty(
        custom_response=Acl.CustomResponseProperty(
            response_code=429, custom_response_body_key=_TOO_MANY, response_headers=headers
        )
    )


def _managed(name: str, counting: tuple[str, ...]) -> Statement:
    count = Acl.RuleActionProperty(count={})
    return Statement(
        managed_rule_group_statement=Acl.ManagedRuleGroupStatementProperty(
            vendor_name="AWS",
            name=name,
            scope_down_statement=_not(_signed()),
            rule_action_overrides=[Acl.RuleActionOverrideProperty(name=rule, action_to_use=count) for rule in counting]
            or None,
        )
    )


def _signed() -> Statement:
    return _match(Acl.FieldToMatchProperty(single_header={"Name": "authorization"}), _SIGNATURE)


def _match(field: Acl.FieldToMatchProperty, beginning: str) -> Statement:
    return Statement(
        byte_match_statement=Acl.ByteMatchStatementProperty(
            field_to_match=field,
            positional_constraint="STARTS_WITH",
            search_string=beginning,
            text_transformations=[Acl.TextTransformationProperty(priority=0, type="NONE")],
        )
    )


def _not(statement: Statement) -> Statement:
    return Statement(not_statement=Acl.NotStatementProperty(statement=statement))
