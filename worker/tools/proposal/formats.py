"""Writes money, numbers and dates as the profile's locale does. Babel has the rules (CLDR)."""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_currency, format_decimal, format_percent

_CENTS = re.compile(r"(?<=0)\.0+")
"""The decimals in a CLDR pattern such as "¤#,##0.00"."""


@dataclass(frozen=True)
class Formats:
    """How a proposal writes values. Digits are 0 to 9 in every locale, as in the rest of the documents."""

    locale: str
    """A CLDR locale, such as "en_GB"."""
    currency: str
    """ISO 4217."""

    def money(self, amount: Decimal) -> str:
        """An amount such as "US$1,234.50". A whole amount has no cents."""
        if amount != amount.to_integral_value():
            return format_currency(amount, self.currency, locale=self.locale)
        pattern = _CENTS.sub("", Locale.parse(self.locale).currency_formats["standard"].pattern)
        return format_currency(amount, self.currency, pattern, self.locale, currency_digits=False)

    def hours(self, hours: Decimal) -> str:
        """A number of hours, such as "1,234.5"."""
        return format_decimal(hours, format="#,##0.#", locale=self.locale)

    def percent(self, share: Decimal | int) -> str:
        """A percentage such as "12.5%"."""
        return format_percent(Decimal(share) / 100, locale=self.locale, decimal_quantization=False)

    def rounded_percent(self, share: Decimal) -> str:
        """A percentage in whole numbers, such as "13%". What rounds to nothing is "less than 1%"."""
        whole = round(share)
        return self.percent(whole) if whole else f"less than {self.percent(1)}"

    def day(self, day: dt.date) -> str:
        """A date in full, such as "22 November 2026"."""
        return format_date(day, format="long", locale=self.locale)

    def short_day(self, day: dt.date) -> str:
        """A date for a table or a chart, such as "22 Nov 2026"."""
        return format_date(day, format="medium", locale=self.locale)

    def month(self, day: dt.date) -> str:
        """The month of a day, for the axis of a chart, such as "Nov 2026"."""
        return format_skeleton("yMMM", day, locale=self.locale)
