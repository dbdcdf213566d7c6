"""How attention went: the focus score, and how fragmented the time was; each with its moving average."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PyQt6.QtCore import pyqtSignal

from app.analytics.focus_trend import FocusTrend
from app.ui.chart_colors import chart_colors, following
from app.ui.charts.lines import Curve, LinesChart, Scale
from app.ui.charts.values import Series
from app.ui.pages.trends.about import about
from app.ui.pages.trends.buckets import named
from app.ui.services import Services
from app.ui.theme.tokens import Tokens
from app.ui.widgets.card import Card
from app.ui.widgets.labels import label
from app.ui.words import tr

_HEIGHT = 190


class CurveCard(Card):
    """A line chart in a card. `days_chosen(Days)`: a point."""

    days_chosen = pyqtSignal(object)

    def __init__(self, services: Services, key: str, title: str, scale: Scale) -> None:
        super().__init__(title)
        self.head.insertWidget(1, about(services.icons, key, title))
        self._mean = label("", "muted")
        self.head.addWidget(self._mean)
        colors = chart_colors(services.theme.tokens)
        self.chart = following(LinesChart(title, colors, scale), services.theme)
        self.chart.setMinimumHeight(_HEIGHT)
        self.chart.chosen.connect(self._chosen)
        self._told = scale.told
        self.body.addWidget(self.chart, 1)

    def show_curve(self, trend: FocusTrend, curve: Curve, caption: str) -> None:
        """Show one curve over the buckets of a trend."""
        self.chart.caption = caption
        self.chart.show_curves(named(trend.buckets, trend.granularity), [_so_far(curve)])
        known = curve.values[np.isfinite(curve.values)]
        self._mean.setText(
            tr("{mean} on average", mean=self._told(float(known.mean()))) if len(known) else ""
        )

    def _chosen(self, days: object) -> None:
        self.days_chosen.emit(days)


def _so_far(curve: Curve) -> Curve:
    """Without the moving average of days that have not come yet."""
    known = np.flatnonzero(np.isfinite(curve.values))
    if curve.smooth is None or not len(known):
        return curve
    smooth = np.array(curve.smooth, np.float64)
    smooth[known[-1] + 1 :] = np.nan
    return replace(curve, smooth=smooth)


class FocusCard(CurveCard):
    def __init__(self, services: Services) -> None:
        super().__init__(services, "score", tr("Focus score"), Scale(_points, top=100))
        self.chart.explain_emptiness(
            tr("No focus score yet"), tr("It is told for days with an hour of active time.")
        )

    def show_trend(self, trend: FocusTrend, tokens: Tokens, caption: str) -> None:
        """Show the score of a range."""
        series = Series("score", tr("Focus score"), tokens.colors.accent)
        self.show_curve(trend, Curve(series, trend.score.values, trend.score.average), caption)


class FragmentationCard(CurveCard):
    def __init__(self, services: Services) -> None:
        scale = Scale(_percent, top=100, unit="%")
        super().__init__(services, "fragmentation", tr("Fragmentation"), scale)
        self.chart.explain_emptiness(
            tr("Nothing to tell yet"), tr("It shows how much of your time is in short stretches.")
        )

    def show_trend(self, trend: FocusTrend, tokens: Tokens, caption: str) -> None:
        """Show the fragmentation of a range, in percent."""
        found = trend.fragmentation
        series = Series("fragmentation", tr("Fragmentation"), tokens.categories[5])
        self.show_curve(trend, Curve(series, found.values * 100, found.average * 100), caption)


def _points(value: float) -> str:
    return f"{value:.0f}"


def _percent(value: float) -> str:
    return f"{value:.0f} %"
