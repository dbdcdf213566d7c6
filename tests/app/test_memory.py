import ctypes
import subprocess
import sys
from pathlib import Path

import pytest

from app import memory
from app.memory import Footprint, code_mappings, hand_back, parsed, resident

ROLLUP = """55d0-7ffd ---p 00000000 00:00 0    [rollup]
Rss:                3000 kB
Pss:                2000 kB
Private_Clean:       500 kB
Private_Dirty:       700 kB
"""


def test_reads_the_three_sizes() -> None:
    assert parsed(ROLLUP) == Footprint(3000 * 1024, 2000 * 1024, 1200 * 1024)


@pytest.mark.parametrize("text", ["", "x\nRss: 1 kB\n", "x\nRss:\n", "x\nRss: many kB\n"])
def test_a_strange_rollup_is_refused(text: str) -> None:
    with pytest.raises((KeyError, ValueError)):
        parsed(text)


def test_a_system_without_smaps_gives_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_ROLLUP", tmp_path / "none")
    assert resident() is None
    (tmp_path / "odd").write_text("x\nRss:\n")
    monkeypatch.setattr(memory, "_ROLLUP", tmp_path / "odd")
    assert resident() is None


def test_this_process_holds_memory() -> None:
    now = resident()
    assert now is not None
    assert 0 < now.uss <= now.pss <= now.rss


def _mapping(line: str, anonymous: int = 0) -> list[str]:
    return [line, "Size: 4 kB", "Rss: 4 kB", f"Anonymous:  {anonymous} kB", "VmFlags: rd ex mr mw me"]


@pytest.mark.parametrize(
    ("line", "anonymous", "taken"),
    [
        ("1000-2000 r-xp 00001000 08:01 77 /usr/lib/lib a.so", 0, True),
        ("1000-2000 r-xp 00001000 08:01 77 /usr/lib/a.so", 4, False),  # a text relocation lives there
        ("1000-2000 r--p 00001000 08:01 77 /usr/lib/a.so", 0, True),
        ("1000-2000 r--p 00001000 08:01 77 /usr/lib/a.so", 8, False),  # relocated tables
        ("1000-2000 rwxp 00001000 08:01 77 /usr/lib/a.so", 0, False),
        ("1000-2000 r-xs 00001000 08:01 77 /usr/lib/a.so", 0, False),
        ("1000-2000 r-xp 00000000 00:00 0 ", 0, False),
        ("1000-2000 r-xp 00000000 00:00 0 [vdso]", 0, False),
    ],
)
def test_only_plain_code_of_files_is_taken(line: str, anonymous: int, taken: bool) -> None:
    assert list(code_mappings(_mapping(line, anonymous))) == ([(0x1000, 0x2000)] if taken else [])


def test_a_mapping_without_a_word_on_its_pages_is_left_alone() -> None:
    assert list(code_mappings(["1000-2000 r-xp 0 08:01 77 /a.so", "Rss: 4 kB"])) == []


def test_without_smaps_nothing_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_SMAPS", tmp_path / "none")
    assert hand_back() == 0


def test_elsewhere_than_on_linux_nothing_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(ctypes, "CDLL", None)
    assert hand_back() == 0


def test_gives_megabytes_back_and_everything_still_works() -> None:
    program = """
import sqlite3, threading
from PyQt6 import QtCore, QtDBus, QtGui, QtWidgets
from app.memory import hand_back, resident
before = resident()
working = True
def work():
    while working:
        sqlite3.connect(":memory:").execute("select count(*) from (values (1),(2))").fetchone()
threads = [threading.Thread(target=work) for _ in range(2)]
[t.start() for t in threads]
given = [hand_back() for _ in range(50)]
working = False
[t.join() for t in threads]
app = QtCore.QCoreApplication([])
QtCore.QTimer.singleShot(0, app.quit)
assert app.exec() == 0
assert given[0] > 3_000_000, given
print("ok")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout.strip()) == (0, "ok"), done.stderr


def test_handing_back_twice_is_harmless_in_a_process_that_works() -> None:
    assert hand_back() >= 0
    assert hand_back() >= 0
    assert resident() is not None
