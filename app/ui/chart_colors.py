"""The theme's tokens as the colours of charts."""

from __future__ import annotations

from typing import TypeVar

from app.ui.charts.chart import Chart
from app.ui.charts.colors import ChartColors
from app.ui.charts.inks import mixed
from app.ui.hearing import hear
from app.ui.theme.theme import Theme
from app.ui.theme.tokens import Tokens

C = TypeVar("C", bound=Chart)

_RAMP = (0.18, 0.36, 0.56, 0.78, 1.0)


def chart_colors(tokens: Tokens) -> ChartColors:
    """The colours of a chart that lies on a card."""
    c = tokens.colors
    return ChartColors(
        surface=c.surface,
        text=c.text,
        muted=c.text_muted,
        grid=c.grid,
        track=c.sunken if not tokens.dark else c.hover,
        accent=c.accent,
        focus=c.text,
        idle=c.border_strong,
        nothing=tokens.categories[-1],
        ramp=tuple(mixed(c.surface, c.accent, share) for share in _RAMP),
        raised=c.raised,
        raised_text=c.text,
        border=c.border_strong,
    )


def following(chart: C, theme: Theme) -> C:
    """`chart`, which from now on wears whatever look is in force."""
    hear(theme.changed, chart, lambda tokens: chart.recolor(chart_colors(tokens)))
    return chart
