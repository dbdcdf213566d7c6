"""The lanes of a day in the person's hand: clicked, dragged over, walked through with the keys."""

# PyQt6's own stubs leave the type of every slot unknown.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PyQt6.QtCore import QEvent, QPoint, QPointF, Qt, pyqtSignal
from PyQt6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PyQt6.QtWidgets import QWidget

from app.ui.charts.clock_axis import exact
from app.ui.charts.colors import ChartColors
from app.ui.charts.columns import Blocks
from app.ui.charts.counted import activities
from app.ui.charts.frame import Frame
from app.ui.charts.hint import Hint, Line
from app.ui.charts.lanes_paint import row_of
from app.ui.charts.lanes_values import DayLanes, Lane, Selection, stretch
from app.ui.charts.lanes_view import CLOSEST_MS, Describe, LanesView

_WHEEL = 1.25  # a notch of the wheel shows this much less, or more
_DRAG_FROM = 4  # pixels; less is a click


class LanesChart(LanesView):
    """`selection_changed` tells the `Selection`; `chosen` a (lane's key, id) that was double-clicked, or
    clicked in a lane that does not select; `menu_wanted` a place of the screen and its moment (ms UTC);
    `gap_chosen` the moment of a double click beside all blocks."""

    selection_changed = pyqtSignal(object)
    menu_wanted = pyqtSignal(QPoint, float)
    gap_chosen = pyqtSignal(float)

    def __init__(
        self, name: str, colors: ChartColors, parent: QWidget | None = None, describe: Describe | None = None
    ) -> None:
        self._pressed: QPointF | None = None
        self._panned: float | None = None
        super().__init__(name, colors, parent, describe)

    def show_day(self, day: DayLanes) -> None:
        """Show a day. The same day again, grown or corrected, keeps zoom and selection."""
        if day.start != self.day.start or self.day.empty:
            self._select(Selection())
            self.put_day(day, (day.start, day.end))
            return
        low, high = self.view
        follows = high >= self.day.end
        self.put_day(day, (low, day.end if follows else high))
        there = (int(n) for lane in day.lanes if lane.selects for n in lane.blocks.id)
        self._select(self.selection.kept(there) if self.selection.ids else self.selection)

    def select(self, selection: Selection, *, show: bool = False) -> None:
        """Select from outside, as from a table or a search; `show`: bring it into view."""
        self._select(selection)
        if show:
            self.reveal()

    def reveal(self) -> None:
        """Bring what is selected into view."""
        found = [
            self._find(lane.blocks, one)
            for lane in self.day.lanes
            if lane.selects
            for one in self.selection.ids
        ]
        places = [place for place in found if place is not None]
        if not places:
            return
        low, high = min(p[0] for p in places), max(p[1] for p in places)
        x0, x1 = self.view
        if low >= x0 and high <= x1 and (high - low) / (x1 - x0) * self.frame().width >= 3:
            return
        span = min(x1 - x0, max(CLOSEST_MS, (high - low) * 6))
        middle = (low + high) / 2
        self.show_view(middle - max(span, high - low) / 2, middle + max(span, high - low) / 2)

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is None or self.is_empty:
            return
        place, frame = self.in_plot(event), self.frame()
        if self._panned is not None:
            now = frame.value_x(place.x())
            x0, x1 = self.view
            self.show_view(x0 + self._panned - now, x1 + self._panned - now)
            self.hide_hint()
        elif self._pressed is not None and abs(place.x() - self._pressed.x()) > _DRAG_FROM:
            self._drag_to(frame, place)
        elif self._pressed is None:
            self._hover(frame, place)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is None or self.is_empty:
            return
        place = self.in_plot(event)
        on_axis = place.y() > self.frame().height
        if event.button() is Qt.MouseButton.MiddleButton or (
            on_axis and event.button() is Qt.MouseButton.LeftButton
        ):
            self._panned = self.frame().value_x(place.x())
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif event.button() is Qt.MouseButton.LeftButton:
            self._pressed = place

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        pressed, self._pressed = self._pressed, None
        if self._panned is not None:
            self._panned = None
            self.setCursor(Qt.CursorShape.ArrowCursor)
        elif event is not None and pressed is not None:
            place = self.in_plot(event)
            if abs(place.x() - pressed.x()) <= _DRAG_FROM:
                self._click(self.block_at(self.frame(), place.x(), place.y()), event.modifiers())

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        if event is None:
            return
        place = self.in_plot(event)
        found = self.block_at(self.frame(), place.x(), place.y())
        if found is not None:
            lane = self.day.lanes[found[0]]
            self.chosen.emit((lane.key, int(lane.blocks.id[found[1]])))
        elif place.y() <= self.frame().height and not self.is_empty:
            self.gap_chosen.emit(self.frame().value_x(place.x()))

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        if event is None or self.is_empty:
            return
        across, notches = event.angleDelta().x() / 120, event.angleDelta().y() / 120
        if across or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.pan(-(across or notches) * 0.1)
        elif notches:
            self.zoom(_WHEEL**-notches, self.frame().value_x(self.in_plot(event).x()))
        event.accept()
        self.hide_hint()

    def contextMenuEvent(self, event: QContextMenuEvent | None) -> None:
        """What was right-clicked is selected, if it is not already."""
        if event is None:
            return
        self.hide_hint()
        place = self.box.mapFromScene(self.mapToScene(event.pos()))
        found = None if self.is_empty else self.block_at(self.frame(), place.x(), place.y())
        if found is not None and self.day.lanes[found[0]].selects:
            block = int(self.day.lanes[found[0]].blocks.id[found[1]])
            if block not in self.selection.ids:
                self.lane = found[0]
                self._select(self.selection.only(block))
        self.menu_wanted.emit(event.globalPos(), self.frame().value_x(place.x()))

    def leaveEvent(self, a0: QEvent | None) -> None:
        self.hide_hint()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is None or self.is_empty:
            return
        key, held = Qt.Key(event.key()), event.modifiers()
        control = bool(held & Qt.KeyboardModifier.ControlModifier)
        doing: dict[Qt.Key, Callable[[], None]] = {
            Qt.Key.Key_Plus: lambda: self.zoom(1 / 1.5, self._cursor_time()),
            Qt.Key.Key_Equal: lambda: self.zoom(1 / 1.5, self._cursor_time()),
            Qt.Key.Key_Minus: lambda: self.zoom(1.5, self._cursor_time()),
            Qt.Key.Key_0: lambda: self.show_view(self.day.start, self.day.end),
            Qt.Key.Key_Up: lambda: self._to_lane(-1),
            Qt.Key.Key_Down: lambda: self._to_lane(1),
            Qt.Key.Key_Home: lambda: self._to_block(0, held),
            Qt.Key.Key_End: lambda: self._to_block(-1, held),
            Qt.Key.Key_Left: lambda: self.pan(-0.25) if control else self._walk_blocks(-1, held),
            Qt.Key.Key_Right: lambda: self.pan(0.25) if control else self._walk_blocks(1, held),
        }
        if key in doing:
            self._by_keyboard = True
            doing[key]()
        elif key is Qt.Key.Key_Escape and not self.selection.empty:
            self._select(Selection())
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.selection.cursor is not None:
            self.chosen.emit((self.day.lanes[self.lane].key, self.selection.cursor))
        else:
            event.ignore()

    def _click(self, found: tuple[int, int] | None, held: Qt.KeyboardModifier) -> None:
        self._by_keyboard = False
        if found is None:
            self._select(Selection())
            return
        lane = self.day.lanes[found[0]]
        block = int(lane.blocks.id[found[1]])
        if not lane.selects:
            self.chosen.emit((lane.key, block))
            return
        self.lane = found[0]
        self._take(lane, block, held)

    def _take(self, lane: Lane, block: int, held: Qt.KeyboardModifier) -> None:
        if held & Qt.KeyboardModifier.ShiftModifier:
            self._select(self.selection.up_to(lane.blocks, block))
        elif held & Qt.KeyboardModifier.ControlModifier:
            self._select(self.selection.toggled(block))
        else:
            self._select(self.selection.only(block))

    def _drag_to(self, frame: Frame, place: QPointF) -> None:
        assert self._pressed is not None
        low, high = (max(frame.x0, min(frame.x1, frame.value_x(x))) for x in (self._pressed.x(), place.x()))
        self._select(stretch(self.day.lanes, low, high))
        chosen = self.selection
        if chosen.start is not None and chosen.end is not None:
            title = f"{self.clock(chosen.start)} – {self.clock(chosen.end)}"
            lines = (
                Line(
                    activities(len(chosen.ids)),
                    exact((chosen.end - chosen.start) / 1000),
                ),
            )
            self.show_hint(Hint(title, lines), place)

    def _hover(self, frame: Frame, place: QPointF) -> None:
        found = self.block_at(frame, place.x(), place.y())
        on_axis = place.y() > frame.height
        cursor = Qt.CursorShape.PointingHandCursor if found else Qt.CursorShape.ArrowCursor
        self.setCursor(Qt.CursorShape.OpenHandCursor if on_axis else cursor)
        self.show_hint(None if found is None else self.hint_of(frame, place.x(), *found), place)

    def _to_lane(self, by: int) -> None:
        wanted = self.lane + by
        while 0 <= wanted < len(self.day.lanes) and not self.day.lanes[wanted].selects:
            wanted += by
        if 0 <= wanted < len(self.day.lanes):
            at = self._cursor_time()
            self.lane = wanted
            blocks = self.day.lanes[wanted].blocks
            if at is not None and len(blocks):
                nearest = blocks.at(at)
                index = (
                    min(len(blocks) - 1, int(np.searchsorted(blocks.end, at))) if nearest is None else nearest
                )
                self._to_block(index, Qt.KeyboardModifier.NoModifier)

    def _walk_blocks(self, by: int, held: Qt.KeyboardModifier) -> None:
        blocks = self._selecting().blocks
        cursor = -1 if self.selection.cursor is None else self.selection.cursor
        places = np.flatnonzero(blocks.id == cursor)
        if len(places):
            index = max(0, min(len(blocks) - 1, int(places[0]) + by))
        else:
            start, _ = self.view
            index = min(len(blocks) - 1, int(np.searchsorted(blocks.end, start, side="right")))
        self._to_block(index, held)

    def _to_block(self, index: int, held: Qt.KeyboardModifier) -> None:
        lane = self._selecting()
        if not len(lane.blocks):
            return
        index %= len(lane.blocks)
        block = int(lane.blocks.id[index])
        shift = held & Qt.KeyboardModifier.ShiftModifier
        if shift:
            grown = self.selection.ids | self.selection.up_to(lane.blocks, block).ids
            self._select(Selection(grown, cursor=block))
        else:
            self._select(self.selection.only(block))
        self.reveal()
        frame = self.frame()
        x = frame.x(float(lane.blocks.start[index] + lane.blocks.end[index]) / 2)
        row = row_of(frame, len(self.day.lanes), self.lane)
        self.show_hint(self.hint_of(frame, x, self.lane, index), QPointF(x, row.center().y()))

    def _selecting(self) -> Lane:
        if self.lane >= len(self.day.lanes) or not self.day.lanes[self.lane].selects:
            self.lane = next((n for n, lane in enumerate(self.day.lanes) if lane.selects), 0)
        return self.day.lanes[self.lane]

    def _select(self, selection: Selection) -> None:
        if selection != self.selection:
            self.selection = selection
            self._over.fit()
            self.selection_changed.emit(selection)

    def _cursor_time(self) -> float | None:
        for lane in self.day.lanes:
            if self.selection.cursor is not None and (
                found := self._find(lane.blocks, self.selection.cursor)
            ):
                return (found[0] + found[1]) / 2
        return None

    def _find(self, blocks: Blocks, block: int) -> tuple[float, float] | None:
        places = np.flatnonzero(blocks.id == block)
        return (float(blocks.start[places[0]]), float(blocks.end[places[0]])) if len(places) else None
