"""The profile as typed values. Pure: `reading` parses and checks the files."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from worker.tools.requirements import Discipline, Kind, Size


@dataclass(frozen=True)
class Supplier:
    """The company that makes the offer."""

    name: str
    address: tuple[str, ...]
    contact: str
    email: str
    jurisdiction: str
    """The law that the contract is under: "the laws of England and Wales"."""


@dataclass(frozen=True)
class RateCard:
    """A price list in one currency. A proposal lists the roles in the order of `Profile.roles`."""

    name: str
    currency: str
    """ISO 4217."""
    note: str
    rates: Mapping[str, Decimal]
    """By role: what an hour costs, in whole currency units, so that every amount is exact even as a binary float."""


@dataclass(frozen=True)
class Effort:
    """The effort model's tables, which `worker.tools.pricing.effort` explains."""

    hours: Mapping[Kind, Mapping[Size, Decimal]]
    """The hours that a requirement takes, by kind and size."""
    shares: Mapping[Discipline, Mapping[str, Decimal]]
    """By discipline: each role's share of a requirement's hours. The shares of a discipline add up to 1."""
    set_up: Mapping[str, Decimal]
    """Each role's share of the work that starts the project. It adds up to 1, as do the next two."""
    go_live: Mapping[str, Decimal]
    """Each role's share of the acceptance and the go-live."""
    management: Mapping[str, Decimal]
    """Each role's share of the project's management."""
    productive_hours_per_week: int
    """What a person works on the project in a week, without meetings and coordination."""


@dataclass(frozen=True)
class PaymentTerm:
    """One instalment."""

    milestone: str
    percent: int
    """All instalments together are 100."""
    phase: str
    """The phase at whose end it is due; empty for the signature."""


@dataclass(frozen=True)
class Terms:
    """The conditions of the offer."""

    validity_days: int
    lead_time_days: int
    """From the offer to the first day of work, where nobody states a start."""
    payment_days: int
    """How many days the client has to pay an invoice."""
    taxes: str
    """What the prices say about taxes, as a sentence."""
    payments: tuple[PaymentTerm, ...]


@dataclass(frozen=True)
class Design:
    """The look of the documents. Colours are six hexadecimal digits, as in "1F3A5F"."""

    primary: str
    secondary: str
    accent: str
    heading_font: str
    body_font: str
    logo: str
    """The key of a PNG or JPEG in the templates bucket; empty for none."""


@dataclass(frozen=True)
class Clause:
    """One clause of the contract."""

    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Profile:
    """Everything that an offer takes from the supplier."""

    supplier: Supplier
    locale: str
    """How dates and amounts are written, such as "en_GB" (CLDR)."""
    roles: Mapping[str, str]
    """Each role's responsibility, in the order in which documents list them."""
    rate_cards: tuple[RateCard, ...]
    """The first one counts where nobody names a currency."""
    effort: Effort
    terms: Terms
    assumptions: tuple[str, ...]
    exclusions: tuple[str, ...]
    """What no offer includes."""
    design: Design
    clauses: tuple[Clause, ...]
    clauses_note: str
    """What the documents say above the clauses: that they are samples."""

    def rate_card(self, currency: str | None) -> RateCard | None:
        """The rate card for a currency; None where there is none."""
        return next((card for card in self.rate_cards if card.currency == currency), None)
