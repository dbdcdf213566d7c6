"""Time that was not recorded, added by hand: away from the machine, or on another one."""

from __future__ import annotations

from datetime import datetime, time

from PyQt6.QtCore import QTime, pyqtSignal
from PyQt6.QtWidgets import QFormLayout, QHBoxLayout, QLineEdit, QTimeEdit, QVBoxLayout, QWidget

from app.analytics.labels import By
from app.analytics.series import NOTHING
from app.models.by_hand import Missed
from app.ui.charts.clock_axis import exact
from app.ui.pages.timeline.name_picker import NamePicker, field_label
from app.ui.pages.timeline.recorded import Recorded
from app.ui.services import Services
from app.ui.widgets.buttons import button
from app.ui.widgets.labels import label
from app.ui.words import tr


class MissedTime(QWidget):
    """`added(Missed)`: to be recorded. `left`: the person wants none of it."""

    added = pyqtSignal(object)
    left = pyqtSignal()

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._recorded: Recorded | None = None
        self.start, self.end = time_field(tr("From")), time_field(tr("To"))
        self.what = QLineEdit()
        self.what.setAccessibleName(tr("What it was"))
        self.what.setPlaceholderText(tr("Meeting, phone call, reading…"))
        self.what.setMaxLength(200)
        self.project = NamePicker(services.theme, By.PROJECT, tr("Project"))
        self.category = NamePicker(services.theme, By.CATEGORY, tr("Category"))
        self._project: int | None = None
        self._category: int | None = None
        self.project.picked.connect(self._take_project)
        self.category.picked.connect(self._take_category)
        self._says = label("", "caption", wrap=True)
        self.add = button(services.icons, tr("Add"), self._add, kind="primary")
        cancel = button(services.icons, tr("Cancel"), self.left.emit)
        form = QFormLayout()
        form.setVerticalSpacing(8)
        form.setHorizontalSpacing(12)
        times = QHBoxLayout()
        times.setSpacing(6)
        times.addWidget(self.start)
        times.addWidget(label("–", "muted"))
        times.addWidget(self.end)
        times.addStretch(1)
        form.addRow(field_label(tr("Time"), self.start), times)
        for words, field in (
            (tr("What"), self.what), (tr("Project"), self.project), (tr("Category"), self.category),
        ):  # fmt: skip
            form.addRow(field_label(words, field), field)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(label(tr("Add missed time"), "strong"))
        column.addLayout(form)
        column.addWidget(self._says)
        row = QHBoxLayout()
        row.addWidget(self.add)
        row.addWidget(cancel)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
        for field in (self.start, self.end):
            field.timeChanged.connect(lambda _: self._check())
        self.what.returnPressed.connect(self._add)

    def offer(self, recorded: Recorded, start_ms: float, end_ms: float) -> None:
        """Begin with this stretch (ms UTC)."""
        self._recorded = recorded
        for field, ms in ((self.start, start_ms), (self.end, end_ms)):
            wall = recorded.wall(ms)
            field.setTime(QTime(wall.hour, wall.minute, wall.second))
        if recorded.wall(end_ms).date() > recorded.view.date:
            self.end.setTime(QTime(23, 59, 59))
        self.project.show_names(recorded.view.names, self._project or 0)
        self.category.show_names(recorded.view.names, self._category or 0)
        self._check()

    @property
    def stretch(self) -> tuple[int, int] | None:
        """What was chosen, ms UTC; None when it ends before it begins."""
        if self._recorded is None:
            return None
        start, end = (self._moment(field) for field in (self.start, self.end))
        return (start, end) if start < end else None

    def _moment(self, field: QTimeEdit) -> int:
        assert self._recorded is not None
        chosen = field.time()
        at = time(chosen.hour(), chosen.minute(), chosen.second())
        return self._recorded.moment(datetime.combine(self._recorded.view.date, at))

    def _check(self) -> None:
        stretch, recorded = self.stretch, self._recorded
        free = 0 if stretch is None or recorded is None else recorded.free(*stretch)
        self.add.setEnabled(free > 0)
        if stretch is None:
            self._says.setText(tr("It ends before it begins."))
        elif not free:
            self._says.setText(tr("All of this time is recorded already."))
        elif free < stretch[1] - stretch[0]:
            self._says.setText(tr("{length} of it is free and will be added.", length=exact(free / 1000)))
        else:
            self._says.setText(exact(free / 1000))

    def _take_project(self, chosen: int | None) -> None:
        self._project = chosen

    def _take_category(self, chosen: int | None) -> None:
        self._category = chosen

    def _add(self) -> None:
        stretch, recorded = self.stretch, self._recorded
        if stretch is None or recorded is None or not self.add.isEnabled():
            return
        note = self.what.text().strip() or None
        offset = recorded.offset_s(stretch[0])
        self.added.emit(
            Missed(*stretch, offset, project_id=self._project, category_id=self._category, note=note)
        )
        self.what.clear()


def time_field(name: str) -> QTimeEdit:
    """A time of day, to the second."""
    made = QTimeEdit()
    made.setDisplayFormat("HH:mm:ss")
    made.setAccessibleName(name)
    return made


def usual_stretch(recorded: Recorded) -> tuple[float, float]:
    """What is offered when nothing was dragged: the longest gap, the hour before the first recording, or nine
    to ten on a day without any. ms UTC."""
    view = recorded.view
    if view.first_ms is None or view.last_ms is None:
        nine = recorded.moment(datetime.combine(view.date, time(9)))
        return nine, nine + _HOUR_MS
    array = view.blocks.array
    between = array[
        (array["kind"] == NOTHING) & (array["start"] >= view.first_ms) & (array["end"] <= view.last_ms)
    ]
    if len(between):
        longest = between[(between["end"] - between["start"]).argmax()]
        return float(longest["start"]), float(longest["end"])
    return max(view.start_ms, view.first_ms - _HOUR_MS), view.first_ms


_HOUR_MS = 3_600_000
