"""The editor for lists: applications, folders, numbers. Each item can be taken away; one field adds."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.ui.charts.legend import Flow
from app.ui.theme.icons import Icons
from app.ui.theme.stylesheet import styled
from app.ui.widgets.buttons import button
from app.ui.widgets.labels import label
from app.ui.words import tr


class ListEditor(QWidget):
    """`changed(list)` with the whole new list. `hint`: in the empty field; `check(text)`: the reason against
    a new line, "" for none."""

    changed = pyqtSignal(list)

    def __init__(
        self,
        icons: Icons,
        *,
        name: str,
        hint: str,
        check: Callable[[str], str] = lambda _: "",
        folders: bool = False,
    ) -> None:
        super().__init__()
        self._icons, self._check = icons, check
        self._items: list[str] = []
        self._shown = QWidget()
        self._flow = Flow(self._shown)
        self._field = QLineEdit()
        self._field.setPlaceholderText(hint)
        self._field.setAccessibleName(tr("Add to {list}", list=name))
        self._field.setMaximumWidth(320)
        self._field.returnPressed.connect(self._add)
        self._field.textEdited.connect(lambda _: self._refuse(""))
        self._reason = label("", "danger", wrap=True)
        self._reason.hide()
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._field, 1)
        row.addWidget(button(icons, tr("Add"), self._add, icon="plus"))
        if folders:
            row.addWidget(button(icons, tr("Choose a folder…"), self._choose_folder, icon="folder-open"))
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._shown)
        column.addLayout(row)
        column.addWidget(self._reason)

    def setFocus(self, *_: object) -> None:
        """The keyboard goes to the field."""
        self._field.setFocus()

    def show_items(self, items: Sequence[str]) -> None:
        """Show this list, without `changed`."""
        self._items = [str(item) for item in items]
        while (taken := self._flow.takeAt(0)) is not None:
            widget = taken.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for place, item in enumerate(self._items):
            self._flow.addWidget(self._chip(place, item))
        self._shown.setVisible(bool(self._items))

    def _chip(self, place: int, item: str) -> QWidget:
        chip = styled(QPushButton(item), kind="chip")
        chip.setIcon(self._icons.icon("x", "text_muted"))
        chip.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        chip.setAccessibleName(tr("Take away {item}", item=item))
        chip.setToolTip(tr("Take away {item}", item=item))
        chip.clicked.connect(lambda: self._take_away(place))
        return chip

    def _take_away(self, place: int) -> None:
        self.changed.emit([item for n, item in enumerate(self._items) if n != place])

    def _add(self) -> None:
        text = self._field.text().strip()
        if not text:
            return
        reason = tr("It is on the list already.") if text in self._items else self._check(text)
        self._refuse(reason)
        if not reason:
            self._field.clear()
            self.changed.emit([*self._items, text])

    def _refuse(self, reason: str) -> None:
        self._reason.setText(reason)
        self._reason.setVisible(bool(reason))
        styled(self._field, invalid="true" if reason else "false")

    def _choose_folder(self) -> None:
        dialog = QFileDialog(self, tr("Choose a folder"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self._chosen)
        dialog.open()

    def _chosen(self, folder: str) -> None:
        self._field.setText(folder)
        self._add()


def numbers_reason(low: int, high: int) -> Callable[[str], str]:
    """A check for whole numbers between two bounds."""

    def check(text: str) -> str:
        if text.isdecimal() and len(text) < 10 and low <= int(text) <= high:
            return ""
        return tr("A whole number from {low} to {high}.", low=low, high=high)

    return check
