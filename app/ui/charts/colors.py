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


LIGHT = ChartColors(
    surface="#ffffff",
    text="#1b1f24",
    muted="#59636e",
    grid="#e6e9ed",
    track="#f0f2f5",
    accent="#2563eb",
    focus="#1b1f24",
    idle="#c9d0d8",
    nothing="#9aa4af",
    ramp=("#d5e6f7", "#9dc6ec", "#5fa0dc", "#2b74bd", "#0f4c8a"),
    raised="#1f252c",
    raised_text="#f5f7f9",
    border="#1f252c",
)

DARK = ChartColors(
    surface="#1a1d21",
    text="#e8ebee",
    muted="#9aa4af",
    grid="#2b3037",
    track="#24282e",
    accent="#6ea8fe",
    focus="#ffffff",
    idle="#444c56",
    nothing="#6b7681",
    ramp=("#17324d", "#1d4f7e", "#2b74b8", "#58a0e0", "#a8d3fb"),
    raised="#2f353d",
    raised_text="#f0f3f6",
    border="#454d57",
)
