"""The names of sections: which kind of statements a heading, or a label before a colon, announces.

`lines` uses it to find headings, and `notes` to learn the kind of the statements below one. For the words inside a
statement, see `signals`.
"""

import re
from collections.abc import Mapping

from worker.tools.requirements import Kind

# The names of sections, in headings and in labels ("Budget: ..."). The first row that matches counts.
_SECTIONS: Mapping[Kind, str] = {
    Kind.NOTE: (
        r"next steps?|action items?|actions?|to-?dos?|attendees|participants|present|agenda|date|time|when|where"
        r"|location|place|minutes|background|introduction|summary|about|context|follow-?ups?|subject|from|to|cc|note|notes|owner"
        r"|author|version|contacts?"
    ),
    Kind.EXCLUDED: r"(?:out of|not in) scope|exclusions?|excluded|later (?:phase|release)s?|phase (?:2|two)|won.t have",
    Kind.QUESTION: r"open (?:points?|issues?|items?|topics?)|questions?|unclear|clarifications?|unknowns|q",
    Kind.NON_FUNCTIONAL: (
        r"non-?\s?functional|nfrs?|quality|performance|security|availability|scalability|usability|accessibility"
        r"|compliance|reliability|operations|service levels?|slas?|privacy|data protection"
    ),
    Kind.INTEGRATION: r"integrations?|interfaces?|third[- ]part(?:y|ies)|connected systems|surrounding systems|apis?",
    Kind.CONSTRAINT: (
        r"constraints?|budget|deadlines?|time ?lines?|restrictions?|limitations?|limits|boundary conditions|milestones?"
        r"|schedule|framework conditions|prerequisites?"
    ),
    Kind.FUNCTIONAL: (
        r"functional|functions?|functionality|requirements?|features?|(?:in )?scope|user stories|use cases"
        r"|capabilities|needs|wishes|must(?:[- ]haves?)?|should(?:[- ]haves?)?|could(?:[- ]haves?)?"
        r"|nice[- ]to[- ]haves?|deliverables"
    ),
}
_ANYWHERE = {
    kind: re.compile(rf"\b(?:{names})\b", re.IGNORECASE) for kind, names in _SECTIONS.items() if kind is not Kind.NOTE
}
_AFTER = r"(?: (?:requirements?|and \w+|list|points?|questions?))?"
_WHOLE = {
    kind: re.compile(rf"(?:open |main |key )?(?:{names}){_AFTER}", re.IGNORECASE) for kind, names in _SECTIONS.items()
}


def section_of(name: str, *, whole: bool = False) -> Kind | None:
    """The kind that a heading or label announces. With `whole`, it must be nothing but a section's name."""
    for kind, names in _WHOLE.items():
        if names.fullmatch(name.strip(" :*")):
            return kind
    if whole:
        return None
    return next((kind for kind, names in _ANYWHERE.items() if names.search(name)), None)
