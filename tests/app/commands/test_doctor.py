"""`devpulse doctor`, with and without an agent."""

from __future__ import annotations

import os

import pytest

from app.commands.checks import (
    agent_check,
    deep_check,
    folder_checks,
    memory_kb,
    settings_checks,
    space_check,
)
from app.commands.doctor import lines_of
from app.version import __version__


def by_name(checks):
    return {check["name"]: check for check in checks}


def test_without_agent_and_data(home):
    checks = by_name(home.run("doctor", "--json").json["checks"])
    assert checks["agent"]["state"] == "missing"
    assert "devpulse --tray" in checks["agent"]["advice"]
    assert {"windows", "input", "session", "key", "database", "settings", "disk space", "folders"} <= set(
        checks
    )
    assert all(set(c) == {"name", "state", "detail", "advice"} for c in checks.values())


def test_with_data_and_deep(home, recording):
    checks = by_name(home.run("doctor", "--deep", "--json").json["checks"])
    assert checks["database content"]["state"] == "ok"
    assert checks["key"]["state"] == "limited"
    assert checks["backup"]["state"] == "limited"
    home.run("data", "backup")
    assert by_name(home.run("doctor", "--json").json["checks"])["backup"]["state"] == "ok"


def test_with_agent_its_own_findings_are_in(home, agent):
    agent.status["pid"] = os.getpid()
    agent.status["version"] = __version__
    agent.answers["doctor"] = {
        "checks": [
            {"name": "windows", "state": "limited", "detail": "x11", "advice": "Start a window manager."}
        ]
    }
    checks = by_name(home.run("doctor", "--json").json["checks"])
    assert checks["agent"]["state"] == "ok"
    assert "MB" in checks["agent"]["detail"]
    assert checks["windows"]["advice"] == "Start a window manager."
    shown = home.run("doctor").out
    assert "! windows: x11" in shown
    assert "→ Start a window manager." in shown


def test_what_is_broken_is_told_not_raised(home, recording):
    home.paths.database.write_bytes(b"x" * 5000)
    home.paths.key_file.write_text("{")
    home.paths.settings.write_text('{"tracking.idle_after_s": -1}')
    home.paths.data.chmod(0o755)
    checks = by_name(home.run("doctor", "--json", "--deep").json["checks"])
    assert checks["database"]["state"] == "missing"
    assert checks["key"]["state"] == "missing"
    assert checks["settings"]["state"] == "limited"
    assert checks["folders"]["advice"] == f"chmod 700 {home.paths.data}"


def test_a_rule_that_is_left_out_is_told(home, recording):
    with recording.store() as store:
        store.connection.execute(
            "INSERT INTO rules (uuid, position, category_id, conditions) VALUES ('r', 0, ?, ?)",
            (recording.coding, '[{"field": "title", "is": "pattern", "value": "("}]'),
        )
    checks = by_name(home.run("doctor", "--json").json["checks"])
    assert checks["rules"]["state"] == "limited"


def test_another_version_is_told():
    found = agent_check({"version": "0", "pid": 5, "state": "idle"}, None)
    assert found["state"] == "limited"
    assert "devpulse quit" in found["advice"]


@pytest.mark.parametrize(
    ("free", "state"),
    [(10**12, "ok"), (10**9, "ok"), (10**9 - 1, "limited"), (10**8 - 1, "missing"), (0, "missing")],
)
def test_space(free, state):
    assert space_check(free)["state"] == state


def test_small_findings(tmp_path):
    assert settings_checks([])[0]["state"] == "ok"
    assert [c["state"] for c in settings_checks(["a", "b"])] == ["limited", "limited"]
    assert deep_check(["broken"])["state"] == "missing"
    assert folder_checks([tmp_path / "none"])[0]["state"] == "ok"
    assert memory_kb(os.getpid()) > 1000
    assert memory_kb(2**30) is None
    (tmp_path / "5").mkdir()
    (tmp_path / "5" / "status").write_text("VmRSS: many")
    assert memory_kb(5, tmp_path) is None


def test_lines_fit_and_steer_nothing():
    checks = [{"name": "x", "state": "missing", "detail": "long " * 60 + "\x1b[2J", "advice": "do " * 60}]
    lines = lines_of(checks, 60)
    assert max(map(len, lines)) <= 60
    assert "\x1b" not in "".join(lines)
