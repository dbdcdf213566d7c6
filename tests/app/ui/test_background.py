import threading

import pytest
from pytestqt.qtbot import QtBot

from app.errors import DevPulseError, StorageBusy
from app.ui.background import Background, BackgroundCommand, BackgroundQuery, Done, Progress
from app.ui.freshness import Topic


class Made:
    def __init__(self) -> None:
        self.revision = 1
        self.background = Background(lambda: self.revision)


@pytest.fixture
def made(qtbot: QtBot):
    made = Made()
    yield made
    made.background.close()


def test_an_answer_comes_in_the_gui_thread(made: Made, qtbot: QtBot) -> None:
    query = BackgroundQuery(made.background)
    threads: list[object] = []
    query.ask(threading.get_ident, lambda ident: threads.extend((ident, threading.get_ident())))
    assert query.busy
    qtbot.waitUntil(lambda: len(threads) == 2)
    assert threads[0] != threads[1] == threading.get_ident()
    assert not query.busy


def test_only_the_newest_question_is_answered(made: Made, qtbot: QtBot) -> None:
    query = BackgroundQuery(made.background)
    answers: list[int] = []
    hold = threading.Event()
    query.ask(lambda: hold.wait(5) and 1, lambda _: answers.append(1))
    query.ask(lambda: 2, answers.append)
    qtbot.waitUntil(lambda: answers == [2])
    hold.set()
    qtbot.waitUntil(lambda: made.background.idle)
    assert answers == [2]


def test_a_known_answer_is_given_at_once_until_the_data_changes(made: Made, qtbot: QtBot) -> None:
    query = BackgroundQuery(made.background)
    asked: list[int] = []
    answers: list[str] = []

    def ask() -> None:
        query.ask(lambda: asked.append(1) or "answer", answers.append, key=("day", 1))

    ask()
    qtbot.waitUntil(lambda: answers == ["answer"])
    ask()
    assert answers == ["answer", "answer"]
    assert len(asked) == 1
    made.revision += 1
    ask()
    qtbot.waitUntil(lambda: len(answers) == 3)
    assert len(asked) == 2


def test_an_answer_of_older_data_is_not_kept(made: Made, qtbot: QtBot) -> None:
    query = BackgroundQuery(made.background)
    hold = threading.Event()
    answers: list[object] = []
    query.ask(lambda: hold.wait(5), answers.append, key="k")
    made.revision += 1
    hold.set()
    qtbot.waitUntil(lambda: len(answers) == 1)
    assert made.background.known("k") is None


def test_a_view_that_is_gone_hears_nothing(made: Made, qtbot: QtBot) -> None:
    query = BackgroundQuery(made.background)
    hold = threading.Event()
    answers: list[object] = []
    query.ask(lambda: hold.wait(5), answers.append)
    query.deleteLater()
    qtbot.waitUntil(lambda: not _alive(query))
    hold.set()
    qtbot.waitUntil(lambda: made.background.idle)
    assert answers == []


def _alive(thing: object) -> bool:
    from PyQt6 import sip

    return not sip.isdeleted(thing)


def test_errors_come_as_words(made: Made, qtbot: QtBot) -> None:
    query = BackgroundQuery(made.background)
    errors: list[DevPulseError] = []

    def busy() -> None:
        raise StorageBusy("The database is in use.")

    def fault() -> None:
        raise ZeroDivisionError("a secret title")

    query.ask(busy, print, failed=errors.append)
    qtbot.waitUntil(lambda: len(errors) == 1)
    query.ask(fault, print, failed=errors.append)
    qtbot.waitUntil(lambda: len(errors) == 2)
    assert isinstance(errors[0], StorageBusy)
    assert "ZeroDivisionError" in errors[1].told()
    assert "secret" not in errors[1].told()


def test_changes_run_one_after_the_other(made: Made, qtbot: QtBot) -> None:
    order: list[str] = []
    first = threading.Event()

    def slow(_: Progress) -> Done:
        first.wait(5)
        order.append("first")
        return Done(frozenset())

    def quick(_: Progress) -> Done:
        order.append("second")
        return Done(frozenset({Topic.RULES}))

    commands = [BackgroundCommand(made.background, slow), BackgroundCommand(made.background, quick)]
    for command in commands:
        command.start()
    with qtbot.waitSignal(commands[1].finished) as told:
        first.set()
    assert order == ["first", "second"]
    assert told.args[0].changed == {Topic.RULES}


def test_a_change_tells_its_progress_and_can_be_cancelled(made: Made, qtbot: QtBot) -> None:
    going = threading.Event()

    def work(progress: Progress) -> Done:
        progress.tell(0.5, "half")
        going.wait(5)
        progress.tell(0.9)
        return Done(frozenset())

    command = BackgroundCommand(made.background, work)
    with qtbot.waitSignal(command.progressed) as told:
        command.start()
    assert told.args == [0.5, "half"]
    with qtbot.waitSignal(command.cancelled), qtbot.assertNotEmitted(command.finished):
        command.cancel()
        going.set()


def test_who_asks_after_the_end_gets_no_answer_and_no_error() -> None:
    background = Background(lambda: 1)
    background.close()
    asked: list[object] = []
    future = background.ask(lambda: 1, asked.append)
    assert future.cancelled()
    assert background.idle
    assert asked == []
