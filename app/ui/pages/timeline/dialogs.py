"""Where to split a span, and when it began and ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time

from PyQt6.QtCore import QTime
from PyQt6.QtWidgets import QFormLayout, QTimeEdit, QWidget

from app.analytics.timeline import Block
from app.ui.charts.clock_axis import exact
from app.ui.pages.timeline.missed import time_field
from app.ui.pages.timeline.recorded import Recorded
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.labels import label
from app.ui.words import tr


def ask_split(
    parent: QWidget, recorded: Recorded, block: Block, at_ms: float | None, take: Callable[[int], None]
) -> Dialog:
    """Ask for the moment of a split; `at_ms` is offered, or the middle. `take(ms)` when it is chosen."""
    dialog = Dialog(
        parent,
        tr("Split activity"),
        accept=tr("Split"),
        words=tr("Everything before this time stays, everything after it becomes an activity of its own."),
    )
    inside = at_ms is not None and block.start_ms < at_ms < block.end_ms
    field = _field(
        tr("Split at"), recorded, (block.start_ms + block.end_ms) / 2 if not inside else at_ms or 0
    )
    halves = label("", "muted")
    form = QFormLayout()
    form.addRow(tr("Split at"), field)
    dialog.body.addLayout(form)
    dialog.body.addWidget(halves)

    def check() -> None:
        at = _moment(recorded, field)
        fits = block.start_ms < at < block.end_ms
        dialog.accept_button.setEnabled(fits)
        if fits:
            lengths = exact((at - block.start_ms) / 1000), exact((block.end_ms - at) / 1000)
            halves.setText(tr("{first} and {second}", first=lengths[0], second=lengths[1]))
        else:
            span = tr("Choose a time between {start} and {end}.", start=_told(recorded, block.start_ms),
                      end=_told(recorded, block.end_ms))  # fmt: skip
            halves.setText(span)

    field.timeChanged.connect(lambda _: check())
    check()
    dialog.accepted.connect(lambda: take(_moment(recorded, field)))
    dialog.open()
    field.setFocus()
    return dialog


def ask_times(parent: QWidget, recorded: Recorded, block: Block, take: Callable[[int, int], None]) -> Dialog:
    """Ask when a span began and ended. `take(start_ms, end_ms)` when that is chosen."""
    dialog = Dialog(parent, tr("Change times"), accept=tr("Change"))
    start, end = _field(tr("From"), recorded, block.start_ms), _field(tr("To"), recorded, block.end_ms)
    length = label("", "muted")
    form = QFormLayout()
    form.addRow(tr("From"), start)
    form.addRow(tr("To"), end)
    dialog.body.addLayout(form)
    dialog.body.addWidget(length)

    def chosen() -> tuple[int, int]:
        # What was not touched stays as it was, to the millisecond.
        begin = _kept(recorded, start, block.start_ms)
        return begin, _kept(recorded, end, block.end_ms)

    def check() -> None:
        begin, finish = chosen()
        dialog.accept_button.setEnabled(begin < finish)
        length.setText(exact((finish - begin) / 1000) if begin < finish else tr("It ends before it begins."))

    for field in (start, end):
        field.timeChanged.connect(lambda _: check())
    check()
    dialog.accepted.connect(lambda: take(*chosen()))
    dialog.open()
    start.setFocus()
    return dialog


def _field(name: str, recorded: Recorded, ms: float) -> QTimeEdit:
    made = time_field(name)
    wall = recorded.wall(ms)
    made.setTime(QTime(wall.hour, wall.minute, wall.second))
    return made


def _moment(recorded: Recorded, field: QTimeEdit) -> int:
    shown = field.time()
    at = time(shown.hour(), shown.minute(), shown.second())
    return recorded.moment(datetime.combine(recorded.view.date, at))


def _kept(recorded: Recorded, field: QTimeEdit, ms: int) -> int:
    wall = recorded.wall(ms)
    same = field.time() == QTime(wall.hour, wall.minute, wall.second)
    return ms if same else _moment(recorded, field)


def _told(recorded: Recorded, ms: int) -> str:
    return f"{recorded.wall(ms):%H:%M:%S}"
