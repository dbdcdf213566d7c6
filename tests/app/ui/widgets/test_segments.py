"""The segmented control, side by side and as a box."""

from __future__ import annotations

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from app.ui.widgets.segments import Segments


@pytest.fixture
def segments(qtbot: QtBot) -> Segments:
    made = Segments((("a", "First"), ("b", "Second"), ("c", "Third")), name="Which", current="b")
    qtbot.addWidget(made)
    made.show()
    return made


def box_of(segments: Segments) -> QComboBox:
    found = segments.findChild(QComboBox)
    assert found is not None
    return found


def test_folding_keeps_what_is_taken_and_needs_less_room(segments: Segments) -> None:
    before = segments.sizeHint().width()
    assert segments.unfolded_width >= before - 2
    segments.fold(folded=True)
    assert segments.folded
    assert segments.current == "b"
    assert box_of(segments).currentText() == "Second"
    assert segments.sizeHint().width() < before
    segments.choose("c")
    segments.fold(folded=False)
    assert not segments.folded
    assert segments.sizeHint().width() == before
    assert segments.current == "c"


def test_what_it_needs_is_the_same_folded(segments: Segments) -> None:
    before = segments.unfolded_width
    segments.fold(folded=True)
    assert segments.unfolded_width == before


def test_the_box_chooses_by_keyboard(segments: Segments, qtbot: QtBot) -> None:
    segments.fold(folded=True)
    with qtbot.waitSignal(segments.chosen) as told:
        qtbot.keyClick(box_of(segments), Qt.Key.Key_Down)
    assert told.args == ["c"]
    assert segments.current == "c"
