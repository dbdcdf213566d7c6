"""Two homes by their windows, real commands, and a real service: signed up, paired by words, in step."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import pytest
from PyQt6.QtWidgets import QDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.models.database import connect
from app.ui.pages.sync.page import SyncPage
from app.ui.sync.facts import Machines
from app.ui.sync.kit_dialog import KitDialog
from app.ui.sync.work_dialog import WorkDialog
from tests.app.ui.window import Opened, make_home, opened
from tests.cloud.conftest import OPEN
from tests.cloud.servers import Stack

PASSWORD = "correct horse battery"
D = TypeVar("D", bound=QDialog)
WAIT_MS = 60_000


@pytest.fixture
def service(tmp_path: Path) -> Iterator[str]:
    made = Stack("embedded", {**OPEN, "DEVPULSE_CLOUD_DATA": str(tmp_path / "data")}, tmp_path)
    replica = made.launch()
    made.replicas.append(replica)
    try:
        yield made.a
    finally:
        replica.stop()


def page(made: Opened, qtbot: QtBot) -> SyncPage:
    made.services.sync.start()
    made.window.open("sync")
    made.settle(qtbot)
    found = made.window.findChild(SyncPage)
    assert isinstance(found, SyncPage)
    return found


def dialog(made: Opened, kind: type[D]) -> D:
    (found,) = [d for d in made.window.findChildren(kind) if d.isVisible()]
    return found


def field(widget: QWidget, name: str) -> QLineEdit:
    (found,) = [f for f in widget.findChildren(QLineEdit) if f.accessibleName() == name]
    return found


def projects(made: Opened) -> set[str]:
    with closing(connect(made.paths.database)) as connection:
        return {str(row[0]) for row in connection.execute("SELECT name FROM projects")}


@pytest.mark.slow
def test_two_homes_become_one_truth(qtbot: QtBot, tmp_path: Path, service: str) -> None:
    def until(true: Callable[[], object]) -> None:
        def look() -> bool:
            return bool(true())

        qtbot.waitUntil(look, timeout=WAIT_MS)

    with opened(qtbot, make_home(tmp_path / "a")) as a, opened(qtbot, make_home(tmp_path / "b")) as b:
        here, there = page(a, qtbot), page(b, qtbot)
        here._out.sign_up()
        asked = dialog(a, WorkDialog)
        for name, typed in (
            ("Service", service), ("E-mail address", "ada@example.org"), ("Password", PASSWORD),
            ("Password once more", PASSWORD), ("This machine's name", "desk"),
        ):  # fmt: skip
            field(asked, name).setText(typed)
        asked.accept()
        until(lambda: [d for d in a.window.findChildren(KitDialog) if d.isVisible()])
        kit = dialog(a, KitDialog)
        assert "D1-" in kit._paper.toPlainText()
        kit._kept.setChecked(True)
        kit.accept()
        until(lambda: a.services.sync.status.last_success_ms)

        there._out.pair()
        asked = dialog(b, WorkDialog)
        field(asked, "Service").setText(service)
        field(asked, "This machine's name").setText("laptop")
        asked.accept()
        until(lambda: asked._shown._code.text() != "")  # type: ignore[attr-defined]
        code, words = asked._shown._code.text(), asked._shown._words.accessibleName()  # type: ignore[attr-defined]

        here._machines.add()
        letting = dialog(a, WorkDialog)
        field(letting, "The code").setText(code)
        letting.accept()
        until(lambda: letting._words)  # type: ignore[attr-defined]
        assert letting._words == words  # type: ignore[attr-defined]
        letting.accept()
        until(lambda: b.services.sync.signed_in)
        until(lambda: b.services.sync.status.last_success_ms and b.services.sync.listening)

        a.services.edits.run(lambda editing: editing.projects.create("apollo")[1])
        began = time.monotonic()
        until(lambda: "apollo" in projects(b))
        print(f"a change on A was on B after {time.monotonic() - began:.2f} s")
        assert {m.name for m in _machines(here, qtbot).machines} == {"desk", "laptop"}
        assert _machines(here, qtbot).words == _machines(there, qtbot).words


def _machines(shown: SyncPage, qtbot: QtBot) -> Machines:
    shown._machines.ask()
    qtbot.waitUntil(lambda: shown._machines._running is None, timeout=WAIT_MS)
    assert shown._machines._known is not None
    return shown._machines._known
