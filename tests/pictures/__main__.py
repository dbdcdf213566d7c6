"""Pages as pictures, without a display.

    python -m tests.pictures --page today --theme dark --scale 1.5 --data year --out DIR

`--page`, `--theme`, `--data`, `--size` and `--scale` may name several, with commas; `--page all` is all.
`--language de` shows another language. `--account alarm` signs in, in one of several states; `--dialog
sign-up` opens one of the dialogs of syncing. The data sets end on 30 June 2026, and that evening is "now".
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

from tests.fakes.agent import FakeAgent, status
from tests.fakes.clock import ManualClock
from tests.pictures.account import STATES as ACCOUNTS
from tests.pictures.account import program
from tests.pictures.data import KINDS, NOW, home
from tests.pictures.dialogs import DIALOGS, open_dialog

_CHECKS = [
    {"name": "windows", "state": "ok", "detail": "x11", "advice": ""},
    {"name": "input", "state": "ok", "detail": "xsync", "advice": ""},
    {"name": "session", "state": "limited", "detail": "logind: no one tells of sleep here.", "advice": ""},
    {
        "name": "tray",
        "state": "missing",
        "detail": "No panel shows tray icons.",
        "advice": "All of it works from this window and by command.",
    },
    {"name": "key", "state": "ok", "detail": "Your titles are sealed with a key in the desktop's keyring.",
     "advice": ""},
]  # fmt: skip

# So long a page may go on asking before its picture is taken.
_PATIENCE_S = 20.0


def main(words: list[str]) -> int:
    given = _parser().parse_args(words)
    if given.child:
        return _draw(given)
    for scale in given.scale.split(","):
        environ = {
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "QT_SCALE_FACTOR": scale,
            "TZ": "Europe/Berlin",
        }
        child = [sys.executable, "-m", "tests.pictures", *words, "--child", scale]
        code = subprocess.run(child, env=environ).returncode
        if code:
            return code
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.pictures", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--page", default="all")
    parser.add_argument("--theme", default="light,dark")
    parser.add_argument("--scale", default="1")
    parser.add_argument("--data", default="year", help=", ".join(KINDS))
    parser.add_argument("--size", default="1280x800")
    parser.add_argument("--language", default="")
    parser.add_argument("--where", default="", help="key=value,… for the page's go()")
    parser.add_argument("--keys", default="", help="keys pressed first, such as Ctrl+K or Tab,Tab,Space")
    parser.add_argument("--account", default="out", help=", ".join(ACCOUNTS))
    parser.add_argument("--dialog", default="", help=", ".join(DIALOGS))
    parser.add_argument("--away", action="store_true", help="without an agent")
    parser.add_argument("--out", type=Path, default=Path("build/pictures"))
    parser.add_argument("--child", default="", help=argparse.SUPPRESS)
    return parser


def _draw(given: argparse.Namespace) -> int:
    from PyQt6.QtWidgets import QApplication

    from app.ui.pages.catalog import PAGES

    application = QApplication(["devpulse"])
    pages = [entry.key for entry in PAGES] if given.page == "all" else given.page.split(",")
    given.out.mkdir(parents=True, exist_ok=True)
    for data in given.data.split(","):
        for look in given.theme.split(","):
            _draw_home(application, given, data, look, pages)
    return 0


def _draw_home(application, given, data: str, look: str, pages: list[str]) -> None:
    from PyQt6.QtCore import QSize

    from app.config import Settings, save
    from app.desktop import assemble

    clock = ManualClock(wall_ms=int(NOW.timestamp() * 1000))
    paths = home(data)
    told = _status(_today(paths, clock))
    agent = FakeAgent(told if data != "empty" else status(current=None, state="idle", today=told["today"]))
    agent.answers["doctor"] = {"checks": _CHECKS}
    if given.away:
        agent.tell(None)
    if given.language:
        save(paths.settings, Settings({"appearance.language": given.language}))
    if given.account != "out":
        paths.account.touch()
    windows = assemble(
        application, paths=paths, clock=clock, agent=agent, look=look, program=program(given.account)
    )
    windows.services.sync.start()
    window = windows.window
    for size in given.size.split(","):
        width, height = (int(part) for part in size.split("x"))
        # A screen may be smaller than what the window asks for on a large one.
        window.setMinimumSize(window.minimumSize().boundedTo(QSize(width, height)))
        window.resize(width, height)
        window.show()
        for page in pages:
            where = dict(pair.split("=", 1) for pair in given.where.split(",") if pair)
            window.open(page, where)
            _settle(application, windows)
            for keys in filter(None, given.keys.split(",")):
                _press(window, keys)
                _settle(application, windows)
            shown = window if not given.dialog else open_dialog(given.dialog, windows)
            _settle(application, windows)
            state = "" if given.account == "out" else f"-{given.account}"
            state += f"-{given.dialog}" if given.dialog else ""
            name = f"{page}{state}-{data}-{look}-{size}-{given.child}.png"
            shown.grab().save(str(given.out / name))
            print(given.out / name)
    window.hide()
    window.deleteLater()
    windows.close()


def _status(today: dict[str, object]) -> dict[str, object]:
    """What the agent tells: the same file for four minutes."""
    since = (NOW - timedelta(minutes=4)).isoformat()
    usual = status()
    return {**usual, "since": since, "current": {**usual["current"], "since": since}, "today": today}


def _today(paths, clock) -> dict[str, object]:
    """What the agent would tell of the day."""
    from app.analytics.questions import Questions

    questions = Questions(paths.database, None, clock)
    day = questions.day(NOW.date())
    questions.close()
    projects = [share for share in day.by_project if share.label.name]
    return {
        "active_seconds": day.active_ms // 1000,
        "idle_seconds": day.idle_ms // 1000,
        "by_project": [{"name": one.label.name, "seconds": one.active_ms // 1000} for one in projects],
    }


def _settle(application, windows) -> None:
    """Wait until no question is open, and what was answered is painted."""
    until = time.monotonic() + _PATIENCE_S
    calm = 0
    while calm < 8 and time.monotonic() < until:
        application.processEvents()
        time.sleep(0.02)
        calm = calm + 1 if windows.services.background.idle else 0


def _press(window, keys: str) -> None:
    from PyQt6.QtGui import QKeySequence
    from PyQt6.QtTest import QTest

    pressed = QKeySequence(keys)[0]
    QTest.keyClick(window.focusWidget() or window, pressed.key(), pressed.keyboardModifiers())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
