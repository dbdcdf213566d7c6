"""A picture as shapes, so that a page on the web and a page on paper draw the same. Pure.

Lengths are in px at 96 to the inch; y grows downward.
"""

from __future__ import annotations

from dataclasses import dataclass

INK, QUIET, RULE, TRACK = "#1c2330", "#5a6372", "#dde1e8", "#eef1f5"


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle; `title` tells what it stands for."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    title: str = ""
    radius: float = 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """A hairline."""

    x1: float
    y1: float
    x2: float
    y2: float
    color: str = RULE


@dataclass(frozen=True, slots=True)
class Words:
    """Text with its baseline at `y`; `anchor` is "start", "middle" or "end"."""

    x: float
    y: float
    text: str
    size: float = 11.0
    color: str = QUIET
    anchor: str = "start"
    bold: bool = False


Shape = Box | Line | Words


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture; `title` and `description` are for those who cannot see it."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    title: str
    description: str = ""
