"""Where activities dragged from the table are let go: the categories, beside it while the drag lasts."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from app.ui.background import BackgroundQuery
from app.ui.classify.drop_tree import DropTree
from app.ui.services import Services
from app.ui.widgets.labels import label
from app.ui.words import tr

_ROW = 26


class DropTarget(QWidget):
    """`dropped(ids, category_id)`."""

    dropped = pyqtSignal(object, int)

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._query = BackgroundQuery(services.background, self)
        self.tree = DropTree(services, row=_ROW)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(label(tr("Give it a category"), "strong"))
        column.addWidget(label(tr("Let go over the one it belongs to."), "caption", wrap=True))
        column.addWidget(self.tree, 1)
        self.tree.dropped.connect(self.dropped)

    def refresh(self) -> None:
        """Show the categories there are now; those known already are there at once."""
        questions = self._services.questions
        self._query.ask(
            lambda: questions.rulebook().categories, self.tree.show_categories, key=("categories",)
        )
