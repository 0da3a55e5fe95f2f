"""The table of signals: words that show the kind of a statement.

`classify` adds up the weights of the signals in a statement, each once. Words for qualities, systems and limits weigh
more than a modal verb, because "must answer within 2 seconds" is a quality and "must send to SAP" an integration. A
question mark weighs most, because a question shows that nothing is agreed yet. The words are English, with the modal
verbs of a few other European languages. In any other language only headings and question marks count.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from worker.tools.requirements import Kind

SECTION_WEIGHT = 3
NOTE_SECTION_WEIGHT = 5
"""The weight of a section such as attendees or next steps. It is high because such sections mention systems and dates
without asking for any."""
NEED_WEIGHT = 2


@dataclass(frozen=True)
class Signal:
    """Words that are a sign of a kind."""

    kind: Kind
    weight: int
    words: re.Pattern[str]
    listed_only: bool = False
    """Whether it counts only in list items, because its words are too common in speech and prose."""


def _words(alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{alternatives})", re.IGNORECASE)


_MONTH = (
    r"(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)[a-z]{0,6}\b|may\b|march\b|june\b|july\b|q[1-4]\b"
    r"|summer|autumn|winter|spring|christmas|easter|year.?end|end of"
)
_NUMBER = r"\d[\d.,' ]{0,12}"

NEED = _words(
    r"must(?!\s+have\s+been)\b|shall\b|should\b|needs?\b|needed\b|ha(?:s|ve) to\b|wants?\b"
    r"|would like\b|requires?\b|required\b|expects?\b|insists? on\b|wish(?:es)?\b|able to\b"
    r"|lets?\s+(?:users|customers|people|us)\b|allows?\b|as an?\b.{1,60}\bI can\b|can be\b"
    r"|(?:users?|customers?|clients?|staff|employees|administrators?|admins?|managers?|agents?|drivers?|people) can\b"
    r"|muss\b|müssen\b|soll(?:en|te|ten)?\b|brauch(?:en|t)\b|doit\b|doivent\b|deben?\b|dev[eo]\b"
    r"|devono\b|musi\b|muszą\b|ska(?:ll)?\b|måste\b|moet(?:en)?\b"
)

SIGNALS: Sequence[Signal] = (
    Signal(Kind.FUNCTIONAL, NEED_WEIGHT, NEED),
    Signal(
        Kind.FUNCTIONAL,
        1,
        _words(
            r"add\b|alert|approv|archiv|assign|book|brows|calculat|cancel|captur|chang|chat|configur|creat"
            r"|dashboard|delet|display|download|edit|e-?mail|export|filter|form\b|generat|import|invit|label"
            r"|list\b|log.?in|manag|map\b|notif|order|overview|pay|portal|print|profile|receiv|regist|remind"
            r"|report|role|sav(?:e|ing)|schedul|search|select|send|shar|show|sort|status|submit|template|track"
            r"|updat|upload|view|workflow"
        ),
        listed_only=True,
    ),
    Signal(
        Kind.NON_FUNCTIONAL,
        3,
        _words(
            r"performan|availab(?:le 24|ility)|uptime|scal(?:e|es|able|ability|ing)\b|latency|throughput"
            r"|response times?|concurren|simultaneous|peak load|fail-?over|redundan|back-?ups?\b"
            r"|disaster recovery|\brto\b|\brpo\b|resilien|reliab|recover"
        ),
    ),
    Signal(
        Kind.NON_FUNCTIONAL,
        3,
        _words(
            r"secur(?:e|ity)\b(?! officer)|encrypt|single sign|sso\b|multi-?factor|mfa\b|2fa\b|penetration"
            r"|pen-?test|audit|password|authori[sz]ation|least privilege|tls\b"
        ),
    ),
    Signal(
        Kind.NON_FUNCTIONAL,
        3,
        _words(
            r"gdpr|dsgvo|hipaa|pci\b|pci.?dss|iso.?27001|soc.?2\b|dora\b|nis.?2\b|wcag|complian|personal data"
            r"|data protection|privacy|retention|accessib|traceab"
        ),
    ),
    Signal(
        Kind.NON_FUNCTIONAL,
        3,
        _words(
            r"usab|intuitive|easy to use|user-?friendly|responsive|mobile-?friendly|offline|multi-?lingual"
            r"|(?:several|\w{2,6}) languages|locali[sz]|maintainab|testab|monitor|logged\b|logging"
            r"|infrastructure as code|continuous (?:delivery|integration)|ci/cd|document(?:ed|ation)\b"
            r"|browsers?\b"
        ),
    ),
    Signal(
        Kind.NON_FUNCTIONAL,
        3,
        _words(
            r"(?:under|within|less than|below|at most|max(?:imum)?(?: of)?|faster than)"
            rf"\s{_NUMBER}\s?(?:ms|milli|s\b|sec|min)"
            rf"|{_NUMBER}\s?%"
            r"|24\s?[x/]\s?7|around the clock"
            rf"|{_NUMBER}\s?(?:concurrent|simultaneous|parallel)"
            rf"|{_NUMBER}\s?(?:users|requests|transactions|documents|records)\b"
        ),
    ),
    Signal(
        Kind.INTEGRATION,
        3,
        _words(
            r"integrat(?!ion tests?)|interfac(?:e|es|ing) (?:to|with|for|of)"
            r"|connect(?:s|ed|ion|or)? (?:to|with)|sync(?:s|ed|hroni[sz]\w+)?\b"
            r"|(?:data|status|feed|file) (?:comes?|flows?) from|feeds?\b|apis?\b|webhooks?\b|s?ftp\b|edi\b"
            r"|edifact|soap\b|odata|graphql|message (?:queue|bus)"
            r"|(?:import|pull|read|fetch|push|send|export|write)(?:s|ed|ing)? .{0,40}"
            r"(?:from|to|into) (?:the|our) .{0,30}system"
            r"|gateway|middleware|single sign.?on (?:with|via|through)|(?:log|sign).?in (?:with|via|through)"
        ),
    ),
    Signal(
        Kind.INTEGRATION,
        3,
        _words(
            r"sap\b|salesforce|oracle\b|dynamics\b|workday\b|servicenow|netsuite|hubspot|zendesk|jira\b"
            r"|confluence\b|sharepoint|microsoft (?:teams|365)|office 365|outlook|exchange server|slack\b"
            r"|okta\b|auth0|entra\b|azure ad\b|active directory|ldap|stripe\b|paypal|adyen|twilio|sendgrid"
            r"|docusign|datev\b|snowflake\b|power ?bi|tableau\b|kafka\b|as/?400|mainframe|guidewire|duck creek"
            r"|google (?:maps|analytics)|data warehouse|erp\b|crm\b|tms\b|wms\b|legacy system|core system"
        ),
    ),
    Signal(Kind.INTEGRATION, 2, _words(r"(?:third|external).{0,10}(?:part|system|service)|providers?\b")),
    Signal(
        Kind.CONSTRAINT,
        3,
        _words(
            r"budget|cost cap|(?:eur|usd|gbp|chf|sek|nok|dkk|pln)\s?\d|[€$£]\s?\d"
            rf"|{_NUMBER}\s?(?:€|eur|usd)"
            r"|deadlines?\b|no later than|at the latest"
            rf"|(?:by|before|until|in) (?:the )?(?:\d{{1,2}}\.? )?(?:{_MONTH})"
            r"|by \d{4}|freeze|fixed date"
        ),
    ),
    Signal(
        Kind.CONSTRAINT,
        2,
        _words(
            r"go-?live|launch date|works? council|union\b|licen[sc]e|legal(?:ly)?\b|contract|must not\b"
            r"|may not\b|not allowed|forbidden|prohibited|we (?:do not|don.t|cannot|can.t)\b"
            r"|no (?:new|additional|external)\b|only (?:one|two|three|\d+)\b|on-?premises?|hosted? (?:in|on)"
            r"|hosting|within \w+ (?:weeks|months)|restricted to|limited to|mandatory"
        ),
    ),
    Signal(
        Kind.EXCLUDED,
        6,
        _words(
            r"out of scope|not in scope|not part of (?:this|the)|not in the first"
            r"|(?:second|later|next) (?:release|phase|version)|phase (?:two|2|ii)\b|won.t do|not needed"
            r"|leave .{1,40} out\b"
        ),
    ),
    Signal(Kind.QUESTION, 10, re.compile(r"""[?\uff1f\u061f]["'\u201d\u2019)\]]*$""")),
    Signal(
        Kind.QUESTION,
        4,
        _words(
            r"tb[dca]\b|to be (?:clarified|decided|defined|confirmed|discussed|agreed|checked)|unclear|unknown"
            r"|not (?:yet )?(?:decided|clear|known|chosen|defined|agreed)|open question|we don.t know|not sure"
            r"|(?:have|need) to (?:check|clarify|ask|confirm|find out)|still (?:open|need to)|waiting for"
        ),
    ),
    Signal(
        Kind.QUESTION,
        2,
        re.compile(r"^(?:who|what|when|where|which|why|how|whether)\b", re.IGNORECASE),
        listed_only=True,
    ),
)

PRECEDENCE = (
    Kind.QUESTION,
    Kind.EXCLUDED,
    Kind.CONSTRAINT,
    Kind.INTEGRATION,
    Kind.NON_FUNCTIONAL,
    Kind.FUNCTIONAL,
    Kind.NOTE,
)
"""The order in which kinds win if their weights are equal."""


def asks_for_something(text: str) -> bool:
    """Whether the text states a need."""
    return bool(NEED.search(text))
