"""A dialog that asks something of the service: what was typed is sent by a command, and an error told in
place.

It can be given up at any time. What is secret is wiped from the fields as soon as it was handed over, or the
dialog is closed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QHideEvent, QResizeEvent
from PyQt6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from app.errors import DevPulseError
from app.ui.said import said
from app.ui.services import Services
from app.ui.sync.program import Running
from app.ui.theme.stylesheet import styled
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.labels import label
from app.ui.words import tr

_WIDTH = 500


class WorkDialog(Dialog):
    """`work(…)` runs a command and keeps the person from typing meanwhile."""

    def __init__(
        self,
        services: Services,
        parent: QWidget,
        title: str,
        *,
        accept: str,
        words: str = "",
        danger: bool = False,
        width: int = _WIDTH,
    ) -> None:
        super().__init__(
            parent.window() or parent, title, accept=accept, words=words, danger=danger, width=width
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._services = services
        self._running: Running | None = None
        self._secrets: list[QLineEdit | QPlainTextEdit] = []
        self._fields = QWidget()
        self.fields = QVBoxLayout(self._fields)
        self.fields.setContentsMargins(0, 0, 0, 0)
        self.fields.setSpacing(12)
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("Progress"))
        policy = self._bar.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._bar.setSizePolicy(policy)
        self._told = Prose("", "muted")
        self._told.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self._fields)
        self.body.addWidget(self._bar)
        # It has its room from the beginning: the dialog does not grow under the person's hands.
        room = QWidget()
        room.setMinimumHeight(3 * self._told.fontMetrics().lineSpacing())
        inner = QVBoxLayout(room)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self._told)
        inner.addStretch(1)
        self.body.addWidget(room)
        self.body.addStretch(1)
        self._bar.hide()

    @property
    def busy(self) -> bool:
        """Whether a command runs now."""
        return self._running is not None

    def field(self, title: str, widget: QWidget, hint: str = "") -> QWidget:
        """Put a named field below those before; returns the whole row."""
        row = QWidget()
        column = QVBoxLayout(row)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        named = label(title, "caption")
        named.setBuddy(widget)
        widget.setAccessibleName(title)
        column.addWidget(named)
        column.addWidget(widget)
        if hint:
            widget.setAccessibleDescription(hint)
            column.addWidget(Prose(hint, "caption"))
        self.fields.addWidget(row)
        return row

    def line(self, text: str = "", hint: str = "") -> QLineEdit:
        """A field of one line. `hint` stands in it while it is empty."""
        made = QLineEdit(text)
        made.setPlaceholderText(hint)
        made.textChanged.connect(self._typed)
        return made

    def secret_line(self) -> QLineEdit:
        """A field whose content is not shown, and wiped."""
        made = self.line()
        made.setEchoMode(QLineEdit.EchoMode.Password)
        self._secrets.append(made)
        return made

    def keep_secret(self, field: QLineEdit | QPlainTextEdit) -> None:
        """Wipe this one, too, though it is shown while it is typed."""
        self._secrets.append(field)

    def check(self) -> None:
        """Enable the button, or not, by what was typed."""
        self.accept_button.setEnabled(not self.busy and self.complete())

    def complete(self) -> bool:
        """Whether all that is needed was typed."""
        return True

    def work(
        self,
        words: Sequence[str],
        secrets: Mapping[str, str] | None,
        then: Callable[[dict[str, Any]], object],
        *,
        told: str,
        each: Callable[[dict[str, Any]], object] | None = None,
    ) -> None:
        """Run `devpulse WORDS`; `then(answer)`. `told`: what is said meanwhile; `each`: what it says
        before."""
        self._say(told)
        self._fields.setEnabled(False)
        self._bar.show()
        running = self._running = self._services.sync.program.run(words, secrets)
        self.check()

        def finished(answer: dict[str, Any]) -> None:
            self._over()
            then(answer)

        if each is not None:
            running.told.connect(each)
        running.finished.connect(finished)
        running.failed.connect(self.refused)

    def refused(self, error: DevPulseError) -> None:
        """Tell the error, and let the person try again."""
        self._over()
        words = " ".join(said(part) for part in (error.title, error.detail, error.advice) if part)
        self._say(words, danger=True)

    def wipe(self) -> None:
        """Empty the secret fields. (`clear()` could be undone.)"""
        for field in self._secrets:
            if isinstance(field, QLineEdit):
                field.setText("")
            else:
                field.setPlainText("")

    def reject(self) -> None:
        """Close; a command that runs is ended, and what it did until then is looked at."""
        running, self._running = self._running, None
        if running is not None:
            running.cancel()
            self._services.sync.look_again()
        super().reject()

    def hideEvent(self, event: QHideEvent | None) -> None:
        self.wipe()
        super().hideEvent(event)

    def _typed(self, _: str) -> None:
        self.check()

    def _over(self) -> None:
        self._running = None
        self._bar.hide()
        self._say("")
        self._fields.setEnabled(True)
        self.check()

    def _say(self, words: str, *, danger: bool = False) -> None:
        styled(self._told, role="danger" if danger else "muted")
        self._told.setText(words)


class Prose(QLabel):
    """A paragraph that is never squeezed: layouts within layouts ask too early how high it is at its
    width."""

    def __init__(self, text: str, role: str = "muted") -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        styled(self, role=role)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self.setMinimumHeight(max(0, self.heightForWidth(self.width())))
