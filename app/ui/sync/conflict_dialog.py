"""Two machines changed the same: this machine's, the other's, or both merged field by field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QPixmap
from PyQt6.QtWidgets import QButtonGroup, QFrame, QGridLayout, QLabel, QRadioButton, QSizePolicy, QWidget

from app.ui.services import Services
from app.ui.shell.times import local_now
from app.ui.sync.facts import Conflict
from app.ui.sync.told import ago, compared, field_name, side_name, thing, value
from app.ui.theme.stylesheet import styled
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.labels import label, separator
from app.ui.widgets.page_body import scrolling
from app.ui.widgets.segments import Segments
from app.ui.words import tr

_WIDTH, _MOST_HIGH, _ROW, _SWATCH = 680, 340, 44, 14


@dataclass(frozen=True, slots=True)
class Decision:
    """`take`: `0` or `1` for a side, `both` for both of two sessions, `merge` with a side for each field."""

    take: str
    merge: Mapping[str, int]


class ConflictDialog(Dialog):
    """`decided(Decision)` is called once, when the person has chosen."""

    def __init__(
        self, services: Services, parent: QWidget, conflict: Conflict, decided: Callable[[Decision], None]
    ) -> None:
        super().__init__(
            parent.window() or parent,
            thing(conflict),
            accept=tr("Take this"),
            words=tr(
                "It was changed on two machines before they had heard of each other. Until you choose, the "
                "later change holds."
            ),
            width=_WIDTH,
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._services = services
        self._conflict = conflict
        self._decided = decided
        self._fields = compared(conflict)
        self._groups: dict[str, QButtonGroup] = {}
        self._mine = conflict.here if conflict.here is not None else 0
        self._choice = Segments(self._choices(), name=tr("What holds"), current=self._first())
        self._choice.chosen.connect(self._chosen)
        self.body.addWidget(self._choice)
        self.body.addWidget(self._sides())
        self._words = label("", "muted", wrap=True)
        self.body.addWidget(self._words)
        self._chosen(self._choice.current)

    def accept(self) -> None:
        """Tell what was chosen."""
        self._decided(self.decision())
        super().accept()

    def decision(self) -> Decision:
        """What is chosen now."""
        key = self._choice.current
        if key == "merge":
            return Decision(
                "merge", {field: max(0, group.checkedId()) for field, group in self._groups.items()}
            )
        return Decision({"mine": str(self._mine), "theirs": str(1 - self._mine)}.get(key, key), {})

    @property
    def _two_sessions(self) -> bool:
        return self._conflict.type == "focus_session" and self._conflict.whole

    def _choices(self) -> list[tuple[str, str]]:
        mine = tr("This machine") if self._conflict.here is not None else self._name(0)
        theirs = self._name(1 - self._mine)
        found = [("mine", mine), ("theirs", theirs)]
        if self._two_sessions:
            found.append(("both", tr("Keep both")))
        elif self._mergeable():
            found.append(("merge", tr("Merged")))
        return found

    def _mergeable(self) -> bool:
        return not self._conflict.whole and all(side.values is not None for side in self._conflict.sides)

    def _first(self) -> str:
        choice = self._conflict.choice
        if choice == "both" and self._two_sessions:
            return "both"
        if choice in ("0", "1"):
            return "mine" if int(choice) == self._mine else "theirs"
        if choice == "merged" and self._mergeable():
            return "merge"
        return "mine" if self._conflict.holds == self._mine else "theirs"

    def _name(self, side: int) -> str:
        return side_name(self._conflict, side)

    def _sides(self) -> QWidget:
        column, area = scrolling(margin=0)
        area.setMinimumHeight(min(_MOST_HIGH, _ROW * (len(self._fields) + 1) + 28))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        now = local_now(self._services.clock)
        for place, side in enumerate((self._mine, 1 - self._mine), 1):
            own = place == 1 and self._conflict.here is not None
            whose = tr("This machine") if own else self._name(side)
            grid.addWidget(label(whose, "strong"), 0, place)
            grid.addWidget(label(ago(self._conflict.sides[side].at_ms, now), "caption"), 1, place)
        line = separator()
        grid.addWidget(line, 2, 0, 1, 3)
        for row, field in enumerate(self._fields, 3):
            self._row(grid, row, field)
        column.addLayout(grid)
        column.addStretch(1)
        return area

    def _row(self, grid: QGridLayout, row: int, field: str) -> None:
        zone = local_now(self._services.clock).tzinfo
        grid.addWidget(label(field_name(field), "caption"), row, 0, Qt.AlignmentFlag.AlignVCenter)
        group = QButtonGroup(self)
        for place, side in enumerate((self._mine, 1 - self._mine), 1):
            told = value(self._conflict, side, field, zone)
            color = told if field == "color" and QColor.isValidColorName(told) else ""
            cell = _Cell(told, f"{field_name(field)}: {told}", color)
            group.addButton(cell.radio, side)
            grid.addWidget(cell, row, place)
        holding = group.button(self._conflict.holds)
        if holding is not None:
            holding.setChecked(True)
        self._groups[field] = group

    def _chosen(self, key: str) -> None:
        for group in self._groups.values():
            taken = {"mine": self._mine, "theirs": 1 - self._mine}.get(key)
            for button in group.buttons():
                cell = button.parentWidget()
                assert isinstance(cell, _Cell)
                cell.choosing(on=key == "merge", taken=taken is None or group.id(button) == taken)
        self._words.setText(
            {
                "mine": tr("The other side is put away; it stays in the history."),
                "theirs": tr("The other side is put away; it stays in the history."),
                "merge": tr("Choose for each line whose value holds."),
                "both": tr("Both sessions count, though they share time."),
            }[key]
        )


class _Cell(QFrame):
    """One side's value of one field: chosen with the whole side, or by itself."""

    def __init__(self, told: str, spoken: str, color: str) -> None:
        super().__init__()
        styled(self, role="sunken")
        grid = QGridLayout(self)
        grid.setContentsMargins(8, 6, 8, 6)
        self.radio = QRadioButton(self)
        self.radio.setAccessibleName(spoken)
        self._words = label(told, wrap=True)
        self._words.setBuddy(self.radio)
        grid.addWidget(self.radio, 0, 0, Qt.AlignmentFlag.AlignTop)
        if color:
            grid.addWidget(_swatch(color), 0, 1, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self._words, 0, 2)
        grid.setColumnStretch(2, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def choosing(self, *, on: bool, taken: bool) -> None:
        """`on`: the person takes field by field; else this side is `taken` as a whole, or not."""
        self.radio.setVisible(on)
        self._words.setEnabled(taken)
        styled(self, role="sunken", kind="taken" if taken and not on else "")


def _swatch(color: str) -> QLabel:
    made = QLabel()
    pixmap = QPixmap(_SWATCH, _SWATCH)
    pixmap.fill(QColor(color))
    made.setPixmap(pixmap)
    return made
