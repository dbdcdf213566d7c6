"""`devpulse privacy`."""

from __future__ import annotations

import pytest

from app.config import load


def test_exclude_and_include(home, agent):
    assert home.run("privacy", "test", "gimp", "x").out.startswith("application")
    assert home.run("privacy", "exclude", "Gimp").code == 0
    assert home.run("privacy", "exclude", "gimp").code == 0
    assert "excluded" in home.run("privacy", "test", "gimp", "x").out
    assert [n.lower() for n in load(home.paths.settings).texts("privacy.excluded_applications")].count(
        "gimp"
    ) == 1
    assert home.run("privacy", "include", "GIMP").code == 0
    assert home.run("privacy", "test", "gimp", "x", "--json").json["recorded"] is True
    assert agent.names == ["reload"] * 3


def test_include_tells_which_pattern_still_covers(home):
    ended = home.run("privacy", "include", "keepassxc")
    assert ended.code == 2
    assert "'keepass*'" in ended.err
    assert not home.paths.settings.exists()
    assert home.run("privacy", "include", "keepass*").code == 0
    assert home.run("privacy", "test", "keepassxc", "--json").json["recorded"] is True


def test_include_allows_in_allow_list_mode(home):
    home.run("settings", "set", "privacy.allow_list_only", "true")
    assert home.run("privacy", "test", "code", "--json").json == {"recorded": False, "reason": "not_allowed"}
    home.run("privacy", "include", "code")
    assert home.run("privacy", "test", "code", "--json").json["recorded"] is True


def test_redact(home):
    home.run("settings", "set", "privacy.title_rules", "[]")
    assert home.run("privacy", "redact", "ACME-[0-9]+", "--replace", "[ticket]").code == 0
    assert home.run("privacy", "redact", "(?i)invoice").code == 0
    assert home.run("privacy", "redact", "case [0-9]+", "--hash", "--application", "code").code == 0
    title = home.run("privacy", "test", "vim", "fix ACME-12", "--json").json["title"]
    assert title == "fix [ticket]"
    assert home.run("privacy", "test", "vim", "Invoice 3", "--json").json["title"] is None
    assert "#" in home.run("privacy", "test", "code", "case 12", "--json").json["title"]
    assert home.run("privacy", "test", "vim", "case 12", "--json").json["title"] == "case 12"
    assert "3. case [0-9]+  →  hash it (only code)" in home.run("privacy", "list").out
    assert home.run("privacy", "redact", "--remove", "2").code == 0
    assert len(load(home.paths.settings).get("privacy.title_rules")) == 2


@pytest.mark.parametrize(
    "words",
    [
        ["("], ["a{1001}"], ["(?=x)"], ["x" * 1001], [""], [], ["--remove", "0"], ["--remove", "99"],
        ["x", "--remove", "1"], ["x", "--hash", "--replace", "y"],
    ],
)  # fmt: skip
def test_an_impossible_rule_changes_nothing(home, words):
    ended = home.run("privacy", "redact", *words)
    assert ended.code == 2
    assert not home.paths.settings.exists()


def test_catastrophic_patterns_end_at_once(home):
    assert home.run("privacy", "redact", "(a+)+$").code == 0
    assert home.run("privacy", "test", "code", "a" * 4000 + "b", "--json").code == 0


def test_test_keeps_nothing_of_what_was_typed(home):
    home.run("privacy", "test", "code", "very secret words")
    for path in home.paths.data.parent.rglob("*"):
        assert not path.is_file() or b"secret words" not in path.read_bytes()


def test_list_as_json_and_problems(home):
    home.paths.settings.write_text('{"privacy.title_rules": [{"pattern": "(", "action": "drop"}]}')
    told = home.run("privacy", "list", "--json").json
    assert told["problems"]
    assert "privacy.excluded_applications" in told["settings"]
