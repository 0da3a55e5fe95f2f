"""Maps an industry, as a person typed it, to a sector and its effect on the effort.

A sector is recognised by words in the text. The first row that matches counts, so sectors with stricter regulation
come first. TemplateRetriever uses the same table to find a sector's templates.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Sector:
    """One row of the table."""

    slug: str
    factor: Decimal
    """Multiplies the effort, for the evidence, reviews and audits that regulation requires."""
    reason: str
    words: re.Pattern[str]


def _sector(name: str, factor: str, reason: str, words: str) -> Sector:
    return Sector(name, Decimal(factor), reason, re.compile(rf"\b(?:{words})", re.IGNORECASE))


SECTORS: Sequence[Sector] = (
    _sector(
        "healthcare",
        "1.25",
        "patient data and validated systems",
        r"health|hospital|medic|clinic|pharma|life.?sci|biotech",
    ),
    _sector(
        "public-sector",
        "1.25",
        "procurement rules, accessibility and security clearance",
        r"public|government|municipal|ministry|defen[cs]e|federal",
    ),
    _sector("banking", "1.25", "banking supervision and audits", r"bank|financ|payment|fintech|capital|credit|invest"),
    _sector("insurance", "1.20", "insurance supervision and personal data", r"insur|reinsur|actuar"),
    _sector("energy", "1.15", "critical infrastructure", r"energy|utilit|electric|power|gas\b|oil\b|water"),
    _sector("telecommunications", "1.15", "critical infrastructure", r"telco|telecom"),
    _sector(
        "logistics",
        "1.10",
        "operations around the clock",
        r"logist|transport|freight|shipping|aviation|airline|rail|postal|supply chain",
    ),
    _sector("manufacturing", "1.10", "plant systems and safety", r"manufact|industrial|automotive|chemical|machinery"),
    _sector("education", "1.05", "data of minors and accessibility", r"educat|school|universit|e-?learning"),
    _sector("retail", "1.00", "no sector regulation", r"retail|commerce|fashion|grocer|consumer"),
    _sector("media", "1.00", "no sector regulation", r"media|publish|entertain|gaming|advertis|marketing"),
    _sector("technology", "1.00", "no sector regulation", r"software|technolog|saas|information technology|\bIT\b"),
)


def sector_of(industry: str | None) -> Sector | None:
    """The sector of an industry, or None if the text names no known sector."""
    return next((sector for sector in SECTORS if industry and sector.words.search(industry)), None)


def slug(text: str) -> str:
    """The text in lower case, without accents, its words joined by "-": "Public Sector" becomes "public-sector"."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return "-".join(re.findall(r"\w+", plain.lower().replace("_", " ")))
