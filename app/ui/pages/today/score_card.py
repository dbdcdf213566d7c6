"""The focus score with its three parts, each as a bar of its points."""

from __future__ import annotations

from PyQt6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.analytics.attention import FocusScore, Part
from app.ui.explained import explanation
from app.ui.pages.today.figures import part_words, score_word
from app.ui.services import Services
from app.ui.theme.palette import tabular
from app.ui.theme.stylesheet import styled
from app.ui.widgets.card import Card
from app.ui.widgets.info import InfoButton
from app.ui.widgets.labels import label
from app.ui.widgets.meter import Meter
from app.ui.words import tr


class ScoreCard(Card):
    """Empty below an hour of active time."""

    def __init__(self, services: Services) -> None:
        told = explanation("score")
        super().__init__(told.title, beside=InfoButton(services.icons, told.title, told.words))
        self._services = services
        self._number = styled(QLabel(), role="display")
        self._number.setFont(tabular(self._number.font()))
        self._word = label("", "muted")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._number)
        head.addWidget(self._word)
        head.addStretch(1)
        self._head = QWidget()
        self._head.setLayout(head)
        head.setContentsMargins(0, 0, 0, 0)
        self._parts = [_PartRow(services) for _ in range(3)]
        self._nothing = label(
            tr("The score appears after an hour of active time: how deep, how calm, how whole it was."),
            "muted",
            wrap=True,
        )
        self.body.addWidget(self._head)
        for row in self._parts:
            self.body.addWidget(row)
        self.body.addWidget(self._nothing)
        self.body.addStretch(1)
        self.show_score(None)

    def show_score(self, score: FocusScore | None) -> None:
        """Show this one."""
        self._nothing.setVisible(score is None)
        self._head.setVisible(score is not None)
        for row in self._parts:
            row.setVisible(score is not None)
        if score is None:
            return
        self._number.setText(str(score.value))
        self._word.setText(tr("of 100 · {word}", word=score_word(score.value)))
        for row, part in zip(self._parts, score.parts, strict=True):
            row.tell(part)


class _PartRow(QWidget):
    def __init__(self, services: Services) -> None:
        super().__init__()
        self._name, self._points = label("", ""), label("", "muted")
        self._points.setFont(tabular(self._points.font()))
        self._meter = Meter(services.theme)
        self._made_of = label("", "caption", wrap=True)
        head = QHBoxLayout()
        head.addWidget(self._name)
        head.addStretch(1)
        head.addWidget(self._points)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._meter)
        column.addWidget(self._made_of)

    def tell(self, part: Part) -> None:
        """Show this part."""
        title, made_of = part_words(part)
        points = tr("{points} of {most}", points=f"{part.points:.0f}", most=part.most)
        self._name.setText(title)
        self._points.setText(points)
        self._made_of.setText(made_of)
        self._meter.tell(part.points / part.most, name=title, words=points)
