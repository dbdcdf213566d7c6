"""The figures above the charts: a sum, and how it stands to the period before."""

from __future__ import annotations

from PyQt6.QtWidgets import QHBoxLayout, QWidget

from app.analytics.averages import Comparison
from app.durations import told_in_minutes
from app.ui.pages.trends.model import Stack
from app.ui.theme.palette import tabular
from app.ui.theme.stylesheet import styled
from app.ui.widgets.card import Card
from app.ui.widgets.labels import label
from app.ui.words import tr

# A share beyond this says no more than a word.
_TOLD = 500


class Figures(QWidget):
    """Active time, the daily mean, context switches an hour, idle time."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        self.active, self.mean = Figure(tr("Active time")), Figure(tr("On an active day"))
        self.switches, self.idle = Figure(tr("Switches an hour")), Figure(tr("Idle time"))
        for figure in (self.active, self.mean, self.switches, self.idle):
            row.addWidget(figure, 1)

    def show_stack(self, stack: Stack) -> None:
        """Show the sums of a range."""
        now, then = stack.trends, stack.before
        active, before = now.active_ms.now, None if then is None else then.active_ms.now
        self.active.tell(told_in_minutes(active / 1000), _beside(active, before))
        mean = _mean(active, stack.active_days)
        mean_before = None if before is None else _mean(before, stack.active_days_before)
        self.mean.tell(told_in_minutes(mean / 1000), _beside(mean, mean_before))
        rate = _rate(now.context_switches.now, active)
        rate_before = None if then is None else _rate(then.context_switches.now, then.active_ms.now)
        if rate is None:
            self.switches.tell("–", "")
        else:
            self.switches.tell(f"{rate:.1f}", _beside(rate, rate_before))
        idle_before = None if then is None else then.idle_ms.now
        self.idle.tell(told_in_minutes(now.idle_ms.now / 1000), _beside(now.idle_ms.now, idle_before))


class Figure(Card):
    """A name, a value, and a line about the change."""

    def __init__(self, name: str) -> None:
        super().__init__(padding=14)
        self._name = name
        self._value = styled(label("–"), role="heading")
        self._value.setFont(tabular(self._value.font()))
        self._change = label("", "caption")
        self.body.setSpacing(2)
        for widget in (label(name, "caption"), self._value, self._change):
            self.body.addWidget(widget)

    def tell(self, value: str, change: str) -> None:
        """Show this value and the words about its change."""
        self._value.setText(value)
        self._change.setText(change or " ")
        self.setAccessibleName(f"{self._name}: {value}. {change}".strip())


def _beside(now: float, before: float | None) -> str:
    """`12 % more than before`; nothing where there is nothing to compare with."""
    change = None if before is None else Comparison(now, before).change
    if change is None:
        return ""
    percent = round(abs(change) * 100)
    if percent > _TOLD:
        return tr("far more than before")
    if not percent:
        return tr("as before")
    return (
        tr("{percent} % more than before", percent=percent)
        if change > 0
        else tr("{percent} % less than before", percent=percent)
    )


def _rate(count: float, active_ms: float) -> float | None:
    """A count in an hour of active time; None below a minute of it."""
    return count / (active_ms / 3_600_000) if active_ms >= 60_000 else None


def _mean(whole: float, days: int) -> float:
    return whole / days if days else 0.0
