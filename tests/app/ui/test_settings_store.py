import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.config import Settings, save
from app.errors import InvalidSetting
from app.ui.background import Background
from app.ui.changes import Changes
from app.ui.freshness import Freshness
from app.ui.settings_store import SettingsStore
from tests.fakes.agent import FakeAgent


class Made:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.freshness = Freshness(lambda: (1, 1))
        self.background = Background(lambda: self.freshness.revision)
        self.agent = FakeAgent()
        self.changes = Changes(self.background, self.freshness, self.agent)
        self.store = SettingsStore(path, self.freshness)
        self.told: list[str] = []
        self.changes.told.connect(lambda words, undoable: self.told.append(words))


@pytest.fixture
def made(tmp_path: Path, qtbot: QtBot) -> Iterator[Made]:
    made = Made(tmp_path / "settings.json")
    yield made
    made.background.close()


def test_a_change_is_stored_told_and_undone(made: Made, qtbot: QtBot) -> None:
    with qtbot.waitSignal(made.store.changed) as told:
        made.store.change(made.changes, {"tracking.idle_after_s": 60}, "Changed")
    assert told.args[0] == {"tracking.idle_after_s"}
    assert json.loads(made.path.read_text()) == {"tracking.idle_after_s": 60}
    assert ("reload", {}) in made.agent.asked
    assert made.told == ["Changed"]
    with qtbot.waitSignal(made.store.changed):
        made.changes.undo()
    assert made.store.get("tracking.idle_after_s") == 180
    assert json.loads(made.path.read_text()) == {}


def test_a_value_that_does_not_fit_changes_nothing(made: Made) -> None:
    with pytest.raises(InvalidSetting):
        made.store.change(made.changes, {"tracking.idle_after_s": -1})
    assert made.background.idle


def test_back_to_the_default_and_forth(made: Made, qtbot: QtBot) -> None:
    with qtbot.waitSignal(made.store.changed):
        made.store.change(made.changes, {"logs.level": "debug"})
    with qtbot.waitSignal(made.store.changed):
        made.store.reset(made.changes, frozenset({"logs.level"}))
    assert made.store.get("logs.level") == "info"
    with qtbot.waitSignal(made.store.changed):
        made.changes.undo()
    assert made.store.get("logs.level") == "debug"


def test_what_another_process_wrote_is_seen(made: Made, qtbot: QtBot) -> None:
    made.path.write_text('{"logs.level": "warning"}')
    with qtbot.waitSignal(made.store.changed):
        made.store.reload()
    assert made.store.get("logs.level") == "warning"
    with qtbot.assertNotEmitted(made.store.changed):
        made.store.reload()


def test_settings_are_changed_without_an_agent_too(made: Made, qtbot: QtBot) -> None:
    made.agent.tell(None)
    with qtbot.waitSignal(made.store.changed):
        made.store.change(made.changes, {"appearance.theme": "dark"}, "Dark")
    with qtbot.waitSignal(made.store.changed):
        made.changes.undo()


def test_what_a_command_saved_is_seen_without_being_asked(made: Made, qtbot: QtBot) -> None:
    with qtbot.waitSignal(made.store.changed) as told:
        save(made.path, Settings().with_value("appearance.theme", "dark"))
    assert told.args[0] == {"appearance.theme"}
