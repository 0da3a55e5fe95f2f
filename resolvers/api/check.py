"""Checks the fields of one input and collects the faults. `inputs` and `reviews` call it.

AppSync has already checked types and nullability. A blank optional text counts as not given.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from resolvers.errors import Fault, InvalidInputError
from schema.assessment import CurrencyCode, Day, Field, Flag, Text, WholeNumber

Arguments = Mapping[str, Any]
"""GraphQL arguments as AppSync passes them: JSON values, with types already checked against the schema."""

LARGEST_INT = 2**31 - 1

_CURRENCY = re.compile(r"[A-Z]{3}")
_WHOLE = 100
_SHOWN_LENGTH = 40


class Check:
    """Reads the fields of an input and collects the faults, so that the caller learns all of them at once."""

    def __init__(self, arguments: Arguments) -> None:
        self._arguments = arguments
        self._faults: list[Fault] = []
        self._path = ""

    def inside(self, field: str, place: int, arguments: Arguments) -> "Check":
        """A check of one input of a list. Its faults are collected with those of this one."""
        inner = Check(arguments)
        inner._faults, inner._path = self._faults, f"{self._path}{field}.{place}."
        return inner

    def fault(self, field: str, message: str) -> None:
        self._faults.append(Fault(self._path + field, message))

    def finish(self) -> None:
        if self._faults:
            raise InvalidInputError(self._faults)

    def held(self, field: Field) -> str | int | bool | None:
        """The value of an assessment's field."""
        name = field.api_name
        match field.holds:
            case WholeNumber() as holds:
                return self.number(name, holds.allowed)
            case Text(longest):
                return self.required_text(name, longest) if field.required else self.text(name, longest)
            case Day():
                return self.day(name)
            case CurrencyCode():
                return self.currency(name)
            case Flag():
                return bool(self._arguments.get(name))

    def text(self, field: str, longest: int) -> str | None:
        text: str | None = self._arguments.get(field)
        if text is None or not text.strip():
            return None
        self.at_most(field, text, longest)
        return text

    def at_most(self, field: str, text: str, longest: int) -> None:
        if len(text) > longest:
            self.fault(field, f"must have at most {longest} characters; it has {len(text)}")
        self.whole_unicode(field, text)

    def whole_unicode(self, field: str, text: str) -> None:
        try:
            text.encode()
        except UnicodeEncodeError:
            self.fault(field, "holds half of a surrogate pair: send whole Unicode characters")

    def required_text(self, field: str, longest: int) -> str:
        text = self.text(field, longest)
        if text is None:
            self.fault(field, f"must not be blank: give 1 to {longest} characters")
        return text or ""

    def number(self, field: str, allowed: range) -> int | None:
        number: int | None = self._arguments.get(field)
        if number is not None and number not in allowed:
            self.fault(field, f"must be from {allowed.start} to {allowed.stop - 1}; it is {number}")
        return number

    def day(self, field: str) -> str | None:
        """A date as YYYY-MM-DD. An AWSDate may have an offset, which says nothing about a day of work."""
        text: str | None = self._arguments.get(field)
        if text is None:
            return None
        try:
            return date.fromisoformat(text[:10]).isoformat()
        except ValueError:
            self.fault(field, f"must be a date, such as 2026-11-22; it is {_shown(text)}")
            return None

    def currency(self, field: str) -> str | None:
        text: str | None = self._arguments.get(field)
        if text is None or _CURRENCY.fullmatch(text):
            return text
        self.fault(field, f"must be the three capital letters of an ISO 4217 code, such as EUR; it is {_shown(text)}")
        return None

    def percent(self, field: str) -> float | None:
        percent: float | None = self._arguments.get(field)
        if percent is None:
            return None
        if not 0 <= percent <= _WHOLE:
            self.fault(field, f"must be from 0 to {_WHOLE}; it is {percent}")
        return float(percent)


def _shown(text: str) -> str:
    """A text as an error message shows it: a caller may send a megabyte."""
    return repr(text if len(text) <= _SHOWN_LENGTH else f"{text[:_SHOWN_LENGTH]}…")
