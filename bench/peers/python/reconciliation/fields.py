"""Fields of rows, with a sentence for each that is not as it must be."""

from __future__ import annotations

import re
from typing import Any

from iso4217 import Currency

DECIMALS = {one.code: one.exponent for one in Currency if one.exponent is not None}
MAX_NAME = 64
MAX_MINOR_UNITS = 1_000_000_000_000
NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")


class Rejected(ValueError):
    """A row that is about a booking and cannot be understood."""


def text(fields: dict[str, Any], name: str, most: int) -> str | None:
    value = fields.get(name)
    if not value:
        return None
    if type(value) is not str or len(value) > most or NO_TEXT.search(value) or value.isspace():
        raise Rejected(f"{name} must be text of 1 to {most} characters")
    return value


def currency_of(fields: dict[str, Any]) -> str | None:
    code = fields.get("currencyCode")
    if code and code not in DECIMALS:
        raise Rejected("currencyCode must be a currency of ISO 4217")
    return code or None


def amount(fields: dict[str, Any], name: str, order: str | None) -> tuple[int, str] | None:
    """An amount in minor units, and its currency: its own or else the order's."""
    value = fields.get(name)
    if value is None:
        return None
    currency = currency_of(fields) or order
    if currency is None:
        raise Rejected(f"{name} needs a currencyCode")
    exact = float(value) * 10 ** DECIMALS[currency]
    units = round(exact)
    if not 0 <= units <= MAX_MINOR_UNITS or abs(exact - units) > 1e-4:
        raise Rejected(f"{name} must be an amount: zero or more, and no finer than the minor unit")
    return units, currency


def money(units: int, currency: str) -> dict[str, Any]:
    return {"M": {"minor_units": {"N": str(units)}, "currency": {"S": currency}}}


def whole(fields: dict[str, Any], name: str, most: int) -> int | None:
    value = fields.get(name)
    if value is not None and not 1 <= value <= most:
        raise Rejected(f"{name} must be a whole number from 1 to {most}")
    return value
