"""Numbers for charts, and eyes for their pictures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import pytest
from PyQt6.QtGui import QColor, QImage
from PyQt6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.ui.charts.chart import Chart
from app.ui.charts.columns import Blocks
from app.ui.charts.lanes_values import DayLanes, Lane
from app.ui.charts.values import Series

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC).timestamp() * 1000
DAY = NOON - 12 * 3_600_000
SERIES = (Series("a", "Alpha", "#4477aa"), Series("b", "Beta", "#ee6677"), Series("c", "Gamma", "#228833"))


def blocks_of(*spans: tuple[float, float, int]) -> Blocks:
    """(start, end, kind) in hours of the day; ids count from 1."""
    starts = np.array([DAY + s * 3_600_000 for s, _, _ in spans]).astype(np.int64)
    ends = np.array([DAY + e * 3_600_000 for _, e, _ in spans]).astype(np.int64)
    kinds = np.array([k for _, _, k in spans], np.int64)
    return Blocks(starts, ends, kinds, np.arange(1, len(spans) + 1))


def day_of(*lanes: Lane, end: float = DAY + 24 * 3_600_000) -> DayLanes:
    return DayLanes(DAY, end, lanes, lambda ms: datetime.fromtimestamp(ms / 1000, UTC).replace(tzinfo=None))


Shown = Callable[..., QImage]


@pytest.fixture
def shown(qtbot: QtBot) -> Shown:
    """Shows a chart at a size, and gives its picture."""

    def show(chart: Chart | QWidget, width: int = 800, height: int = 240) -> QImage:
        if not chart.isVisible():
            qtbot.addWidget(chart)
            chart.resize(width, height)
            chart.show()
            qtbot.waitExposed(chart)
        return chart.grab().toImage()

    return show


def count(image: QImage, color: str) -> int:
    """How many pixels of a picture have exactly this colour."""
    wanted = QColor(color).rgb()
    rows = range(image.height())
    return sum(image.pixel(x, y) == wanted for y in rows for x in range(image.width()))
