"""Colour arithmetic: contrast, mixing, and a project's colour made legible on a surface."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from PyQt6.QtGui import QColor

# Graphics need 3 : 1 against what they lie on (WCAG 2.2, 1.4.11).
_LEAST_CONTRAST = 3.0
_STEPS = 20

Rgb = tuple[float, float, float]


def ink(color: str, alpha: float = 1.0) -> QColor:
    """The QColor of '#rrggbb', `alpha` from 0 to 1."""
    made = QColor(color)
    made.setAlphaF(alpha)
    return made


def channels(color: str) -> Rgb:
    """Red, green, blue of '#rrggbb', each from 0 to 1."""
    value = int(color[1:], 16)
    return (value >> 16 & 255) / 255, (value >> 8 & 255) / 255, (value & 255) / 255


def luminance(color: str) -> float:
    """Relative luminance as WCAG 2.2 defines it, from 0 (black) to 1 (white)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels(color)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio of two colours, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mixed(one: str, other: str, share: float) -> str:
    """`one` with `share` (0 to 1) of `other` in it."""
    parts = (a + (b - a) * share for a, b in zip(channels(one), channels(other), strict=True))
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)


@lru_cache(maxsize=512)
def legible(color: str, surface: str, least: float = _LEAST_CONTRAST) -> str:
    """`color`, lightened or darkened as little as it takes to stand out from `surface`; its hue stays.

    A colour that is none, as a hand-edited database may hold, becomes a grey.
    """
    if not QColor.isValidColorName(color) or len(color) != 7:
        color = "#808080"
    towards = "#ffffff" if luminance(surface) < 0.18 else "#000000"
    for step in range(_STEPS + 1):
        tried = mixed(color, towards, step / _STEPS)
        if contrast(tried, surface) >= least:
            return tried
    return towards


def text_on(color: str) -> str:
    """Black or white, whichever reads better on `color`."""
    return "#ffffff" if contrast("#ffffff", color) >= contrast("#101418", color) else "#101418"


def on_ramp(ramp: Sequence[str], share: float) -> str:
    """The colour at `share` (0 to 1) of the way along a ramp of colours."""
    place = max(0.0, min(1.0, share)) * (len(ramp) - 1)
    low = min(int(place), len(ramp) - 2)
    return mixed(ramp[low], ramp[low + 1], place - low)
