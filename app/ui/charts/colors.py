"""The colours a chart is drawn with; the theme's tokens fill them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChartColors:
    """All as '#rrggbb'.

    `surface`: what the chart lies on. `text`, `muted`: values, and axis labels. `grid`: guiding lines.
    `track`: a lane or cell with nothing in it. `accent`: one line or bar without a category. `focus`: the
    ring around what the keyboard is on. `idle`: idle time. `nothing`: time under no name. `ramp`: from
    little to much, for heat maps. `raised`, `raised_text`, `border`: a hint that lies over the chart.
    """

    surface: str
    text: str
    muted: str
    grid: str
    track: str
    accent: str
    focus: str
    idle: str
    nothing: str
    ramp: tuple[str, ...]
    raised: str
    raised_text: str
    border: str
