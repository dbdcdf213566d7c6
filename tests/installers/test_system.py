"""Which system packages are missing, and what is said where they may not be installed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import system
from problem import SetupProblem

LISTS = Path(__file__).resolve().parents[2] / "installers" / "linux"


def test_a_list_is_names_alternatives_and_remarks(tmp_path: Path) -> None:
    (tmp_path / "list").write_text("# head\n\n a \nb|c   # either\n  d | e|f\n")
    assert system.read_list(tmp_path / "list") == [("a",), ("b", "c"), ("d", "e", "f")]


@pytest.mark.parametrize("name", ["run", "test"])
def test_our_lists_name_packages(name: str) -> None:
    choices = system.read_list(LISTS / f"packages-{name}.txt")
    assert choices
    assert len(set(choices)) == len(choices)
    assert all(one == one.lower() and " " not in one and one for choice in choices for one in choice)


def test_any_name_of_a_choice_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = "installed a\ninstalled c\nconfig-files d\nnot-installed e\n"
    monkeypatch.setattr(system.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(
        system.subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, 1, shown, "no e")
    )
    assert system.missing([("a",), ("b", "c"), ("d",), ("e",)]) == [("d",), ("e",)]


def test_without_an_administrator_the_exact_command_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(system.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(system.shutil, "which", lambda name: None)
    with pytest.raises(SetupProblem) as stopped:
        system.install([("libxcb-cursor0",), ("b", "c")], tmp_path / "log", print)
    assert "    sudo apt-get install --no-install-recommends -y libxcb-cursor0 b\n" in str(stopped.value)


def test_a_sudo_that_would_ask_is_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[list[str]] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        asked.append(command)
        return subprocess.CompletedProcess(command, 1)

    monkeypatch.setattr(system.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(system.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(system.subprocess, "run", run)
    with pytest.raises(SetupProblem, match="needs an administrator"):
        system.install([("a",)], tmp_path / "log", print)
    assert asked == [["sudo", "-n", "true"]]


def test_a_service_that_came_along_is_put_to_rest(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ran: list[list[str]] = []

    def noted(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        ran.append([str(word) for word in command])
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(system, "_privilege", list)
    monkeypatch.setattr(system.subprocess, "run", noted)
    monkeypatch.setattr(system.subprocess, "call", lambda *_, **__: 0)
    system.install([("redis-server",), ("git",)], tmp_path / "log", print)
    assert [
        command for command in ran if "redis-server" in command and command[0] in ("systemctl", "service")
    ]
    assert not [command for command in ran if "git" in command and command[0] in ("systemctl", "service")]
