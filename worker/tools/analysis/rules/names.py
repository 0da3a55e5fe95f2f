"""Finds the proper names of systems in the notes: "Exact" in "Anneke finds the takings in Exact".

A name that data goes to or comes from, or that is called a system somewhere, is one; the name of a person is none. In
German, where every noun has a capital letter, only names in quotation marks or with odd capitals count.
"""

import re
from collections.abc import Iterable, Sequence

from worker.tools.analysis.rules.lexicon import Lexicon, plain
from worker.tools.analysis.rules.statements import Statement

_NAME = r"[A-Z\u00c0-\u00de\u0141\u015a\u017b][\w&+-]*[\w+](?:\s(?:[A-Z\u00c0-\u00de][\w&+-]*[\w+]|\d{1,4}))?"
_ODD = r"(?:[A-Z][a-z]+[A-Z]\w*|[A-Z]{2,}[\w/-]*\d*|[a-z]+[A-Z]\w+)"
_PREPOSITIONS = (
    r"from|to|into|in|with|via|through|against|by|on|of|aus|an|mit|nach|über|zu|von|dans|de|depuis|vers|avec|par|sur|à|en|desde|con|a|por|da|di|nel|in|su|verso"
    r"|uit|naar|met|door|van|från|till|i|med|z|do|w|ze|przez|no|na|para|com|ao|do"
)
_AFTER = re.compile(
    rf"\b(?:{_PREPOSITIONS})\s+(?:the\s+|our\s+|l'|la\s+|le\s+|el\s+|il\s+|o\s+|a\s+|het\s+|de\s+)?(?P<name>{_NAME})"
)
_CALLED = re.compile(
    rf"(?:called|named|namens|genannt|heißt|appelée?|nommée?|s'appelle|llamad[oa]|se llama|chiamat[oa]|si chiama|genaamd|heet|som heter|o nazwie|chamad[oa])\s+[\"\u201e\u201c\u00ab']?(?P<name>{_NAME})"
)
_IS_SYSTEM = re.compile(
    rf"(?P<name>{_NAME})(?:\s*\((?:[^()]{{0,30}})?(?:ERP|CRM|TMS|WMS|system|software|tool|database|program|app)[^()]{{0,20}}\)|,?\s+(?:our|the|their|unser\w*|notre|nuestro|nostro|ons|vårt|nasz|nosso)\s+(?:\w+[\s-]){{0,3}}(?:system|software|package|tool|program\w*|database|logiciel|sistema|programma|systeem|pakket|gestionale)|\s+(?:system|software|database|API|server)\b)"
)
_ODD_NAME = re.compile(rf"(?<![\w@/.]){_ODD}(?!\w)")
_QUOTED = re.compile(r"[\u201e\u201c\"\u00ab](?P<name>[A-Z][\w -]{1,24})[\u201c\u201d\"\u00bb]")
_PERSON = re.compile(
    rf"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Herr|Frau|Herrn|Mme|M|Sr|Sra|Don|Sig|Dott|Dhr|Mevr|Pan|Pani)\.?\s+)(?P<name>{_NAME})|(?P<attendee>{_NAME})\s*\([^()]{{2,40}}\)|^(?P<subject>{_NAME})(?:\s(?:says?|said|wants?|asks?|asked|thinks|will|would|sends?|has|is|dreams?|finds?|calls?|counts?|does)\b)"
)
_NOT_NAMES = frozenset(
    "PDF CSV XML JSON XLS XLSX HTML URL FAQ VAT GST HST EUR USD GBP SEK PLN CHF BRL GDPR DSGVO RGPD RODO WCAG ISO SLA KPI RFP IT HR CEO CFO COO CIO CTO ID PIN QR SMS TV PC UK EU US USA AG GmbH Ltd Inc SA BV AB II III IV AA AAA TBD TBC FTE MFA SSO MUST SHOULD COULD Excel Word Outlook Christmas Easter Internet Monday Tuesday Wednesday Thursday Friday Saturday Sunday English German French Spanish Dutch Italian Polish Swedish Portuguese iOS Android Europe Germany France Spain Italy Poland Sweden Portugal Brazil Netherlands NF FR NFR REQ DIN RAM CPU GB MB TB OK AM PM HTTPS HTTP TLS SSL API APIs REST SKA KAN UX UI".split()  # noqa: SIM905 - a list of words reads best so
)
_LONGEST = 40


def systems(statements: Sequence[Statement], lexicon: Lexicon, people: Iterable[str]) -> re.Pattern[str]:
    """A pattern for the names of systems in these statements, in lower case."""
    german = lexicon.languages[0] in {"de"}
    found: dict[str, int] = {}
    persons = {word for name in people for word in name.split()}
    for statement in statements:
        for match in _PERSON.finditer(statement.text):
            persons.update((match["name"] or match["attendee"] or match["subject"]).split())
    for statement in statements:
        text = statement.text
        flow = lexicon.words("flow").search(plain(text)) is not None
        for pattern, weight in (
            (_CALLED, 2),
            (_IS_SYSTEM, 2),
            (_QUOTED, 1 if flow else 0),
            *(() if german else ((_AFTER, 1 if flow else 0),)),
        ):
            for match in pattern.finditer(text):
                found[match["name"]] = found.get(match["name"], 0) + weight
        if flow:
            for match in _ODD_NAME.finditer(text):
                found[match[0]] = found.get(match[0], 0) + 1
    names = [name for name, weight in found.items() if weight and _is_system(name, persons, lexicon)]
    every = "|".join(re.escape(plain(name)) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{every})(?!\w)") if every else re.compile(r"(?!)")


def _is_system(name: str, persons: set[str], lexicon: Lexicon) -> bool:
    words = name.split()
    if len(name) > _LONGEST or any(word in persons or word in _NOT_NAMES for word in words):
        return False
    said = plain(name)
    return not (lexicon.words("subject").fullmatch(said) or _month(said, lexicon))


def _month(said: str, lexicon: Lexicon) -> bool:
    from worker.tools.analysis.rules.facts.dates import months  # noqa: PLC0415 - loads Babel, which the facts need anyway

    return any(word in months(lexicon.languages) for word in said.split())
