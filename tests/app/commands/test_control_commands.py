"""status, pause, resume, private, focus, quit: what a person does to the agent."""

from __future__ import annotations

import json
import threading
import time

import pytest

from app.clock import Instant
from app.errors import DevPulseError


class Noon:
    """A clock that stands at a moment."""

    def __init__(self, wall_ms: int) -> None:
        self._wall_ms = wall_ms

    def now(self) -> Instant:
        return Instant(self._wall_ms, 0, 0)

    def utc_offset_s(self, wall_ms: int) -> int:
        return 0


WITHOUT_AGENT = [
    ("status",),
    ("status", "--json"),
    ("status", "--follow"),
    ("pause",),
    ("resume",),
    ("private",),
    ("focus", "start"),
    ("focus", "stop"),
    ("quit",),
]


@pytest.mark.parametrize("words", WITHOUT_AGENT)
def test_without_agent_exit_code_3_in_words(home, words):
    ended = home.run(*words)
    assert ended.code == 3
    assert ended.out == ""
    if "--json" in words:
        assert ended.error["kind"] == "AgentNotRunning"
    else:
        assert "not running" in ended.err


def test_status_in_words(home, agent):
    shown = home.run("status").out
    assert "Recording" in shown
    assert "Code · devpulse (main) · Coding" in shown
    assert "3 h 24 m active, 10 m idle" in shown
    assert "No project" in shown


def test_status_tells_that_the_window_in_front_is_not_recorded(home, agent):
    agent.status["current"] = None
    assert "Nothing of the window in front is recorded." in home.run("status").out
    agent.status["state"] = "idle"
    assert "window in front" not in home.run("status").out


def test_status_as_json_is_the_agents_answer(home, agent):
    assert home.run("status", "--json").json == agent.status


def test_a_title_cannot_steer_the_terminal(home, agent):
    agent.status["current"]["title"] = "\x1b[2J\x1b]0;owned\x07evil\nline"
    agent.status["current"]["project"] = "pro\x1b[31mject"
    shown = home.run("status").out
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "evil line" in shown


def test_status_tells_problems_pause_and_focus(home, agent):
    agent.status |= {
        "state": "paused",
        "paused_until": "2099-03-04T10:15:00+00:00",
        "current": None,
        "focus": {
            "state": "paused", "started": "2026-03-04T10:00:00+00:00", "planned_seconds": 1500,
            "focused_seconds": 600, "remaining_seconds": 900, "project": "devpulse", "interruptions": 1,
        },
        "problems": [{"title": "The disk is full.", "detail": "Nothing is stored.", "advice": "Free space."}],
    }  # fmt: skip
    shown = home.run("status").out
    assert "Paused until 2099-03-04" in shown
    assert "10 m of 25 m, paused, on devpulse, 1 interruption" in shown
    assert "The disk is full." in shown
    assert "Free space." in shown


@pytest.mark.parametrize(
    ("length", "seconds"), [("15m", 900), ("1h", 3600), ("1h30m", 5400), ("45s", 45), ("2d", 172_800)]
)
def test_pause_for_a_while(home, agent, length, seconds):
    assert home.run("pause", "--for", length).code == 0
    assert agent.asked[0] == {"do": "pause", "seconds": seconds}


def test_pause_until_resumed(home, agent):
    assert home.run("pause").code == 0
    assert agent.asked[0] == {"do": "pause", "seconds": None}
    assert home.run("resume").code == 0
    assert "resume" in agent.names


@pytest.mark.parametrize("length", ["", "soon", "15", "-5m", "0m", "1e9h", "m", "९m", "99999999h", "1m1h"])
def test_a_length_that_is_none(home, agent, length):
    ended = home.run("pause", f"--for={length}")
    assert ended.code == 2
    assert agent.asked == []


