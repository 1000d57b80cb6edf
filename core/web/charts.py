"""Geometry of the small drawings, as percentages: the strict CSP allows no ``style=""``.

SVG attributes in per cent scale with their box, need no script and print as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from core.money import Money

# Keeps round markers at both ends of the axis inside the drawing.
AXIS_START = 3.0
AXIS_LENGTH = 94.0
LABEL_MARGIN = 22.0


def _text(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def axis_x(amount: Money, total: Money) -> float:
    """Per cent along the axis for an amount between nothing and ``total``."""
    if total.amount <= 0:
        return AXIS_START
    share = min(1.0, max(0.0, amount.amount / total.amount))
    return AXIS_START + AXIS_LENGTH * share


@dataclass(frozen=True, slots=True)
class Mark:
    """A side's latest offer on the axis, and how its label is set so that it stays inside."""

    x: str
    label_x: str
    anchor: str
    money: Money


def _mark(money: Money, total: Money) -> Mark:
    x = axis_x(money, total)
    if x < LABEL_MARGIN:
        return Mark(_text(x), "0", "start", money)
    if x > 100 - LABEL_MARGIN:
        return Mark(_text(x), "100", "end", money)
    return Mark(_text(x), _text(x), "middle", money)


@dataclass(frozen=True, slots=True)
class OffersRange:
    """The freelancer's share in the offers so far, from nothing (left) to all (right)."""

    freelancer: Mark | None
    client: Mark | None
    freelancer_path: tuple[str, str] | None
    client_path: tuple[str, str] | None
    freelancer_dots: tuple[str, ...]
    client_dots: tuple[str, ...]
    gap: Money | None
    zero: Money
    start: str = _text(AXIS_START)
    end: str = _text(AXIS_START + AXIS_LENGTH)


def offers_range(
    total: Money,
    freelancer: Money | None,
    client: Money | None,
    freelancer_before: Iterable[Money] | None = (),
    client_before: Iterable[Money] | None = (),
) -> OffersRange:
    """Place both sides' latest offers, all as the freelancer's share of ``total``.

    ``…_before`` are the same side's older offers, drawn as small dots; the thick line
    runs from the oldest of them (or that side's end of the axis) to the latest.
    """
    f_old, c_old = tuple(freelancer_before or ()), tuple(client_before or ())
    gap = None
    if freelancer is not None and client is not None:
        gap = Money(abs(freelancer.amount - client.amount), total.currency)
    zero = Money(0, total.currency)
    f_path = c_path = None
    if freelancer is not None:
        far = max((axis_x(money, total) for money in f_old), default=AXIS_START + AXIS_LENGTH)
        f_path = (_text(axis_x(freelancer, total)), _text(max(far, axis_x(freelancer, total))))
    if client is not None:
        far = min((axis_x(money, total) for money in c_old), default=AXIS_START)
        c_path = (_text(min(far, axis_x(client, total))), _text(axis_x(client, total)))
    return OffersRange(
        freelancer=_mark(freelancer, total) if freelancer is not None else None,
        client=_mark(client, total) if client is not None else None,
        freelancer_path=f_path,
        client_path=c_path,
        freelancer_dots=tuple(_text(axis_x(money, total)) for money in f_old),
        client_dots=tuple(_text(axis_x(money, total)) for money in c_old),
        gap=gap,
        zero=zero,
    )


@dataclass(frozen=True, slots=True)
class Segment:
    """One bar of the short stepper; ``kind`` is on, part or off."""

    x: str
    width: str
    kind: str


@dataclass(frozen=True, slots=True)
class Segments:
    """The short stepper: bars, and the step in progress with its number."""

    bars: tuple[Segment, ...]
    number: int
    current: Any


GAP = 0.9


def _get(step: Any, name: str) -> Any:
    return step.get(name) if isinstance(step, dict) else getattr(step, name, None)


def segments(steps: Sequence[Any]) -> Segments:
    """Bars for ``steps`` (each with ``state`` done, current or maybe, and ``progress`` in per cent)."""
    count = len(steps) or 1
    width = (100 - GAP * (count - 1)) / count
    bars: list[Segment] = []
    number, current = 0, None
    for index, step in enumerate(steps):
        x = index * (width + GAP)
        state = _get(step, "state")
        bars.append(Segment(_text(x), _text(width), {"done": "on", "current": "part"}.get(state, "off")))
        if state == "current":
            number, current = index + 1, step
            done = width * min(100, max(0, int(_get(step, "progress") or 0))) / 100
            if done:
                bars.append(Segment(_text(x), _text(done), "on"))
        elif state == "done" and current is None:
            number = index + 1
    if current is None and steps and number:
        current = steps[number - 1]
    return Segments(tuple(bars), number, current)


def step_bars(step: int, of: int) -> dict[str, Any]:
    """Bars of "Step 2 of 3": 28 px wide, 4 px apart; all up to the current one are on."""
    bars = [{"x": index * 32, "kind": "on" if index < step else "off"} for index in range(of)]
    return {"width": of * 32 - 4, "bars": bars}


def stage_dots(n: int, of: int) -> dict[str, Any]:
    """Dots of a table row's stage: filled up to ``n``, hollow after."""
    dots = [
        {"x": f"{3.5 + 9 * index:g}", "kind": "on" if index < n else "off", "r": "3" if index < n else "2.5"}
        for index in range(of)
    ]
    return {"width": 9 * of - 2, "dots": dots}
