"""Changes a person makes in a window: run in the background, told in a toast, undone with Ctrl+Z.

What was undone is done again with Ctrl+Shift+Z, until something else is changed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from app.errors import AgentNotRunning, DevPulseError
from app.ui.background import Background, BackgroundCommand, Done, Progress
from app.ui.freshness import Freshness, Topic
from app.ui.live import Agent
from app.ui.words import tr

_MOST_UNDOABLE = 100
# What the agent holds in memory and must read anew.
_AGENT_READS = frozenset({Topic.PROJECTS, Topic.RULES, Topic.CATEGORIES, Topic.SETTINGS})

# A file of its own holds these.
_WITHOUT_AGENT = frozenset({Topic.SETTINGS})


class Changes(QObject):
    """The one way a page changes anything.

    `made(frozenset)`: what kinds of data were changed. `told(str, bool)`: a sentence for the person, and
    whether it can be undone. `failed(DevPulseError)`.
    `running(BackgroundCommand | None)`: a change with progress is under way, or no more.
    """

    made = pyqtSignal(object)
    told = pyqtSignal(str, bool)
    failed = pyqtSignal(object)
    running = pyqtSignal(object)
    undoable_changed = pyqtSignal(bool)

    def __init__(
        self, background: Background, freshness: Freshness, agent: Agent, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._background = background
        self._freshness = freshness
        self._agent = agent
        self._undo: list[Done] = []
        self._redo: list[Done] = []

    @property
    def undoable(self) -> bool:
        return bool(self._undo)

    @property
    def redoable(self) -> bool:
        return bool(self._redo)

    def run(
        self,
        work: Callable[[Progress], Done],
        *,
        then: Callable[[Done], None] | None = None,
        failed: Callable[[DevPulseError], None] | None = None,
        long: bool = False,
        without_agent: bool = False,
    ) -> BackgroundCommand | None:
        """Change something off the GUI thread; `work` returns what changed and how to undo it.

        `long`: the window shows its progress, with a button to cancel. Without `failed` an error is shown
        as a toast. While no agent runs nothing is changed, but for what needs none (`without_agent`).
        """

        def keep(done: Done) -> bool:
            self._redo.clear()
            if done.undo is not None:
                self._undo.append(done)
                del self._undo[:-_MOST_UNDOABLE]
            return done.undo is not None

        return self._start(work, keep, then=then, failed=failed, long=long, without_agent=without_agent)

    def undo(self) -> None:
        """Take the last change back."""
        self._replay(self._undo, self._redo, lambda what: tr("Undone: {what}", what=what), tr("Undone"))

    def redo(self) -> None:
        """Do again what was taken back last."""
        self._replay(self._redo, self._undo, lambda what: tr("Redone: {what}", what=what), tr("Redone"))

    def _replay(
        self, source: list[Done], target: list[Done], telling: Callable[[str], str], short: str
    ) -> None:
        if not source:
            return
        last = source.pop()
        self.undoable_changed.emit(self.undoable)

        def work(_: Progress) -> Done:
            assert last.undo is not None
            again = last.undo()
            changed = last.changed if again is None else again.changed | last.changed
            back = None if again is None else again.undo
            return Done(changed, telling(last.told) if last.told else short, undo=back)

        def keep(done: Done) -> bool:
            if done.undo is not None:
                target.append(replace(done, told=last.told))
            # The toast's button takes back, and would take back another change.
            return target is self._undo and done.undo is not None

        self._start(work, keep, without_agent=last.changed <= _WITHOUT_AGENT)

    def _start(
        self,
        work: Callable[[Progress], Done],
        keep: Callable[[Done], bool],
        *,
        then: Callable[[Done], None] | None = None,
        failed: Callable[[DevPulseError], None] | None = None,
        long: bool = False,
        without_agent: bool = False,
    ) -> BackgroundCommand | None:
        """`keep`: remembers what was done, and says whether its toast offers to take it back."""
        if not without_agent and not self._agent.present:
            refuse = failed or self.failed.emit
            QTimer.singleShot(0, lambda: refuse(_read_only()))
            return None
        command = BackgroundCommand(self._background, work, self)

        def finished(done: Done) -> None:
            self._over(command, long=long)
            self._done(done, undoable=keep(done))
            if then is not None:
                then(done)

        def refused(error: DevPulseError) -> None:
            self._over(command, long=long)
            (failed or self.failed.emit)(error)

        command.finished.connect(finished)
        command.failed.connect(refused)
        command.cancelled.connect(lambda: self._over(command, long=long))
        if long:
            self.running.emit(command)
        command.start()
        return command

    def _done(self, done: Done, *, undoable: bool) -> None:
        self.undoable_changed.emit(self.undoable)
        if done.changed & _AGENT_READS and self._agent.present:
            self._agent.request("reload")
        if done.changed:
            self._freshness.tell(done.changed)
            self.made.emit(done.changed)
        if done.told:
            self.told.emit(done.told, undoable)

    def _over(self, command: BackgroundCommand, *, long: bool) -> None:
        if long:
            self.running.emit(None)
        command.deleteLater()


def _read_only() -> AgentNotRunning:
    return AgentNotRunning(
        tr("Nothing can be changed while DevPulse is not running."),
        detail=tr("What was recorded is safe, and can be looked at."),
        advice=tr("Start it from the notice at the top of the window."),
    )
