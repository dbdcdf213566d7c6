"""`devpulse settings`."""

from __future__ import annotations

import json

import pytest

from app.declarations import SETTINGS


def test_list_shows_all_with_their_values(home):
    listed = home.run("settings", "list", "--json").json
    assert [s["key"] for s in listed] == list(SETTINGS)
    assert all(s["is_default"] for s in listed)
    assert "tracking.idle_after_s" in home.run("settings", "list").out
    only = home.run("settings", "list", "focus", "--json").json
    assert {s["key"].split(".")[0] for s in only} == {"focus"}
    assert home.run("settings", "list", "nonsense").code == 2


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("tracking.idle_after_s", "120", 120),
        ("tracking.count_microphone", "off", False),
        ("tracking.count_microphone", "true", True),
        ("privacy.detail", "projects", "projects"),
        ("privacy.excluded_applications", "gimp, xterm", ["gimp", "xterm"]),
        ("privacy.excluded_applications", '["a,b"]', ["a,b"]),
        ("privacy.excluded_applications", "", []),
        ("focus.presets_min", "25,50", [25, 50]),
        ("focus.presets_min", "[10]", [10]),
        ("privacy.title_rules", '[{"pattern": "x", "action": "drop"}]', [{"pattern": "x", "action": "drop"}]),
    ],
)
def test_set_get_and_reset(home, key, text, value):
    assert home.run("settings", "set", key, text).code == 0
    assert home.run("settings", "get", key, "--json").json["value"] == value
    assert json.loads(home.paths.settings.read_text()) == {key: value}
    assert home.paths.settings.stat().st_mode & 0o777 == 0o600
    assert home.run("settings", "reset", key).code == 0
    assert home.run("settings", "get", key, "--json").json["is_default"]


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("tracking.idle_after_s", "5"),
        ("tracking.idle_after_s", "soon"),
        ("tracking.idle_after_s", "9" * 30),
        ("tracking.count_microphone", "maybe"),
        ("privacy.detail", "everything"),
        ("privacy.excluded_applications", "[1]"),
        ("privacy.excluded_applications", "[broken"),
        ("privacy.excluded_applications", "[" * 100_000),
        ("privacy.title_rules", '[{"pattern": "(", "action": "drop"}]'),
        ("privacy.title_rules", '[{"pattern": "x"}]'),
        ("focus.presets_min", "x"),
        ("no.such", "1"),
    ],
)
def test_a_value_that_does_not_fit_changes_nothing(home, key, text):
    ended = home.run("settings", "set", key, text)
    assert ended.code == 2
    assert ended.err
    assert not home.paths.settings.exists()


def test_a_running_agent_follows(home, agent):
    home.run("settings", "set", "tracking.idle_after_s", "120")
    home.run("settings", "reset", "tracking.idle_after_s")
    assert agent.names == ["reload", "reload"]


def test_get_explains(home):
    shown = home.run("settings", "get", "privacy.detail").out
    assert "What is recorded" in shown
    assert "Application names and times only" in shown


def test_a_damaged_file_is_told(home):
    home.paths.settings.write_text("{")
    ended = home.run("settings", "list")
    assert ended.code == 0
    assert "damaged" in ended.err
