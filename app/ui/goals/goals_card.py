"""Goals with their progress, and adding, changing and removing them."""

from __future__ import annotations

from collections.abc import Sequence

from app.analytics.today import GoalView
from app.ui.background import BackgroundQuery
from app.ui.goals.goal_dialog import GoalDialog, Wanted
from app.ui.goals.goal_row import GoalRow
from app.ui.services import Services
from app.ui.widgets.buttons import button
from app.ui.widgets.card import Card
from app.ui.widgets.labels import label
from app.ui.words import tr


class GoalsCard(Card):
    """`about`: a project's id when only its goals are shown here."""

    def __init__(
        self, services: Services, *, title: str = "", empty: str = "", about: int | None = None
    ) -> None:
        add = button(services.icons, tr("Add"), self.add, icon="plus", kind="ghost")
        add.setAccessibleName(tr("Add a goal"))
        super().__init__(title or tr("Goals"), beside=add)
        self._services = services
        self._about = about
        self._names = BackgroundQuery(services.background, self)
        self._rows: list[GoalRow] = []
        self._shown: tuple[GoalView, ...] | None = None
        self._nothing = label(
            empty or tr("Set how much time something should take: a project, focus, or video at most."),
            "muted",
            wrap=True,
        )
        self.body.addWidget(self._nothing)
        self.body.addStretch(1)

    def show_goals(self, goals: Sequence[GoalView]) -> None:
        """Show these."""
        if self._shown == tuple(goals):
            return
        self._shown = tuple(goals)
        for row in self._rows:
            self.body.removeWidget(row)
            row.deleteLater()
        self._rows = [GoalRow(self._services, view, change=self.change, remove=self.remove) for view in goals]
        for place, row in enumerate(self._rows):
            self.body.insertWidget(place, row)
        self._nothing.setVisible(not self._rows)

    def add(self) -> None:
        """Ask for a new goal."""
        self._open(None)

    def change(self, view: GoalView) -> None:
        """Ask what should be different about a goal."""
        self._open(view)

    def remove(self, view: GoalView) -> None:
        """Remove a goal."""
        goal = view.progress.goal
        self._services.edits.run(lambda editing: editing.goals.delete(goal.id))

    def _open(self, view: GoalView | None) -> None:
        library = self._services.library
        self._names.ask(
            lambda: library.questions.names(),
            lambda names: self._ask(GoalDialog(self, names, view, about=self._about), view),
        )

    def _ask(self, dialog: GoalDialog, view: GoalView | None) -> None:
        dialog.accepted.connect(lambda: self._take(dialog.wanted(), view))
        dialog.open()

    def _take(self, wanted: Wanted, view: GoalView | None) -> None:
        if view is None:
            self._services.edits.run(lambda editing: editing.goals.add(wanted.goal())[1])
            return
        goal = wanted.goal(view.progress.goal)
        self._services.edits.run(lambda editing: editing.goals.change(goal))
