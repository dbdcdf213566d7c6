"""What is stored of one application, and what can be done about it."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.analytics.labels import By
from app.analytics.recorded import RecordedTitle, Stored
from app.durations import told
from app.ui.charts.legend import Flow
from app.ui.labelled import name_of
from app.ui.theme.icons import Icons
from app.ui.widgets.buttons import button
from app.ui.widgets.card import Card
from app.ui.widgets.labels import DurationLabel, ElidedLabel, label, separator
from app.ui.widgets.page_body import scrolling
from app.ui.words import number, tr

MOST_TITLES = 30


class Detail(Card):
    """`exclude(bool)`: from here on, or (True) from history as well. `title_rule(str)`: for such a title."""

    exclude = pyqtSignal(bool)
    title_rule = pyqtSignal(str)

    def __init__(self, icons: Icons) -> None:
        super().__init__(tr("Nothing chosen"))
        self._icons = icons
        self._facts = label("", "muted", wrap=True)
        self._titles, self._area = scrolling(margin=0)
        self._titles.setSpacing(2)
        self._excluded = label(tr("Not recorded any more"), "pill", kind="success")
        self._stop = button(
            icons, tr("Never record it again"), lambda: self.exclude.emit(False), icon="eye-off"
        )
        self._erase = button(
            icons, tr("Also erase what was recorded…"), lambda: self.exclude.emit(True), icon="trash-2",
            kind="danger",
        )  # fmt: skip
        buttons = QWidget()
        actions = Flow(buttons, gap=8)
        for widget in (self._stop, self._erase):
            actions.addWidget(widget)
        self.head.addWidget(self._excluded)
        self.body.addWidget(self._facts)
        self.body.addWidget(buttons)
        self.body.addWidget(separator())
        self._heading = label(tr("Titles"), "overline")
        self.body.addWidget(self._heading)
        self.body.addWidget(self._area, 1)
        self.forget()

    def forget(self) -> None:
        """Nothing is chosen."""
        self.title.setText(tr("Nothing chosen"))
        self._facts.setText(tr("Choose an application to see what is stored of it."))
        self._clear()
        for widget in (self._stop, self._erase, self._excluded, self._heading):
            widget.hide()

    def show_application(self, stored: Stored, *, excluded: bool, locked: bool) -> None:
        """Show this one; `excluded`: it is not recorded any more; `locked`: titles cannot be opened."""
        self.title.setText(name_of(stored.label, By.APPLICATION))
        self._facts.setText(_facts(stored))
        named = bool(stored.label.id)
        self._stop.setVisible(named and not excluded)
        self._erase.setVisible(named)
        self._excluded.setVisible(excluded)
        self._clear()
        self._heading.setText(tr("Titles, those with most time first"))
        self._heading.setVisible(bool(stored.by_title))
        if locked and stored.titles:
            self._titles.addWidget(label(tr("The titles are locked."), "muted"))
            return
        for title in stored.by_title[:MOST_TITLES]:
            self._titles.addWidget(self._line(title))
        self._titles.addStretch(1)

    def _line(self, title: RecordedTitle) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 4, 0)
        row.setSpacing(8)
        words = title.title or tr("Cannot be opened")
        row.addWidget(ElidedLabel(words), 1)
        row.addWidget(DurationLabel(title.active_ms / 1000, "muted", seconds_too=True))
        if title.title:
            rule = QPushButton(tr("Hide…"))
            rule.setProperty("kind", "link")
            rule.setAccessibleName(tr("Hide titles like this one"))
            rule.setToolTip(tr("Hide titles like this one"))
            rule.clicked.connect(lambda: self.title_rule.emit(title.title or ""))
            row.addWidget(rule)
        return made

    def _clear(self) -> None:
        while (taken := self._titles.takeAt(0)) is not None:
            widget = taken.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()


def _facts(stored: Stored) -> str:
    facts = [
        tr("{time} in {count} activities", time=told(stored.active_ms / 1000), count=number(stored.spans)),
        tr("{count} different titles", count=number(stored.titles)) if stored.titles else tr("no titles"),
    ]
    if stored.with_url:
        facts.append(tr("{count} with a web address", count=number(stored.with_url)))
    if stored.with_path:
        facts.append(tr("{count} with a file", count=number(stored.with_path)))
    if stored.with_note:
        facts.append(tr("{count} with a note", count=number(stored.with_note)))
    return " · ".join(facts)
