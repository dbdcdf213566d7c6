"""Titles are made fit to store."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tracking.titles import cleaned, settled


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("plain title", "plain title"),
        ("  two\tlines\r\nand\x0bmore  ", "two lines and more"),
        ("a\x00b\x1b[31mc", "ab[31mc"),
        ("safe\u202egnp.exe", "safegnp.exe"),
        ("b\u200ba\u200dn\u2060k\ufeff", "bank"),
        ("b\ufe0fa\u034fn\u115fk\u3164", "bank"),
        ("\u2066isolated\u2069", "isolated"),
        ("e\u0301", "é"),
        ("tag\U000e0041s", "tags"),
        ("half \ud83d pair", "half pair"),
        ("line\u2028separator", "line separator"),
        ("soft\u00adhyphen", "softhyphen"),
        ("Straße – 東京 – 🎉", "Straße – 東京 – 🎉"),
    ],
)
def test_what_cannot_be_seen_goes(raw: str, clean: str) -> None:
    assert cleaned(raw, 1000) == clean


@given(st.text(max_size=300), st.integers(1, 50))
def test_cleaning_is_bounded_printable_and_done_once(text: str, longest: int) -> None:
    once = cleaned(text, longest)
    assert len(once) <= longest
    assert once.isprintable()
    assert once == once.strip()
    assert cleaned(once, longest) == once


@pytest.mark.parametrize(
    ("title", "stays"),
    [
        ("(3) Inbox - Mail", "Inbox - Mail"),
        ("(99+) Feed", "Feed"),
        ("[2] Room", "Room"),
        ("● app.py - VS Code", "app.py - VS Code"),
        ("* app.py", "app.py"),
        ("*app.py - Mousepad", "app.py - Mousepad"),
        ("*scratch* - GNU Emacs", "*scratch* - GNU Emacs"),
        ("app.py ●", "app.py"),
        ("app.py *", "app.py"),
        ("app.py [+]", "app.py"),
        ("app.py [modified]", "app.py"),
        ("app.py + (~/work) - VIM", "app.py (~/work) - VIM"),
        ("app.py [+] - NVIM", "app.py - NVIM"),
        ("C++ (draft)", "C++ (draft)"),
        ("⠋ building", "building"),
        ("⣾⣽ building", "building"),
        ("✳ Fix the parser", "Fix the parser"),
        ("✻ ✽ thinking", "thinking"),
        ("42% done", "…% done"),
        ("Copying 42.5 % of 3 files", "Copying … % of 3 files"),
        ("12:34:56 - Timer", "… - Timer"),
        ("▶ 1:23 / 4:56 Song", "… Song"),
        ("12:34 - Timer", "… - Timer"),
        ("Recording (0:12)", "Recording (…)"),
        ("Build [45s]", "Build […]"),
        ("Building 1m 20s", "Building …"),
        ("Building 1h 2m 3s", "Building …"),
        ("1.2 MB/s - file.iso", "… - file.iso"),
        ("Meeting 14:00 with Ada", "Meeting 14:00 with Ada"),
        ("main.c:12:34 error", "main.c:12:34 error"),
        ("iPhone 5s", "iPhone 5s"),
        ("Python 3.11.2", "Python 3.11.2"),
        ("Issue #42 · repo", "Issue #42 · repo"),
        ("report (2).pdf", "report (2).pdf"),
        ("2026-01-02 notes", "2026-01-02 notes"),
        ("(3) ● app.py", "app.py"),
        ("", ""),
        ("⠋", ""),
        ("42%", "…%"),
    ],
)
def test_what_changes_by_itself_goes(title: str, stays: str) -> None:
    assert settled(title) == stays


@given(st.text("(3)● *ab:12/%…⠋+[]smh-. ", max_size=40))
def test_settling_is_done_once(title: str) -> None:
    assert settled(settled(title)) == settled(title)


def test_long_hostile_titles_are_quick() -> None:
    for part in ("1:23 / ", "(", "* ", "1h 2m ", "9" * 50, "⠋ "):
        settled((part * 4096)[:4096])
