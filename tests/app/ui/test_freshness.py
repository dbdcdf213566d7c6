from pytestqt.qtbot import QtBot

from app.ui.freshness import EVERYTHING, Freshness, Topic


def test_own_changes_are_told_at_once_and_only_once(qtbot: QtBot) -> None:
    version = [(1, 1)]
    freshness = Freshness(lambda: version[0])
    told: list[frozenset[Topic]] = []
    freshness.changed.connect(told.append)
    version[0] = (1, 2)
    freshness.tell({Topic.RULES})
    freshness.look()
    assert told == [{Topic.RULES}]
    assert freshness.revision == 1


def test_others_commits_age_answers_at_once_and_are_told_later(qtbot: QtBot) -> None:
    version = [(1, 1)]
    freshness = Freshness(lambda: version[0])
    freshness._settling.setInterval(20)
    version[0] = (1, 2)
    with qtbot.waitSignal(freshness.changed) as told:
        freshness.look()
        assert freshness.revision == 1
        version[0] = (1, 3)
        freshness.look()
    assert told.args[0] == {Topic.ACTIVITY}


def test_a_database_that_appears_changes_everything(qtbot: QtBot) -> None:
    version: list[tuple[int, int] | None] = [None]
    freshness = Freshness(lambda: version[0])
    version[0] = (1, 1)
    with qtbot.waitSignal(freshness.changed) as told:
        freshness.look()
    assert told.args[0] == EVERYTHING


def test_another_file_in_its_place_changes_everything(qtbot: QtBot) -> None:
    version = [(1, 7)]
    freshness = Freshness(lambda: version[0])
    version[0] = (2, 7)
    with qtbot.waitSignal(freshness.changed) as told:
        freshness.look()
    assert told.args[0] == EVERYTHING
