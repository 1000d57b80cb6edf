"""Every pair of colours that meets on a page can be read: light and dark, plain and with more contrast."""

from __future__ import annotations

import pytest

from tests.design.colour import contrast, in_gamut, tokens

GROUNDS = ("paper", "surface", "sunken", "raised")
ROLES = ("accent", "freelancer", "client", "info", "attention", "danger", "success")


def pairs() -> list[tuple[str, str, float]]:
    found: list[tuple[str, str, float]] = []
    for ground in GROUNDS:
        found += [
            ("ink", ground, 7),
            ("ink-2", ground, 4.5),
            ("ink-3", ground, 4.5),
            ("control-line", ground, 3),
            ("focus", ground, 3),
            ("accent-ink", ground, 4.5),
        ]
    for role in ROLES:
        found += [
            (f"{role}-ink", f"{role}-soft", 4.5),
            (f"{role}-ink", "surface", 4.5),
            (f"{role}-ink", "paper", 4.5),
            (f"{role}-ink", "sunken", 4.5),
            (f"on-{role}", role, 4.5),
            (role, "surface", 3),
            ("ink", f"{role}-soft", 7),
            ("ink-2", f"{role}-soft", 4.5),
            ("ink-3", f"{role}-soft", 4.5),
        ]
    found += [
        ("on-ink", "ink", 7),
        ("on-ink", "ink-2", 4.5),
        ("ink", "selected", 7),
        ("ink-2", "selected", 4.5),
        ("ink-3", "selected", 4.5),
        ("bar-ink", "bar", 7),
        ("bar-ink-2", "bar", 4.5),
        ("bar-ink", "bar-field", 7),
        ("bar-ink-2", "bar-field", 4.5),
        ("bar-focus", "bar", 3),
        ("surface", "danger-ink", 4.5),
    ]
    return found


@pytest.mark.parametrize("more_contrast", [False, True], ids=["plain", "more"])
@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_every_pair_that_meets_can_be_read(theme: int, more_contrast: bool) -> None:
    colours = tokens(more_contrast=more_contrast)

    measured = {
        (front, ground): round(contrast(colours[front][theme], colours[ground][theme]), 2)
        for front, ground, _ in pairs()
    }

    assert {
        (front, ground): measured[front, ground] for front, ground, need in pairs() if measured[front, ground] < need
    } == {}


def test_colours_lie_inside_srgb() -> None:
    outside = [name for name, both in tokens().items() if not all(in_gamut(colour) for colour in both)]

    assert outside == []


@pytest.mark.parametrize(("theme", "most"), [(0, 1.25), (1, 1.25)], ids=["light", "dark"])
def test_neither_party_outweighs_the_other(theme: int, most: float) -> None:
    colours = tokens()

    assert contrast(colours["freelancer"][theme], colours["client"][theme]) <= most
