from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.analytics.inquiries import Inquiries
from app.ui.freshness import EVERYTHING, Topic
from app.ui.reckoning import Catching
from tests.app.ui.window import make_home, opened


def _missing(database: Path) -> int:
    """How many finished days are not reckoned."""
    told: list[int] = []

    def count(_: int, all_: int) -> bool:
        told.append(all_)
        return False

    with closing(Inquiries(database, None)) as inquiries:
        inquiries.reckon(count)
    return told[0]


def test_all_days_are_caught_up_after_the_opening_and_after_an_import(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.ui.reckoning._AFTER_OPENING_MS", 1)
    monkeypatch.setattr("app.ui.reckoning._UNSEEN_S", 0.0)  # step by step
    paths = make_home(tmp_path, days=70, per_day=20)
    assert _missing(paths.database) > 60
    with opened(qtbot, paths) as made:
        catching = Catching(made.services.background, paths.database, made.services.freshness, made.window)
        catching.begin()
        qtbot.waitUntil(lambda: _missing(paths.database) == 0, timeout=20_000)
        made.settle(qtbot)
        asked: list[int] = []
        catching._reckoning.more.connect(asked.append)
        made.services.freshness.tell({Topic.ACTIVITY})
        qtbot.wait(400)
        assert asked == []
        made.services.freshness.tell(EVERYTHING)
        qtbot.waitUntil(lambda: asked == [True])
        catching.end()
