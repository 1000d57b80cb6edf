"""Money as whole minor units (cents) of one currency. Nothing here rounds in silence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from functools import total_ordering

from babel.numbers import get_currency_precision, is_currency
from django.utils.translation import get_language
from django.utils.translation import gettext as _

# PostgreSQL's bigint would hold more; no honest milestone does. Keeps sums far from overflow.
MAX_MINOR = 10**13

_SYMBOLS = {"US$": "USD", "$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"}
_CODE = re.compile(r"^[A-Z]{3}$")
#: Languages whose decimal mark is the comma.
_COMMA_DECIMAL = frozenset({"es"})
_NUMBER = re.compile(r"^[+-]?(\d{1,3}(?:[, \u00a0\u202f]\d{3})+|\d+)?(?:\.(\d*))?$")


class CurrencyMismatchError(ValueError):
    """Two amounts of different currencies met in one sum or comparison."""


class MoneyError(ValueError):
    """A text that is no usable amount; `message` says in words what to do about it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def precision(currency: str) -> int:
    """Digits after the decimal point that `currency` has (USD 2, JPY 0)."""
    return get_currency_precision(currency)


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """`amount` in minor units (cents) of the ISO 4217 `currency`."""

    amount: int
    currency: str

    def __post_init__(self) -> None:
        """Refuse anything but whole minor units and a three-letter code."""
        if not isinstance(self.amount, int) or isinstance(self.amount, bool):
            raise TypeError(f"minor units must be int, not {type(self.amount).__name__}")
        if not _CODE.match(self.currency):
            raise ValueError(f"not an ISO 4217 code: {self.currency!r}")

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise CurrencyMismatchError(f"{self.currency} met {other.currency}")

    def __add__(self, other: Money) -> Money:
        """Sum of two amounts of one currency."""
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        """Difference of two amounts of one currency."""
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    def __neg__(self) -> Money:
        """Return the opposite amount."""
        return Money(-self.amount, self.currency)

    def __lt__(self, other: Money) -> bool:
        """Order amounts of one currency."""
        self._same(other)
        return self.amount < other.amount

    def __bool__(self) -> bool:
        """Whether there is anything at all."""
        return self.amount != 0

    def percent(self, percent: Decimal | int | str) -> Money:
        """`percent` of this, rounded half-even to the minor unit (rulebook I4)."""
        exact = Decimal(self.amount) * Decimal(str(percent)) / 100
        return Money(int(exact.to_integral_value(rounding=ROUND_HALF_EVEN)), self.currency)

    def split(self, percent: Decimal | int | str) -> tuple[Money, Money]:
        """(freelancer's part, client's part): the first is rounded, the rest goes to the other (I4)."""
        first = self.percent(percent)
        return first, self - first

    def halves(self) -> tuple[Money, Money]:
        """Two halves; the odd minor unit goes to the first (D19)."""
        second = self.amount // 2
        return Money(self.amount - second, self.currency), Money(second, self.currency)

    @property
    def decimal(self) -> Decimal:
        """The amount in major units."""
        return Decimal(self.amount).scaleb(-precision(self.currency))

    def __str__(self) -> str:
        """Plain form for logs and machine texts: `1800.00 USD`. Pages use core.formatting."""
        return f"{self.decimal:.{precision(self.currency)}f} {self.currency}"


def zero(currency: str) -> Money:
    """Nothing, in `currency`."""
    return Money(0, currency)


def parse_money(text: str, currency: str) -> Money:
    """Read what a person typed ("1,350", "$1350.00", "1350 USD") as an amount in `currency`.

    In a language with a decimal comma "1.350,00" and "1350,00" are read as well; what could be meant two
    ways ("1,350") is asked again, never guessed.

    Raises MoneyError with code empty, text, currency, negative, decimals, ambiguous or huge.
    """
    raw = text.strip().replace("\u2212", "-")
    if not raw:
        raise MoneyError("empty", _("Enter an amount in {currency}, for example 1,350.00.").format(currency=currency))
    stripped, named = _strip_currency(raw)
    if named and named != currency:
        raise MoneyError(
            "currency", _("This contract is in {currency}. Enter the amount in {currency}.").format(currency=currency)
        )
    if (get_language() or "en").split("-")[0] in _COMMA_DECIMAL:
        stripped = _with_point(stripped)
    match = _NUMBER.match(stripped)
    if not match or not re.search(r"\d", stripped):
        raise MoneyError("text", _("Enter the amount in figures, for example 1,350.00."))
    fraction = (match.group(2) or "").rstrip("0")
    digits = precision(currency)
    if len(fraction) > digits:
        raise MoneyError(
            "decimals",
            (
                _("{currency} has {digits} digits after the point. Enter no more than that.")
                if digits
                else _("{currency} has no decimals. Enter a whole number.")
            ).format(currency=currency, digits=digits),
        )
    try:
        value = Decimal(re.sub(r"[, \u00a0\u202f]", "", stripped))
    except InvalidOperation as error:
        raise MoneyError("text", _("Enter the amount in figures, for example 1,350.00.")) from error
    if value < 0 or stripped.startswith("-"):
        raise MoneyError("negative", _("Enter an amount of zero or more, without a minus sign."))
    minor = value.scaleb(digits)
    if minor > MAX_MINOR:
        raise MoneyError("huge", _("This amount is larger than any contract here can hold. Check the figures."))
    return Money(int(minor), currency)


def _with_point(text: str) -> str:
    """Rewrite figures with a decimal comma as figures with a decimal point; ambiguous ones raise MoneyError."""
    comma, point = text.rfind(","), text.rfind(".")
    if comma >= 0 and point >= 0:
        return text.replace(".", "").replace(",", ".") if comma > point and text.count(",") == 1 else text
    if re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})+", text):
        return text.replace(".", "")
    if re.fullmatch(r"[+-]?\d{1,3},\d{3}", text):
        raise MoneyError(
            "ambiguous",
            _("{typed} can be read in two ways. Write the cents too, for example 1,350.00.").format(typed=text),
        )
    return text.replace(",", ".") if text.count(",") == 1 else text


def _strip_currency(raw: str) -> tuple[str, str | None]:
    text, named = raw, None
    for symbol, code in _SYMBOLS.items():
        if symbol in text:
            text, named = text.replace(symbol, "", 1), code
            break
    match = re.match(r"^\s*([A-Za-z]{3})?\s*([^A-Za-z]*?)\s*([A-Za-z]{3})?\s*$", text)
    if match and (match.group(1) or match.group(3)):
        code = (match.group(1) or match.group(3)).upper()
        if not is_currency(code):
            return text.strip(), named
        # "CA$" and the like: the letters name the currency, the sign only decorates it.
        return match.group(2).strip(), code
    return text.strip(), named
