"""The minute that the demonstration plays: who works where, and what must leave no trace."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.desktop.agent import ROOT, Agent
from tests.desktop.day import Day
from tests.desktop.desktop import Desktop
from tests.desktop.diary import Deed
from tests.desktop.tray import EmbeddedTray
from tests.desktop.windows import Window

SHOP_FILE = '''"""The shopping cart."""


def total(prices: list[int], discount: float = 0.0) -> float:
    """The price of everything, in cents, after the discount."""
    return sum(prices) * (1 - discount)
'''

PRESENTS = "Birthday presents"
SECRET = "Passwords of Ada"

ON_SHOP = Deed("XTerm", "webshop", "main")
ON_CHECKOUT = Deed("XTerm", "webshop", "feature/checkout")
ON_NOTES = Deed("XTerm", "notes-api", "develop")
IN_EDITOR = Deed("Mousepad", "webshop", "feature/checkout")
READING = Deed("Chromium")


@dataclass(frozen=True, slots=True)
class Stage:
    """The windows on the desktop before the play begins."""

    shop: Window
    notes: Window
    third: Window
    editor: Window
    browser: Window
    vault: Window


def set_up(desktop: Desktop) -> Stage:
    """Repositories with branches, and everything that is open on the desktop."""
    shop = desktop.repository("webshop", also=("feature/checkout",))
    notes = desktop.repository("notes-api", branch="develop")
    (shop / "cart.py").write_text(SHOP_FILE)
    run, hands = desktop.programs, desktop.hands
    browser = run.browser(desktop.page("Python docs: sum"), "Python docs")
    editor = run.editor(shop / "cart.py")
    stage = Stage(
        shop=run.terminal(shop, where="84x22"),
        notes=run.terminal(notes, where="84x22"),
        third=run.terminal(shop, where="84x16"),
        editor=editor,
        browser=browser,
        vault=run.terminal(desktop.home, application="KeePassXC", title=SECRET, where="60x10"),
    )
    for window, place in (
        (browser, (420, 20, 820, 520)),
        (editor, (560, 300, 680, 430)),
        (stage.vault, (60, 560, 480, 170)),
        (stage.third, (40, 330, 640, 330)),
        (stage.notes, (80, 180, 700, 380)),
        (stage.shop, (20, 20, 700, 380)),
    ):
        hands.place(window.id, *place)
    hands.focus(stage.vault.id)
    return stage


def play(desktop: Desktop, agent: Agent, stage: Stage, pictures: Path, tell: Callable[[str], None]) -> Day:
    """About a minute of work, timed as it is done."""
    agent.request("pause")
    private = desktop.programs.private_window(stage.browser, desktop.page(PRESENTS), PRESENTS)
    desktop.hands.place(private.id, 500, 60, 700, 420)
    desktop.hands.focus(stage.vault.id)
    agent.request("resume")
    day = Day(desktop, agent, tell=tell)
    day.unrecorded("the password manager is open (excluded: never recorded)", stage.vault, 2)
    day.work("a terminal in the project webshop", stage.shop, ON_SHOP, 8, line="git log --oneline")
    day.switch_branch("... git switch feature/checkout", stage.shop, ON_CHECKOUT, "feature/checkout", 7)
    day.work("a terminal in the project notes-api", stage.notes, ON_NOTES, 8, line="git status")
    day.work("a text editor with cart.py of webshop", stage.editor, IN_EDITOR, 7)
    day.unrecorded("the password manager again", stage.vault, 3)
    day.work("a browser", stage.browser, READING, 6)
    day.unrecorded("a private browser window (never recorded)", private, 4)
    with day.hidden("pause", lambda: agent.request("pause"), lambda: agent.request("resume")):
        day.unrecorded("... while DevPulse is paused", stage.notes, 4)
        desktop.hands.focus(stage.vault.id)
    with day.focus("a focus session for webshop begins", project="webshop"):
        day.work("... in a third terminal of webshop", stage.third, ON_CHECKOUT, 10, line="ls")
        _picture_of_menu(desktop, pictures)
    day.unrecorded("the password manager, to end with", stage.vault, 1)
    day.end()
    return day


def show_report(desktop: Desktop, agent: Agent, pictures: Path) -> None:
    """The person asks for the report in a terminal."""
    programs = desktop.home / ".local/bin"
    programs.mkdir(parents=True)
    devpulse = programs / "devpulse"
    devpulse.write_text(f'#!/bin/sh\nexec env PYTHONPATH={ROOT} {sys.executable} -m app "$@"\n')
    devpulse.chmod(0o755)
    agent.request("pause")
    terminal = desktop.programs.terminal(desktop.home, where="72x23+280+80")
    desktop.hands.focus(terminal.id)
    desktop.hands.line("PATH=~/.local/bin:$PATH; clear; devpulse report")
    time.sleep(2)
    desktop.hands.picture(pictures / "report.png", window=str(terminal.id))


def _picture_of_menu(desktop: Desktop, pictures: Path) -> None:
    """The focused window stays the same while the tray's menu is open."""
    tray = EmbeddedTray(desktop.hands, desktop.environ)
    if tray.icon() is None:
        return
    tray.open_menu()
    desktop.picture(pictures / "desktop-with-tray-menu.png")
    desktop.hands.key("Escape")