@pytest.mark.parametrize(
    ("zone", "now", "seconds"),
    [
        ("UTC", 1_767_225_600_000 + 43_200_000, 43_201),  # noon
        ("Europe/Berlin", 1_774_738_800_000 + 1_000, 23 * 3600),  # 2026-03-29, a day of 23 hours
        ("Europe/Berlin", 1_792_879_200_000 + 1_000, 25 * 3600),  # 2026-10-25, a day of 25 hours
    ],
)
def test_pause_until_tomorrow_ends_at_local_midnight(home, agent, monkeypatch, zone, now, seconds):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert home.run("pause", "--for", "until-tomorrow", clock=Noon(now)).code == 0
    finally:
        monkeypatch.undo()
        time.tzset()
    assert agent.asked[0]["seconds"] == pytest.approx(seconds, abs=1)


@pytest.mark.parametrize(("words", "on"), [((), True), (("on",), True), (("off",), False)])
def test_private(home, agent, words, on):
    assert home.run("private", *words).code == 0
    assert agent.asked[0] == {"do": "private", "on": on}


def test_focus_start(home, agent):
    assert home.run("focus", "start", "--minutes", "25", "--project", "devpulse").code == 0
    assert agent.asked[0] == {"do": "focus", "action": "start", "minutes": 25, "project": "devpulse"}


@pytest.mark.parametrize("minutes", ["0", "-1", "721", "x", "1e3"])
def test_focus_length_is_bounded(home, agent, minutes):
    assert home.run("focus", "start", f"--minutes={minutes}").code == 2
    assert agent.asked == []


@pytest.mark.parametrize("action", ["pause", "resume", "stop", "status"])
def test_focus_actions(home, agent, action):
    ended = home.run("focus", action, "--json")
    assert ended.code == 0
    assert ended.json == {"focus": None}
    assert agent.asked[0] == {"do": "focus", "action": action}


def test_the_agents_refusal_is_told(home, agent, refusal):
    agent.answers["pause"] = refusal
    ended = home.run("pause")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == "It is not so.\nBecause.\nDo otherwise.\n"
    assert home.run("pause", "--json").error["detail"] == "Because."


def test_quit_waits_for_the_end(home, agent):
    ended = home.run("quit")
    assert ended.code == 0
    assert not home.paths.socket.exists()


def test_follow_prints_changes_until_the_agent_ends(home, agent):
    def change() -> None:
        deadline = time.monotonic() + 20
        while not agent.server.subscribed and time.monotonic() < deadline:
            time.sleep(0.01)
        for state in ("idle", "tracking"):
            agent.loop.post(
                lambda state=state: agent.server.publish("status", {**agent.status, "state": state})
            )
        agent.loop.call_later(0.1, agent.loop.stop)
        agent.loop.post(lambda: None)

    thread = threading.Thread(target=change)
    thread.start()
    ended = home.run("status", "--follow", "--json")
    thread.join()
    assert ended.code == 3
    states = [json.loads(line)["state"] for line in ended.out.splitlines()]
    assert states == ["tracking", "idle", "tracking"]
    assert "has ended" in ended.error["title"]


def test_devpulse_alone_is_content_with_a_running_agent(home, agent):
    ended = home.run()
    assert ended.code == 0
    assert "is running" in ended.out


def test_devpulse_alone_tells_when_the_agent_does_not_start(home, monkeypatch):
    monkeypatch.setattr("app.commands.dashboard.command", lambda *_: ["/bin/false"])
    ended = home.run()
    assert ended.code == 1
    assert "could not be started" in ended.err


def test_an_unexpected_fault_is_one_plain_sentence_and_a_line_in_the_log(home, monkeypatch):
    def burst(*_: object) -> int:
        raise ZeroDivisionError("secret title")

    monkeypatch.setattr("app.commands.status.run", burst)
    ended = home.run("status")
    assert ended.code == 1
    assert "the fault is its own" in ended.err
    assert "secret" not in ended.err
    [log] = home.paths.logs.iterdir()
    assert "ZeroDivisionError" in log.read_text()
    assert "secret" not in log.read_text()
    assert log.stat().st_mode & 0o777 == 0o600


def test_a_known_error_of_the_home_is_told(home, agent):
    agent.answers["status"] = DevPulseError("Told.")
    assert home.run("status").err == "Told.\n"
