"""What is in the project and what is not: work packages, exclusions, and where the notes say so. Pure."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from worker.tools.costs import Package
from worker.tools.proposal.parts import ScopePackage, Trace
from worker.tools.proposal.quotes import tells_stakes
from worker.tools.proposal.systems import named_in
from worker.tools.proposal.words import clause, counted, enumerated, is_spoken, legible, sentence, some_of
from worker.tools.requirements import BUILT, Kind, Priority, Requirement, Size

if TYPE_CHECKING:
    from worker.tools.proposal.content import Proposal

ADDED = "Not stated in the notes"
"""The source of a requirement that has no line."""
_LONGEST_QUOTE = 240
_DESCRIBED = 220
"""About how many characters of its requirements describe a package."""
_NAMED = 4
"""How many systems or topics a description names."""

KIND_NAMES = {
    Kind.FUNCTIONAL: "Function",
    Kind.NON_FUNCTIONAL: "Quality requirement",
    Kind.INTEGRATION: "Integration",
    Kind.CONSTRAINT: "Constraint",
    Kind.OUT_OF_SCOPE: "Out of scope",
    Kind.OPEN_QUESTION: "Open question",
}

# What a quality requirement is about, by its words. The first row that matches counts.
_TOPICS = tuple(
    (topic, re.compile(words, re.IGNORECASE))
    for topic, words in (
        ("response times", r"\b(?:load(?:s|ing)?|respon\w+|seconds?|latency|fast|performance)\b"),
        ("availability", r"\b(?:availab\w+|uptime|downtime|outage|99[.,]\d)"),
        ("load at peak times", r"\b(?:concurrent|simultaneous|peak|throughput|per (?:second|minute|hour))\b"),
        ("accessibility", r"\b(?:accessib\w+|WCAG|screen ?readers?)\b"),
        ("languages", r"\b(?:languages?|multilingual|English|German|French|Spanish)\b"),
        ("penetration testing", r"\b(?:penetration|pen[- ]?test)"),
        ("data protection", r"\b(?:personal data|GDPR|DSGVO|privacy|HIPAA)\b"),
        ("an audit trail", r"\b(?:logged|audit|traceab\w+)\b"),
        ("backup and recovery", r"\b(?:back-?ups?|recover\w*|restor\w+)\b"),
        ("security", r"\b(?:secur\w+|encrypt\w+|multi-factor|MFA)\b"),
        ("use on mobile devices", r"\b(?:phones?|mobile|tablets?)\b"),
    )
)


def packages(proposal: "Proposal") -> Iterator[ScopePackage]:
    """The work packages in their order, each with its requirements."""
    by_id = {each.id: each for each in proposal.requirements}
    for package in proposal.costs.packages:
        members = tuple(by_id[each] for each in package.requirement_ids if each in by_id)
        description = sentence(legible(package.description)) or _described(package, members, proposal)
        yield ScopePackage(legible(package.name), description, members, package.hours, package.cost)


def sources(requirement: Requirement) -> str:
    """Where the notes state a requirement, such as "Notes, lines 12 and 40"."""
    if not requirement.lines:
        return ADDED
    return f"Notes, line{'s' * (len(requirement.lines) > 1)} {enumerated([str(line) for line in requirement.lines])}"


def said(requirement: Requirement, proposal: "Proposal") -> str:
    """The requirement's text. One that is speech is the sentence of the notes in quotation marks."""
    if not is_spoken(requirement.text):
        return requirement.text
    words = set(requirement.text.lower().split())
    found = [
        (len(words & set(each.text.lower().split())), each.text) for each in proposal.sentences.on(requirement.lines)
    ]
    shared, text = max(found, default=(0, ""))
    return f"\u201c{text}\u201d" if shared * 2 > len(words) else requirement.text


def leading(members: Sequence[Requirement]) -> Requirement:
    """The requirement that says best what a package is for.

    One that tells what is at stake comes before the others, a function before a quality, a must before a wish, and a
    small one last. Among equals the first counts, as lists begin with what matters.
    """
    return max(
        members,
        key=lambda each: (
            each.kind is Kind.FUNCTIONAL,
            tells_stakes(each.text),
            each.priority is Priority.MUST,
            each.size is not Size.S,
        ),
    )


def trace(proposal: "Proposal") -> Iterator[Trace]:
    """Each requirement with each sentence of the notes that states it, in the order of the notes."""
    package_of = {each.id: package.name for package in proposal.packages for each in package.requirements}
    rows: list[Trace] = []
    for each in proposal.requirements:
        package = package_of.get(each.id, KIND_NAMES[each.kind])
        quotes = [(quote.line, quote.text) for quote in proposal.sentences.on(each.lines)]
        quotes = quotes or [(line, proposal.quote(line)) for line in each.lines[:1]]
        rows += [Trace(line, _cut(text), each.id, package) for line, text in quotes]
    return iter(sorted(rows, key=lambda row: row.line))


def _described(package: Package, members: Sequence[Requirement], proposal: "Proposal") -> str:
    if not members:
        return _shared(package, proposal)
    if all(each.kind is Kind.INTEGRATION for each in members):
        names = [system.name for system in named_in(members, proposal)]
        if names:
            count = f" ({counted(len(members), 'interface')})" if len(members) > len(names) else ""
            return f"Connects the solution to {some_of(names, _NAMED, 'system')}{count}."
    if all(each.kind is Kind.NON_FUNCTIONAL for each in members) and (topics := _topics(members)):
        return f"Covers {some_of(topics, _NAMED, 'topic')}."
    return _of_whole(members, proposal)


def _of_whole(members: Sequence[Requirement], proposal: "Proposal") -> str:
    """What a package holds, in the words of its main requirement and of the short ones. None of them is cut."""
    main = leading(members)
    named, room = [main], _DESCRIBED - len(main.text)
    for each in sorted(members, key=lambda each: len(each.text)):
        if each is not main and len(each.text) <= room:
            named.append(each)
            room -= len(each.text)
    texts = [clause(said(each, proposal)) for each in (main, *(each for each in members if each in named[1:]))]
    left = len(members) - len(named)
    more = f"; and {counted(left, 'more requirement')}" if left else ""
    return sentence(f"{'; '.join(texts)}{more}")


def _shared(package: Package, proposal: "Proposal") -> str:
    """What a package is for that has no requirements: it serves all others."""
    if proposal.managed_by(package):
        return f"Plans the work, keeps budget and risks in view and reports to the client for {proposal.duration}."
    questions, constraints = proposal.items(Kind.OPEN_QUESTION), proposal.items(Kind.CONSTRAINT)
    settled = [counted(len(questions), "open question")] * bool(questions)
    settled += [counted(len(constraints), "constraint")] * bool(constraints)
    built = any(each.kind in BUILT for each in proposal.requirements)
    first = "Sets up the project and agrees the acceptance criteria" if built else "Finds out and agrees what is needed"
    return f"{first}; settles {enumerated(settled)}." if settled else f"{first}."


def _topics(members: Sequence[Requirement]) -> list[str]:
    found = (next((topic for topic, words in _TOPICS if words.search(each.text)), "") for each in members)
    return list(dict.fromkeys(filter(None, found)))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1].rstrip() + "…"
