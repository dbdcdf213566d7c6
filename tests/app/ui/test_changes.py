from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.errors import AgentNotRunning, DevPulseError, StorageBusy
from app.ui.background import Background, Done, Progress
from app.ui.changes import Changes
from app.ui.freshness import Freshness, Topic
from tests.fakes.agent import FakeAgent

ACTIVITY = frozenset({Topic.ACTIVITY})


class Made:
    def __init__(self) -> None:
        self.freshness = Freshness(lambda: (1, 1))
        self.background = Background(lambda: self.freshness.revision)
        self.agent = FakeAgent()
        self.changes = Changes(self.background, self.freshness, self.agent)
        self.value = 0
        self.changed: list[frozenset[Topic]] = []
        self.freshness.changed.connect(self.changed.append)

    def add(self, number: int, changed: frozenset[Topic] = ACTIVITY) -> None:
        def work(_: Progress) -> Done:
            self.value += number
            return Done(changed, f"{number} added", undo=lambda: self.take(number))

        self.changes.run(work)

    def take(self, number: int) -> None:
        self.value -= number


@pytest.fixture
def made(qtbot: QtBot) -> Iterator[Made]:
    made = Made()
    yield made
    made.background.close()


def test_what_was_changed_last_is_undone_first(made: Made, qtbot: QtBot) -> None:
    made.add(1)
    made.add(10)
    qtbot.waitUntil(lambda: made.background.idle)
    assert made.value == 11
    made.changes.undo()
    qtbot.waitUntil(lambda: made.background.idle)
    assert made.value == 1
    made.changes.undo()
    made.changes.undo()
    qtbot.waitUntil(lambda: made.background.idle)
    assert made.value == 0
    assert not made.changes.undoable
    assert made.changed == [ACTIVITY] * 4


def test_the_agent_reads_anew_what_it_holds(made: Made, qtbot: QtBot) -> None:
    made.add(1)
    qtbot.waitUntil(lambda: made.background.idle)
    assert made.agent.asked == []
    made.add(1, frozenset({Topic.RULES}))
    qtbot.waitUntil(lambda: made.background.idle)
    assert made.agent.asked == [("reload", {})]


def test_without_an_agent_nothing_is_changed(made: Made, qtbot: QtBot) -> None:
    made.agent.tell(None)
    with qtbot.waitSignal(made.changes.failed) as told:
        made.add(1)
    assert isinstance(told.args[0], AgentNotRunning)
    assert made.value == 0


def test_a_failure_is_told_once(made: Made, qtbot: QtBot) -> None:
    def work(_: Progress) -> Done:
        raise StorageBusy("The database is in use.")

    with qtbot.waitSignal(made.changes.failed):
        made.changes.run(work)
    errors: list[DevPulseError] = []
    with qtbot.assertNotEmitted(made.changes.failed):
        made.changes.run(work, failed=errors.append)
        qtbot.waitUntil(lambda: bool(errors))
    assert made.changed == []


def test_what_was_undone_is_done_again(made: Made, qtbot: QtBot) -> None:
    def done(number: int) -> Done:
        made.value += number
        return Done(ACTIVITY, f"{number} added", undo=lambda: done(-number))

    told: list[tuple[str, bool]] = []
    made.changes.told.connect(lambda words, undoable: told.append((words, undoable)))

    def step(act: Callable[[], object]) -> int:
        act()
        qtbot.waitUntil(lambda: made.background.idle)
        return made.value

    assert step(lambda: made.changes.run(lambda _: done(1))) == 1
    assert step(lambda: made.changes.run(lambda _: done(10))) == 11
    assert not made.changes.redoable
    assert step(made.changes.redo) == 11
    assert step(made.changes.undo) == 1
    assert step(made.changes.undo) == 0
    assert step(made.changes.redo) == 1
    assert step(made.changes.redo) == 11
    assert step(made.changes.undo) == 1
    assert told == [
        ("1 added", True), ("10 added", True), ("Undone: 10 added", False), ("Undone: 1 added", False),
        ("Redone: 1 added", True), ("Redone: 10 added", True), ("Undone: 10 added", False),
    ]  # fmt: skip
    # Another change ends it.
    assert step(lambda: made.changes.run(lambda _: done(5))) == 6
    assert not made.changes.redoable
    assert step(made.changes.redo) == 6
