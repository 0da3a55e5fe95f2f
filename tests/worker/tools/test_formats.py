"""Money, numbers and dates in the profile's locale."""

import datetime as dt
from decimal import Decimal

import pytest

from worker.tools.proposal.formats import Formats

DAY = dt.date(2026, 11, 2)


@pytest.mark.parametrize(
    ("locale", "currency", "whole", "broken"),
    [
        ("en_GB", "USD", "US$1,234,567", "US$1,234.50"),
        ("en_US", "USD", "$1,234,567", "$1,234.50"),
        ("en_GB", "GBP", "£1,234,567", "£1,234.50"),
        ("de_DE", "EUR", "1.234.567\xa0€", "1.234,50\xa0€"),
        ("de_AT", "EUR", "€\xa01.234.567", "€\xa01.234,50"),
        ("fr_FR", "EUR", "1\u202f234\u202f567\xa0€", "1\u202f234,50\xa0€"),
        ("sv_SE", "SEK", "1\xa0234\xa0567\xa0kr", "1\xa0234,50\xa0kr"),
        ("ar", "USD", "\u200f1,234,567\xa0US$", "\u200f1,234.50\xa0US$"),
        ("ja", "EUR", "€1,234,567", "€1,234.50"),
    ],
)
def test_money_has_the_locales_form_and_cents_only_where_there_are_some(
    locale: str, currency: str, whole: str, broken: str
) -> None:
    write = Formats(locale, currency)
    assert write.money(Decimal("1234567.00")) == whole
    assert write.money(Decimal("1234.5")) == broken


def test_yen_have_no_decimals_and_dinars_have_three() -> None:
    assert Formats("ja", "JPY").money(Decimal(1_234_567)) == "\uffe51,234,567"
    assert Formats("en_GB", "JPY").money(Decimal("1234567.0")) == "JP¥1,234,567"
    assert Formats("en_US", "KWD").money(Decimal("1.25")) == "KWD1.250"


@pytest.mark.parametrize(
    ("locale", "hours", "percent", "day", "short", "month"),
    [
        ("en_GB", "1,234.5", "12.5%", "2 November 2026", "2 Nov 2026", "Nov 2026"),
        ("en_US", "1,234.5", "12.5%", "November 2, 2026", "Nov 2, 2026", "Nov 2026"),
        ("de_DE", "1.234,5", "12,5\xa0%", "2. November 2026", "02.11.2026", "Nov. 2026"),
        ("fr_FR", "1\u202f234,5", "12,5\xa0%", "2 novembre 2026", "2 nov. 2026", "nov. 2026"),
        ("ja", "1,234.5", "12.5%", "2026年11月2日", "2026/11/02", "2026年11月"),
    ],
)
def test_numbers_and_dates_have_the_locales_form(
    locale: str, hours: str, percent: str, day: str, short: str, month: str
) -> None:
    write = Formats(locale, "EUR")
    assert write.hours(Decimal("1234.5")) == hours
    assert write.percent(Decimal("12.5")) == percent
    assert (write.day(DAY), write.short_day(DAY), write.month(DAY)) == (day, short, month)


def test_a_whole_number_has_no_decimals() -> None:
    write = Formats("en_GB", "EUR")
    assert (write.hours(Decimal("40.0")), write.percent(30), write.percent(Decimal("100.0"))) == ("40", "30%", "100%")


def test_digits_are_those_of_the_rest_of_the_document() -> None:
    """Arabic and Hindi have digits of their own, which a reader of an English text does not expect."""
    for locale in ("ar", "ar_EG", "hi_IN", "fa"):
        write = Formats(locale, "USD")
        written = write.money(Decimal("12.5")) + write.hours(Decimal(7)) + write.day(DAY) + write.percent(3)
        assert not [sign for sign in written if sign.isdigit() and not sign.isascii()]
