"""oklch -> sRGB -> WCAG 2 contrast, read out of the token file itself, so that figures cannot drift."""

from __future__ import annotations

import math
import re
from pathlib import Path

TOKENS = Path(__file__).parents[2] / "static" / "css" / "src" / "tokens.css"

Colour = tuple[float, float, float]


def linear_rgb(colour: Colour) -> Colour:
    lightness, chroma, hue = colour
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def in_gamut(colour: Colour) -> bool:
    return all(-0.0005 <= channel <= 1.0005 for channel in linear_rgb(colour))


def _byte(channel: float) -> int:
    clipped = min(1.0, max(0.0, channel))
    encoded = 12.92 * clipped if clipped <= 0.0031308 else 1.055 * clipped ** (1 / 2.4) - 0.055
    return round(encoded * 255)


def luminance(colour: Colour) -> float:
    def decode(value: int) -> float:
        share = value / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (decode(_byte(channel)) for channel in linear_rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _parse(text: str) -> Colour:
    found = re.match(r"oklch\(\s*([\d.]+)\s+([\d.]+)\s+([\d.]+)", text)
    assert found, text
    lightness, chroma, hue = map(float, found.groups())
    return lightness, chroma, hue


def tokens(*, more_contrast: bool = False) -> dict[str, tuple[Colour, Colour]]:
    """(light, dark) of every colour token; with the values of prefers-contrast: more laid over."""
    css = TOKENS.read_text()
    head, _, tail = css.partition("@media (prefers-contrast: more)")
    found: dict[str, tuple[Colour, Colour]] = {}
    for text in (head, tail) if more_contrast else (head,):
        for name, light, dark in re.findall(
            r"--eh-([\w-]+):\s*light-dark\((oklch\([^)]*\)),\s*(oklch\([^)]*\))\)", text
        ):
            found[name] = (_parse(light), _parse(dark))
        for name, other in re.findall(r"--eh-([\w-]+):\s*var\(--eh-([\w-]+)\);", text):
            if other in found:
                found[name] = found[other]
    return found
