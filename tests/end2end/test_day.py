"""A scripted two-minute day with real windows: the report tells what was really done, to within 1 s."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.desktop.agent import Agent
from tests.desktop.day import Day
from tests.desktop.desktop import Desktop
from tests.desktop.diary import Deed
from tests.desktop.traces import files_with
from tests.end2end import stored

pytestmark = [pytest.mark.display, pytest.mark.timeout(400)]

EXCLUDED, PRIVATE, PAUSED, MODE = "Kanarienvogel", "Zeisigpaar", "Buchfinkenei", "Rotkehlchen"
TOLERANCE_S = 1.0


class Lived:
    """The day as it was, and all that DevPulse tells about it."""

    def __init__(self, agent: Agent, day: Day) -> None:
        self.diary = day.diary
        self.focused_s = day.focused_s
        self.home = agent.home
        self.database = agent.paths.database
        self.report: dict[str, Any] = agent.report()
        self.spans = stored.spans(agent.paths.database)
        self.log = agent.log()
        export = agent.home / "export.json"
        agent.command("export", str(export))
        self.export = export.read_text()
        export.unlink()


@pytest.fixture(scope="module")
def lived(desktop: Desktop) -> Iterator[Lived]:
    alpha = desktop.repository("alpha", also=("feature/login",))
    beta = desktop.repository("beta", branch="develop")
    gamma = desktop.repository("gamma")
    (gamma / "app.py").write_text("print('hello')\n")
    run, hands = desktop.programs, desktop.hands
    first, second = run.terminal(alpha), run.terminal(beta)
    editor = run.editor(gamma / "app.py")
    browser = run.browser(desktop.page("Ownership explained"), "Ownership explained")
    hush = run.terminal(desktop.home, title=PAUSED)
    mode = run.terminal(desktop.home, title=MODE)
    vault = run.terminal(desktop.home, application="KeePassXC", title=EXCLUDED)
    on_alpha = Deed("XTerm", "alpha", "main")
    on_login = Deed("XTerm", "alpha", "feature/login")
    on_beta = Deed("XTerm", "beta", "develop")
    on_gamma = Deed("Mousepad", "gamma", "main")
    hands.focus(vault.id)
    with Agent(desktop, fresh=True) as agent:
        agent.command("settings", "set", "tracking.idle_after_s", "10")
        with _unseen(agent):
            private = run.private_window(browser, desktop.page(PRIVATE), PRIVATE)
            hands.focus(vault.id)
        day = Day(desktop, agent)
        day.unrecorded("passwords", vault, 3)
        day.work("alpha", first, on_alpha, 12)
        day.switch_branch("alpha, a feature", first, on_alpha, "feature/login", 9)
        day.work("beta", second, on_beta, 9)
        day.unrecorded("passwords again", vault, 5)
        day.work("an editor", editor, on_gamma, 10)
        day.work("reading", browser, Deed("Chromium"), 8)
        day.unrecorded("a private window", private, 6)
        day.work("alpha", first, on_login, 4)
        day.rest("coffee", 17)
        day.work("beta", second, on_beta, 5)
        day.lock("locked", 7)
        day.work("alpha", first, on_login, 5)
        with day.hidden("pause", lambda: agent.request("pause"), lambda: agent.request("resume")):
            day.unrecorded("while paused", hush, 5)
            hands.focus(vault.id)
        with day.focus("focus on beta", project="beta"):
            day.work("beta, focused", second, on_beta, 10)
        on, off = (lambda value=value: agent.request("private", on=value) for value in (True, False))
        with day.hidden("private mode", on, off):
            day.unrecorded("in private mode", mode, 4)
            hands.focus(vault.id)
        day.work("an editor", editor, on_gamma, 4)
        day.unrecorded("passwords", vault, 1)
        day.end()
        yield Lived(agent, day)


@contextmanager
def _unseen(agent: Agent) -> Iterator[None]:
    """What must not count as a part of the day. The agent still learns which windows are private."""
    agent.request("pause")
    yield
    agent.request("resume")


def _seconds(rows: list[dict[str, Any]]) -> dict[str, float]:
    return {str(row["name"]).casefold(): row["seconds"] for row in rows}


def _same(told: dict[str, float], true: dict[str, float]) -> None:
    assert told.keys() == true.keys()
    assert told == pytest.approx(true, abs=TOLERANCE_S)


def test_the_active_time_is_true(lived: Lived) -> None:
    # Every item may be off by a little, and all of them in one direction.
    assert lived.report["active_seconds"] == pytest.approx(lived.diary.active(), abs=2 * TOLERANCE_S)


def test_the_idle_time_is_true(lived: Lived) -> None:
    idle = lived.diary.total(lambda deed: deed.recorded and not deed.present)
    assert lived.report["idle_seconds"] == pytest.approx(idle, abs=TOLERANCE_S)


def test_each_project_is_true(lived: Lived) -> None:
    told = {
        name: s
        for name, s in _seconds(lived.report["by_project"]).items()
        if name in ("alpha", "beta", "gamma")
    }
    _same(told, lived.diary.by(lambda deed: deed.project))


def test_nothing_else_is_called_a_project(lived: Lived) -> None:
    named = {span.project for span in lived.spans if span.project}
    assert named == {"alpha", "beta", "gamma"}


def test_each_application_is_true(lived: Lived) -> None:
    true = lived.diary.by(lambda deed: deed.application.casefold())
    _same(_seconds(lived.report["by_application"]), dict(true))


def test_each_branch_is_true(lived: Lived) -> None:
    told: dict[str, float] = {}
    for span in lived.spans:
        if span.project and not span.idle:
            name = f"{span.project} {span.branch}"
            told[name] = told.get(name, 0.0) + span.seconds
    _same(told, dict(lived.diary.by(lambda deed: deed.project and f"{deed.project} {deed.branch}")))


def test_each_stay_is_true(lived: Lived) -> None:
    """Not only the sums: every stretch in one place begins and lasts as it did."""
    stretches: list[tuple[str | None, float]] = []
    last_end = 0
    for span in (span for span in lived.spans if not span.idle):
        # A change of title splits a stretch; less than a second between is no interruption.
        if stretches and stretches[-1][0] == span.project and span.start_ms - last_end < 1000:
            stretches[-1] = (span.project, stretches[-1][1] + span.seconds)
        else:
            stretches.append((span.project, span.seconds))
        last_end = span.end_ms
    # Between unlocking, or the end of a pause, and the next step the person is where they were.
    stretches = [stretch for stretch in stretches if stretch[1] > 0.7]
    true: list[tuple[str | None, float]] = []
    before = None
    for entry in lived.diary.entries:
        if entry.deed.recorded and entry.deed.present:
            if before is not None and before.end == entry.start and before.deed.project == entry.deed.project:
                true[-1] = (entry.deed.project, true[-1][1] + entry.seconds)
            else:
                true.append((entry.deed.project, entry.seconds))
            before = entry
    assert [name for name, _ in stretches] == [name for name, _ in true]
    assert [s for _, s in stretches] == pytest.approx([s for _, s in true], abs=TOLERANCE_S)


def test_the_focus_session_is_true(lived: Lived) -> None:
    assert lived.report["focus"]["sessions"] == 1
    assert lived.report["focus"]["seconds"] == pytest.approx(lived.focused_s, abs=TOLERANCE_S)


def test_spans_never_overlap_and_the_file_is_sound(lived: Lived) -> None:
    assert stored.overlaps(lived.spans) == []
    stored.check_sound(lived.database)


@pytest.mark.parametrize("word", [EXCLUDED, PRIVATE, PAUSED, MODE, "KeePassXC"])
def test_what_must_not_be_recorded_leaves_no_trace(lived: Lived, word: str) -> None:
    traces = [name for name in files_with(lived.home, word) if "settings" not in name]
    assert traces == []
    assert word.casefold() not in lived.export.casefold()
    assert word.casefold() not in lived.log.casefold()


def test_titles_are_not_readable_in_the_files(lived: Lived) -> None:
    assert "code/gamma/app.py" in lived.export
    assert files_with(lived.home, "gamma/app.py") == []
