"""Writes money, numbers and dates as the profile's locale does. Babel has the rules (CLDR)."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

_WHOLE_UNITS = "¤#,##0"


@dataclass(frozen=True)
class Formats:
    """How a proposal writes values."""

    locale: str
    """A CLDR locale, such as "en_GB"."""
    currency: str
    """ISO 4217."""

    def money(self, amount: Decimal) -> str:
        """An amount such as "US$1,234.50". A whole amount has no cents."""
        if amount == amount.to_integral_value():
            return self._whole(amount)
        return format_currency(amount, self.currency, locale=self.locale)

    def hours(self, hours: Decimal) -> str:
        """A number of hours, such as "1,234.5"."""
        return format_decimal(hours, format="#,##0.#", locale=self.locale)

    def percent(self, share: Decimal | int) -> str:
        """A percentage such as "12.5%"."""
        return f"{format_decimal(share, format='#,##0.##', locale=self.locale)}%"

    def day(self, day: dt.date) -> str:
        """A date in full, such as "22 November 2026"."""
        return format_date(day, format="d MMMM y", locale=self.locale)

    def short_day(self, day: dt.date) -> str:
        """A date for a table or a chart, such as "22 Nov 2026"."""
        return format_date(day, format="d MMM y", locale=self.locale)

    def _whole(self, amount: Decimal) -> str:
        return format_currency(amount, self.currency, locale=self.locale, format=_WHOLE_UNITS, currency_digits=False)
