"""Set-up, driven as `make` does, in a copy of the checkout; apt and pip are stand-ins."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Says what it was asked to a file, and does what the test put into a variable.
STAND_IN = """#!/bin/sh
echo "{name} $*" >> "$TOLD"
{does}
"""

# A Python whose `-m pip` and `-m venv` are stand-ins; anything else it does itself, under its own name.
PYTHON = """#!/bin/bash
case "$*" in
*"-m venv"*)
    echo "venv" >> "$TOLD"
    for last; do :; done
    rm -rf "$last"
    mkdir -p "$last/bin" "$last/lib/python3.11/site-packages"
    ln -s "$0" "$last/bin/python"
    exit 0;;
*"-m pip"*)
    echo "pip $*" >> "$TOLD"
    test -z "$PIP_FAILS" && exit 0
    echo "$PIP_FAILS"
    exit 1;;
*"import pip"*) exit 0;;
*"import ensurepip"*) exit "${{NO_VENV:-0}}";;
esac
exec -a "$0" {python} "$@"
"""
SUDO = 'while test "$1" = -n; do shift; done; test "$1" = true || exec "$@"'


@dataclass
class Checkout:
    """A copy of what set-up reads, and the stand-ins on its path."""

    root: Path
    bin: Path
    told: Path
    environ: dict[str, str] = field(default_factory=dict)

    def stand_in(self, name: str, does: str = "") -> None:
        script = self.bin / name
        script.write_text(STAND_IN.format(name=name, does=does))
        script.chmod(0o755)

    def set_up(self, purpose: str = "run", **environ: str) -> subprocess.CompletedProcess[str]:
        self.told.write_text("")
        return subprocess.run(
            [self.bin / "python3", "-E", "-s", "-B", "installers/setup.py", purpose],
            cwd=self.root, capture_output=True, text=True, timeout=60,
            env={**self.environ, **environ, "TOLD": str(self.told)},
        )  # fmt: skip

    def asked(self, word: str) -> list[str]:
        return [line for line in self.told.read_text().splitlines() if line.startswith(word)]


INSTALLED = 'for name; do case "$name" in -*|\'$\'*) ;; *) echo "installed $name";; esac; done'


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    root = tmp_path / "my code" / "devpulse"
    for folder in ("installers", "locks"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("cat", "rm", "mkdir", "ln", "env", "sh"):
        (programs / name).symlink_to(Path(shutil.which(name) or name))
    made = Checkout(root, programs, tmp_path / "told", {"PATH": str(programs), "HOME": str(tmp_path)})
    python = PYTHON.format(python=Path(sys.executable).resolve())
    (programs / "python3").write_text(python)
    (programs / "python3").chmod(0o755)
    made.stand_in("dpkg-query", INSTALLED)
    for name in ("apt-get", "apt-cache", "ldd"):
        made.stand_in(name)
    return made


def test_a_first_set_up_makes_the_environment_and_installs_the_lock(checkout: Checkout) -> None:
    run = checkout.set_up()
    assert run.returncode == 0, run.stderr
    assert checkout.asked("venv") == ["venv"]
    (pip,) = checkout.asked("pip")
    assert "--require-hashes" in pip
    assert pip.endswith("locks/desktop.txt")
    assert not checkout.asked("apt-get")
    assert os.access(checkout.root / ".venv/bin/devpulse", os.X_OK)


def test_the_second_time_nothing_is_asked(checkout: Checkout) -> None:
    checkout.set_up()
    run = checkout.set_up()
    assert (run.returncode, run.stdout, checkout.told.read_text()) == (0, "", "")


def test_a_changed_lock_is_installed_into_the_same_environment(checkout: Checkout) -> None:
    checkout.set_up()
    with (checkout.root / "locks/desktop.txt").open("a") as lock:
        lock.write("# newer\n")
    assert checkout.set_up().returncode == 0
    assert len(checkout.asked("pip")) == 1
    assert not checkout.asked("venv")


def test_an_older_lock_that_returns_is_installed_again(checkout: Checkout) -> None:
    lock = checkout.root / "locks/desktop.txt"
    older = lock.read_text()
    checkout.set_up()
    lock.write_text(older + "# newer\n")
    checkout.set_up()
    lock.write_text(older)
    checkout.set_up()
    assert len(checkout.asked("pip")) == 1


def test_what_serves_the_tests_serves_running_too(checkout: Checkout) -> None:
    checkout.set_up("test")
    assert checkout.asked("pip")[0].endswith("locks/dev.txt")
    assert checkout.set_up("run").returncode == 0
    assert not checkout.asked("pip")


def test_set_up_that_failed_is_taken_up_again(checkout: Checkout) -> None:
    assert checkout.set_up(PIP_FAILS="NewConnectionError: refused").returncode == 1
    assert checkout.set_up().returncode == 0
    assert not checkout.asked("venv")
    assert len(checkout.asked("pip")) == 1


def test_a_failed_change_does_not_count_as_done(checkout: Checkout) -> None:
    lock = checkout.root / "locks/desktop.txt"
    older = lock.read_text()
    checkout.set_up()
    lock.write_text(older + "# newer\n")
    assert checkout.set_up(PIP_FAILS="killed half-way").returncode == 1
    lock.write_text(older)
    assert checkout.set_up().returncode == 0
    assert len(checkout.asked("pip")) == 1


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("NewConnectionError('…')", "Is there a network?"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM", "not the one that was checked"),
        ("OSError: [Errno 28] No space left on device", "The disk is full."),
        ("ERROR: No matching distribution found for x", "does not offer a package"),
        ("something else", "Installing the Python packages failed."),
    ],
)
def test_why_pip_failed_is_told_in_words(checkout: Checkout, said: str, words: str) -> None:
    run = checkout.set_up(PIP_FAILS=said)
    assert run.returncode == 1
    assert words in run.stderr
    assert "Run the same command again" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_broken_environment_is_made_anew(checkout: Checkout) -> None:
    checkout.set_up()
    (checkout.root / ".venv/bin/python").unlink()
    (checkout.root / ".venv/bin/python").symlink_to("/nowhere/python3")
    assert checkout.set_up().returncode == 0
    assert checkout.asked("venv")


@pytest.mark.parametrize("stamp", ["", "[]", "{", '{"run": 3}', "\0"])
def test_a_damaged_stamp_only_means_set_up_again(checkout: Checkout, stamp: str) -> None:
    checkout.set_up()
    (checkout.root / ".venv/devpulse-setup.json").write_text(stamp)
    assert checkout.set_up().returncode == 0
    assert "run" in json.loads((checkout.root / ".venv/devpulse-setup.json").read_text())


def test_only_missing_packages_are_installed(checkout: Checkout) -> None:
    checkout.stand_in("dpkg-query", f"({INSTALLED}) | /bin/grep -v libxcb-cursor0")
    checkout.stand_in("sudo", SUDO)
    run = checkout.set_up()
    assert run.returncode == 0, run.stderr
    update, install = checkout.asked("apt-get")
    assert update.endswith(" update")
    assert install.endswith(" --no-install-recommends -y libxcb-cursor0")


def test_where_python_has_no_venv_its_package_is_asked_for(checkout: Checkout) -> None:
    checkout.stand_in("dpkg-query", f"({INSTALLED}) | /bin/grep -v python3-venv")
    checkout.stand_in("sudo", SUDO)
    run = checkout.set_up(NO_VENV="1")
    assert run.returncode == 1  # the stand-in installs nothing
    assert checkout.asked("apt-get")[1].endswith(" python3-venv")
    assert "cannot make virtual environments" in run.stderr


def test_a_failing_apt_is_told_with_the_command(checkout: Checkout) -> None:
    checkout.stand_in("dpkg-query", "exit 1")
    checkout.stand_in("sudo", SUDO)
    checkout.stand_in("apt-get", 'echo "E: Unable to locate package"; exit 100')
    run = checkout.set_up()
    assert run.returncode == 1
    assert "Unable to locate package" in run.stderr
    assert "apt-get install --no-install-recommends -y libdbus-1-3" in run.stderr


def test_a_library_that_is_still_missing_is_named(checkout: Checkout) -> None:
    checkout.set_up()
    plugin = checkout.root / ".venv/lib/python3.11/site-packages/PyQt6/Qt6/plugins/platforms/libqxcb.so"
    plugin.parent.mkdir(parents=True)
    plugin.touch()
    (checkout.root / ".venv/devpulse-setup.json").unlink()
    lines = ("libxcb-cursor.so.0 => not found", "libc.so.6 => /lib/libc.so.6 (0x0)")
    checkout.stand_in("ldd", "".join(f'echo "\t{line}"\n' for line in lines))
    run = checkout.set_up()
    assert run.returncode == 1
    assert "    libxcb-cursor.so.0\n" in run.stderr
    assert "libc.so.6" not in run.stderr


def test_a_system_without_dpkg_is_not_asked_for_packages(checkout: Checkout) -> None:
    (checkout.bin / "dpkg-query").unlink()
    assert checkout.set_up().returncode == 0
    assert not checkout.asked("apt-get")


def test_a_path_with_a_colon_is_refused_in_words(checkout: Checkout) -> None:
    checkout.root = checkout.root.rename(checkout.root.with_name("dev:pulse"))
    run = checkout.set_up()
    assert run.returncode == 1
    assert "Move the checkout." in run.stderr


def test_a_checkout_that_moves_still_works(checkout: Checkout) -> None:
    checkout.set_up()
    checkout.root = checkout.root.rename(checkout.root.with_name("else where"))
    run = checkout.set_up()
    assert (run.returncode, checkout.told.read_text()) == (0, "")


def test_a_second_set_up_waits_for_the_first(checkout: Checkout) -> None:
    folder = os.open(checkout.root, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    words = [checkout.bin / "python3", "-E", "-s", "-B", "installers/setup.py", "run"]
    second = subprocess.Popen(words, cwd=checkout.root, env={**checkout.environ, "TOLD": str(checkout.told)})
    with pytest.raises(subprocess.TimeoutExpired):
        second.wait(1.5)
    assert not checkout.told.exists()
    os.close(folder)
    assert second.wait(60) == 0


def test_wrong_words_tell_the_right_ones(checkout: Checkout) -> None:
    run = checkout.set_up("everything")
    assert run.returncode == 2
    assert "run|demo|test" in run.stderr
