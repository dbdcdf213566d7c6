"""What applications are called."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.paths import resources
from app.tracking.applications import UNKNOWN, ApplicationNames


@pytest.fixture(scope="module")
def names() -> ApplicationNames:
    return ApplicationNames.load(resources())


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("Google-chrome", "Google Chrome"),
        ("google-chrome-stable", "Google Chrome"),
        ("org.gnome.Terminal", "GNOME Terminal"),
        ("Code", "VS Code"),
        ("code.exe", "VS Code"),
        (r"C:\Programs\Code.exe", "VS Code"),
        ("/usr/bin/kitty", "kitty"),
        ("XTerm", "XTerm"),
        ("Mousepad", "Mousepad"),
        ("Chromium", "Chromium"),
        ("com.example.Frobnicator", "com.example.Frobnicator"),
        ("org.unknown.kate", "Kate"),
        ("Frob", "Frob"),
        ("Frob\u200b\n", "Frob"),
        ("", UNKNOWN),
        ("\u202e", UNKNOWN),
        (".exe", ".exe"),
        ("x" * 500, "x" * 200),
    ],
)
def test_shown_names(names: ApplicationNames, raw: str, shown: str) -> None:
    assert names.display(raw) == shown


def test_an_application_is_known_by_all_its_names(names: ApplicationNames) -> None:
    assert set(names.known_as("org.gnome.Terminal")) == {"org.gnome.terminal", "terminal", "gnome terminal"}
    assert set(names.known_as("/opt/Code.exe")) == {"/opt/code.exe", "code", "vs code"}
    assert "bitwarden" in names.traces("com.bitwarden.desktop")
    assert "bitwarden" not in names.known_as("com.bitwarden.desktop")
    assert names.traces("XTerm") == ("xterm",)
    assert names.traces("a.b.") == ("a.b.",)


def test_without_a_table_a_name_is_itself() -> None:
    assert ApplicationNames().display("Code") == "Code"


def test_every_shown_name_leads_to_itself(names: ApplicationNames) -> None:
    table = json.loads((resources() / "applications.json").read_text(encoding="utf-8"))
    assert all(key == key.casefold() for key in table)
    for shown in set(table.values()):
        assert names.display(shown) == shown


@pytest.mark.parametrize("text", ["[]", "{", '{"a": 1}', "3"])
def test_a_damaged_table_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "applications.json").write_text(text)
    with pytest.raises(ValueError):
        ApplicationNames.load(tmp_path)
