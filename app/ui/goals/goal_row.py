"""One goal with its progress, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.analytics.today import GoalView
from app.durations import told_in_minutes
from app.ui.goals.wording import aim_words, standing_color, standing_words, subject_words
from app.ui.services import Services
from app.ui.widgets.buttons import icon_button
from app.ui.widgets.labels import ElidedLabel, label
from app.ui.widgets.meter import Meter
from app.ui.words import tr


class GoalRow(QWidget):
    """`change` and `remove` are called with the goal's view."""

    def __init__(
        self,
        services: Services,
        view: GoalView,
        *,
        change: Callable[[GoalView], None],
        remove: Callable[[GoalView], None],
    ) -> None:
        super().__init__()
        progress = view.progress
        about = subject_words(progress.goal.subject, view.label)
        aim = aim_words(progress.goal)
        done = told_in_minutes(progress.done_ms / 1000)
        title = ElidedLabel(about)
        more = icon_button(
            services.icons, "ellipsis", tr("Goal: {goal}", goal=f"{about}, {aim}"), lambda: None
        )
        menu = QMenu(more)
        menu.addAction(services.icons.icon("pencil"), tr("Change…"), lambda: change(view))
        menu.addAction(services.icons.icon("trash-2"), tr("Remove"), lambda: remove(view))
        more.setMenu(menu)
        more.setPopupMode(more.ToolButtonPopupMode.InstantPopup)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(title, 1)
        if view.counts:
            head.addWidget(label(standing_words(progress), _role(standing_color(progress))))
        else:
            head.addWidget(label(tr("Not today"), "muted"))
        head.addWidget(more)
        meter = Meter(services.theme)
        meter.tell(progress.part, name=about, words=f"{done}, {aim}", color=standing_color(progress))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(meter)
        column.addSpacing(2)
        column.addWidget(label(tr("{done} · {aim}", done=done, aim=aim), "caption"))


def _role(color: str) -> str:
    return {"success": "success", "warning": "warning", "danger": "danger"}.get(color, "muted")
