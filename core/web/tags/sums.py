"""Money in words, and the drawings that show who gets what."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.template import Library
from django.utils.translation import gettext as _

from core import formatting as fmt
from core.money import Money, MoneyError, parse_money, precision
from core.web import charts

register = Library()


@register.filter(name="money")
def money_filter(value: Money | str | None) -> str:
    """Write ``Money`` with currency and cents; a text passes as it is, None prints nothing."""
    if value is None:
        return ""
    return fmt.format_money(value) if isinstance(value, Money) else str(value)


@register.simple_tag(name="money")
def money_tag(minor: int, currency: str) -> str:
    """``{% money 115000 "USD" %}`` -> ``$1,150.00``."""
    return fmt.format_money(Money(int(minor), currency))


@register.filter
def money_whole(value: Money) -> str:
    """``$1,800`` of ``$1,800.00``; the cents come from ``money_cents``."""
    return fmt.format_money_parts(value)[0]


@register.filter
def money_cents(value: Money) -> str:
    """``.00`` of ``$1,800.00``."""
    return fmt.format_money_parts(value)[1]


@register.filter
def money_plain(value: Money | str | None) -> str:
    """``1,150.00``: the value of a money input; what a person typed passes as it is."""
    if value is None:
        return ""
    return fmt.plain_amount(value) if isinstance(value, Money) else str(value)


@register.filter
def net_of_fee(value: Money, percent: Decimal | int | str) -> Money:
    """Return what reaches the balance after the service fee."""
    return fmt.net_of_fee(value, percent)


@register.filter
def percent(value: Decimal | int | str) -> str:
    """``10%`` for 10 or Decimal("10.00")."""
    return fmt.format_percent(value)


@register.filter
def currency_symbol(code: str) -> str:
    """``$`` for USD."""
    return fmt.currency_symbol(code)


@register.simple_tag
def offers_range(total: Money, freelancer: Money | None, client: Money | None, *earlier: Any) -> charts.OffersRange:
    """Place the latest offers on the axis; see ``core.web.charts``."""
    return charts.offers_range(total, freelancer, client, *earlier)


@register.simple_tag
def offers_sentence(
    title: str, total: Money, drawn: charts.OffersRange, freelancer: str, client: str, *before: list[Money] | None
) -> str:
    """Say the drawing of offers with every figure in it, for those who cannot see it."""
    parts = [_("{title}, of {total}.").format(title=title, total=fmt.format_money(total))]
    earlier = dict(zip((freelancer, client), before, strict=False))
    for name, mark in ((client, drawn.client), (freelancer, drawn.freelancer)):
        if mark is None:
            continue
        sums = ", ".join(fmt.format_money(money) for money in earlier.get(name) or ())
        text = _("{name}: {sum}, after {earlier}.") if sums else _("{name}: {sum}.")
        parts.append(text.format(name=name, sum=fmt.format_money(mark.money), earlier=sums))
    if drawn.gap:
        parts.append(_("The gap is {gap}.").format(gap=fmt.format_money(drawn.gap)))
    return " ".join(parts)


@register.simple_tag
def offer_net(side: str, freelancer: str, fee_percent: Any, net: Money | str) -> str:
    """Say what of an offer reaches the freelancer's balance; ``net`` may be a placeholder for the script."""
    words = (
        _("{amount} reaches your balance after the {fee} service fee.")
        if side == "freelancer"
        else _("{amount} reaches {name}’s balance after the {fee} service fee.")
    )
    amount = fmt.format_money(net) if isinstance(net, Money) else net
    return words.format(amount=amount, name=freelancer, fee=fmt.format_percent(fee_percent))


@register.simple_tag
def split_shares(freelancer: Money, client: Money) -> dict[str, Any]:
    """Work out a split bar: ``total``, the freelancer's per cent, and whether both get something."""
    total = freelancer + client
    return {
        "total": total,
        "freelancer": fmt.share_percent(freelancer.amount, total.amount),
        "both": freelancer.amount > 0 and client.amount > 0,
    }


@register.simple_tag
def slider(total: Money, freelancer: Any, client: Any, fee_percent: Any = "") -> dict[str, Any]:
    """Work out an offer slider from what is typed so far; nonsense typed stays typed and counts as nothing."""
    amount = _typed(freelancer, total.currency)
    if amount is None and (rest := _typed(client, total.currency)) is not None:
        amount = total - rest
    digits = precision(total.currency)
    known = amount is not None and 0 <= amount.amount <= total.amount
    return {
        "digits": digits,
        "symbol": fmt.currency_symbol(total.currency),
        "step": 5 * 10**digits if total.amount >= 200 * 10**digits else 10**digits,
        "value": amount.amount if known and amount else total.amount // 2 if amount is None else 0,
        "percent": fmt.share_percent(amount.amount, total.amount)
        if known and amount
        else "50"
        if amount is None
        else "0",
        "net": fmt.net_of_fee(amount, fee_percent) if known and amount and fee_percent not in ("", None) else None,
    }


def _typed(value: Any, currency: str) -> Money | None:
    if isinstance(value, Money):
        return value
    try:
        return parse_money(str(value), currency) if value not in ("", None) else None
    except MoneyError:
        return None


@register.filter
def share_of(part: Money, whole: Money) -> str:
    """Per cent of ``whole`` that ``part`` is, for an SVG width."""
    return fmt.share_percent(part.amount, whole.amount)


@register.simple_tag
def step_segments(steps: list[Any]) -> charts.Segments:
    """Geometry of the short stepper of a phone."""
    return charts.segments(steps)


@register.simple_tag
def step_bars(step: int | str, of: int | str) -> dict[str, Any]:
    """Bars of "Step 2 of 3", 28 px each."""
    return charts.step_bars(int(step), int(of))


@register.simple_tag
def stage_dots(n: int | str, of: int | str) -> dict[str, Any]:
    """Dots of a table row's stage."""
    return charts.stage_dots(int(n), int(of))


@register.simple_tag
def sort_state(key: str, current: str, first: str = "asc") -> dict[str, str]:
    """Say where a column's sort link leads: ``due`` then ``-due``; ``aria`` for the current one."""
    if str(current).lstrip("-") != key:
        return {"aria": "", "icon": "", "next": key if first == "asc" else f"-{key}"}
    down = str(current).startswith("-")
    return {
        "aria": "descending" if down else "ascending",
        "icon": "arrow-down" if down else "arrow-up",
        "next": key if down else f"-{key}",
    }
