"""The day in numbers, beside the lanes while nothing is selected."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.analytics.labels import REST, By
from app.durations import told_in_minutes
from app.ui.chart_colors import chart_colors, following
from app.ui.charts.ranking import RankingChart
from app.ui.charts.ring import Part
from app.ui.hearing import hear
from app.ui.labelled import series_of
from app.ui.pages.timeline.recorded import Recorded
from app.ui.services import Services
from app.ui.widgets.buttons import button
from app.ui.widgets.labels import label
from app.ui.words import tr

_MOST = 7


class DayTotals(QWidget):
    """`add_wanted`: the person wants to add missed time. `project_chosen(int)`: of a row."""

    add_wanted = pyqtSignal()
    project_chosen = pyqtSignal(int)

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._theme = services.theme
        self._figures = {key: label("–", "title") for key in ("active", "idle", "first", "switches")}
        names = {
            "active": tr("Active"),
            "idle": tr("Idle"),
            "first": tr("From – to"),
            "switches": tr("Switches"),
        }
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(2)
        for n, (key, words) in enumerate(names.items()):
            row, column = divmod(n, 2)
            grid.addWidget(label(words, "caption"), row * 2, column)
            grid.addWidget(self._figures[key], row * 2 + 1, column)
            self._figures[key].setAccessibleName(words)
        grid.setRowMinimumHeight(2, 20)
        self.chart = following(
            RankingChart(tr("Time by project"), chart_colors(services.theme.tokens)), services.theme
        )
        self.chart.explain_emptiness(tr("No time yet"), tr("Projects will be listed here."))
        self.chart.chosen.connect(self.project_chosen.emit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(label(tr("This day"), "strong"))
        column.addLayout(grid)
        column.addWidget(self.chart)
        column.addStretch(1)
        self._add = button(services.icons, tr("Add missed time…"), self.add_wanted.emit, icon="plus")
        column.addWidget(self._add)
        self._recorded: Recorded | None = None
        hear(services.theme.changed, self, lambda _: self._show_projects())

    def show_day(self, recorded: Recorded) -> None:
        """Show the sums of a day."""
        self._recorded = recorded
        view = recorded.view
        self._figures["active"].setText(told_in_minutes(view.active_ms / 1000))
        self._figures["idle"].setText(told_in_minutes(view.idle_ms / 1000))
        self._figures["switches"].setText(f"{view.switches}")
        stretch = "–"
        if view.first_ms is not None and view.last_ms is not None:
            stretch = f"{recorded.wall(view.first_ms):%H:%M} – {recorded.wall(view.last_ms):%H:%M}"
        self._figures["first"].setText(stretch)
        self._show_projects()

    def _show_projects(self) -> None:
        if self._recorded is None:
            return
        tokens, shares = self._theme.tokens, self._recorded.view.by_project
        parts = [Part(series_of(s.label, By.PROJECT, tokens), s.active_ms / 1000) for s in shares]
        if len(parts) > _MOST:
            rest = sum(part.seconds for part in parts[_MOST - 1 :])
            parts = [*parts[: _MOST - 1], Part(series_of(REST, By.PROJECT, tokens), rest)]
        self.chart.show_parts(parts)
