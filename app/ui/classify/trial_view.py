"""What a rule would fit: the sentence, and the activities with most time as examples."""

from __future__ import annotations

from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.analytics.labels import By
from app.analytics.matching import Example, Matches
from app.durations import told
from app.ui.classify.trial import Refused, Trial, told_words
from app.ui.labelled import name_of
from app.ui.theme.palette import tabular
from app.ui.theme.stylesheet import styled
from app.ui.widgets.labels import ElidedLabel, label
from app.ui.words import name

_MOST = 4


class TrialView(QWidget):
    """Follows a trial."""

    def __init__(self, trial: Trial) -> None:
        super().__init__()
        self._words = label("", "strong", wrap=True)
        self._examples = QVBoxLayout()
        self._examples.setSpacing(2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._words)
        column.addLayout(self._examples)
        trial.told.connect(self._show)

    def _show(self, answer: Matches | Refused | None) -> None:
        words = told_words(answer)
        self._words.setText(words)
        self._words.setAccessibleName(words)
        styled(self._words, role="danger" if isinstance(answer, Refused) else "strong")
        if answer is None:
            return
        while (item := self._examples.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        if isinstance(answer, Matches):
            for example in answer.examples[:_MOST]:
                self._examples.addWidget(_Row(example))


class _Row(QWidget):
    def __init__(self, example: Example) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        application = name_of(example.application, By.APPLICATION)
        words = f"{application} · {name(example.title, 160)}" if example.title else application
        length = label(told(example.active_ms / 1000), "muted")
        length.setFont(tabular(length.font()))
        row.addWidget(ElidedLabel(words, "muted"), 1)
        row.addWidget(length)
