"""Where two machines changed the same: what asks the person, and the history with its undo."""

from __future__ import annotations

import json
from functools import partial

from PyQt6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.errors import DevPulseError
from app.ui.background import Done, Progress
from app.ui.freshness import EVERYTHING
from app.ui.services import Services
from app.ui.shell.times import local_now
from app.ui.sync.conflict_dialog import ConflictDialog, Decision
from app.ui.sync.facts import Conflict, conflicts_of
from app.ui.sync.program import Program, Running
from app.ui.sync.told import ago, decision_words, field_name, side_name, thing
from app.ui.theme.stylesheet import styled
from app.ui.widgets.buttons import button
from app.ui.widgets.card import Card
from app.ui.widgets.info import InfoButton
from app.ui.widgets.labels import ElidedLabel, label, separator
from app.ui.words import tr

_MOST, _MOST_FIELDS = 6, 4


class ConflictsCard(Card):
    def __init__(self, services: Services) -> None:
        title = tr("Conflicts")
        super().__init__(title, beside=InfoButton(services.icons, title, _about_words()))
        self._services = services
        self._running: Running | None = None
        self._conflicts: tuple[Conflict, ...] = ()
        self._all = False
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self.body.addLayout(self._list)
        self._more = styled(QPushButton(tr("Show all")), kind="link")
        self._more.clicked.connect(self._show_all)
        foot = QHBoxLayout()
        foot.addWidget(self._more)
        foot.addStretch(1)
        self.body.addLayout(foot)
        self._more.hide()
        self._show()

    def ask(self) -> None:
        """Have the list told anew; what was shown stays meanwhile."""
        if self._running is not None or not self._services.sync.signed_in:
            return
        running = self._running = self._services.sync.program.run(("conflicts", "list"))
        running.finished.connect(self._heard)
        running.failed.connect(self._failed)

    def forget(self) -> None:
        """Want no answer."""
        running, self._running = self._running, None
        if running is not None:
            running.cancel()

    def open_first(self) -> None:
        """Open the dialog of the first that asks."""
        first = next((conflict for conflict in self._conflicts if conflict.asks), None)
        if first is not None:
            self._open(first)

    def _heard(self, told: dict[str, object]) -> None:
        self._running = None
        found = conflicts_of(told)
        if found != self._conflicts:
            self._conflicts = found
            self._show()

    def _failed(self, _: DevPulseError) -> None:
        # The card above tells what is wrong.
        self._running = None

    def _show_all(self) -> None:
        self._all = True
        self._show()

    def _show(self) -> None:
        while (taken := self._list.takeAt(0)) is not None:
            widget = taken.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        asking = [conflict for conflict in self._conflicts if conflict.asks]
        past = [conflict for conflict in self._conflicts if not conflict.asks]
        if not asking:
            words = tr("None of them waits for you.") if past else tr("There were none.")
            self._list.addWidget(label(words, "muted", wrap=True))
        for place, conflict in enumerate(asking):
            if place:
                self._list.addWidget(separator())
            self._list.addWidget(self._row(conflict))
        shown = past if self._all else past[: max(0, _MOST - len(asking))]
        if shown:
            self._list.addSpacing(12)
            self._list.addWidget(label(tr("History"), "caption"))
        for place, conflict in enumerate(shown):
            if place:
                self._list.addWidget(separator())
            self._list.addWidget(self._row(conflict))
        self._more.setVisible(len(shown) < len(past))

    def _row(self, conflict: Conflict) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 8, 0, 8)
        row.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(2)
        title = thing(conflict)
        words.addWidget(ElidedLabel(title, "strong"))
        words.addWidget(ElidedLabel(self._about(conflict), "caption"))
        row.addLayout(words, 1)
        icons = self._services.icons
        if conflict.asks:
            choose = button(icons, tr("Choose…"), partial(self._open, conflict), kind="primary")
            choose.setAccessibleName(tr("Choose for {thing}", thing=title))
            row.addWidget(choose)
            return made
        if conflict.choice:
            undo = button(icons, tr("Undo"), partial(self._undo, conflict), icon="undo-2", kind="ghost")
            undo.setAccessibleName(tr("Undo the choice for {thing}", thing=title))
            row.addWidget(undo)
        change = button(icons, tr("Look…"), partial(self._open, conflict), kind="ghost")
        change.setAccessibleName(tr("Look at {thing}", thing=title))
        row.addWidget(change)
        return made

    def _about(self, conflict: Conflict) -> str:
        machines = [side_name(conflict, side) for side in (0, 1)]
        when = ago(conflict.at_ms, local_now(self._services.clock))
        if not conflict.asks:
            return " · ".join((decision_words(conflict), when))
        if conflict.whole:
            about = tr("{one} and {other}", one=machines[0], other=machines[1])
        else:
            fields = ", ".join(field_name(field) for field in conflict.fields[:_MOST_FIELDS])
            about = tr("{fields}: {one} and {other}", fields=fields, one=machines[0], other=machines[1])
        return f"{about} · {when}"

    def _open(self, conflict: Conflict) -> None:
        ConflictDialog(self._services, self, conflict, partial(self._decide, conflict)).open()

    def _decide(self, conflict: Conflict, decision: Decision) -> None:
        program, told = self._services.sync.program, tr("Chosen for {thing}", thing=thing(conflict))
        self._services.changes.run(lambda _: resolved(program, conflict, decision, told), then=self._decided)

    def _undo(self, conflict: Conflict) -> None:
        program, told = (
            self._services.sync.program,
            tr("Choice taken back for {thing}", thing=thing(conflict)),
        )

        def work(_: Progress) -> Done:
            program.call(("conflicts", "undo", conflict.id))
            return Done(EVERYTHING, told)

        self._services.changes.run(work, then=self._decided)

    def _decided(self, _: Done) -> None:
        self.ask()
        self._services.sync.ask_status()


def resolved(program: Program, conflict: Conflict, decision: Decision, told: str) -> Done:
    """Let the decision hold; undone by taking it back. Not for the GUI thread."""
    words = ("conflicts", "resolve", conflict.id)
    if decision.take == "merge":
        program.call(words, {"merge": json.dumps(dict(decision.merge))})
    else:
        program.call((*words, "--take", decision.take))

    def undo() -> Done:
        program.call(("conflicts", "undo", conflict.id))
        return Done(EVERYTHING, undo=lambda: resolved(program, conflict, decision, told))

    return Done(EVERYTHING, told, undo=undo)


def _about_words() -> str:
    return tr(
        "A conflict is where two machines changed the same before they had heard of each other. Hours that "
        "were recorded cannot conflict.\n\n"
        "Nothing waits for you meanwhile: the later change holds until you choose, both sides are kept, and "
        "a choice can be taken back."
    )
