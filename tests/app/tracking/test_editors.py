"""Titles as the common editors write them, and whatever else a window may call itself."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.tracking.editors import Shown, is_path
from tests.app.tracking.project_fakes import TABLES

# class, title, file, folder, a project's name that must be among those read
TITLES = [
    ("code", "main.py - alpha - Visual Studio Code", "main.py", None, "alpha"),
    ("Code", "● main.py - alpha - Visual Studio Code", "main.py", None, "alpha"),
    ("code", "alpha - Visual Studio Code", "alpha", None, "alpha"),
    ("code", "main.py - alpha (Workspace) - Visual Studio Code", "main.py", None, "alpha"),
    ("code", "main.py - alpha - Python - Visual Studio Code", "main.py", None, "alpha"),
    ("code", "a - b.md - my - docs - Visual Studio Code", "a", None, "docs"),
    ("code", "main.py - alpha - Visual Studio Code [Superuser]", "main.py", None, "alpha"),
    ("code", "main.py (Working Tree) - alpha - Visual Studio Code", "main.py", None, "alpha"),
    ("Code - OSS", "lib.rs - alpha - Code - OSS", "lib.rs", None, "alpha"),
    ("visual studio code", "main.py — alpha — Visual Studio Code", "main.py", None, "alpha"),
    ("code - insiders", "x.ts - alpha - Visual Studio Code - Insiders", "x.ts", None, "alpha"),
    ("VSCodium", "main.go - alpha - VSCodium", "main.go", None, "alpha"),
    ("Cursor", "page.tsx - alpha - Cursor", "page.tsx", None, "alpha"),
    ("windsurf", "page.tsx - alpha - Windsurf", "page.tsx", None, "alpha"),
    ("lapce", "main.rs - alpha - Lapce", "main.rs", None, "alpha"),
    ("dev.zed.Zed", "alpha — main.rs", "main.rs", None, "alpha"),
    ("dev.zed.Zed", "alpha", None, None, "alpha"),
    ("Pulsar", "main.js — ~/src/alpha — Pulsar", "main.js", "~/src/alpha", None),
    ("Atom", "main.js — /srv/alpha — Atom", "main.js", "/srv/alpha", None),
    ("jetbrains-pycharm", "alpha – main.py", "main.py", None, "alpha"),
    ("jetbrains-pycharm-ce", "alpha [~/src/alpha] - .../src/main.py - PyCharm",
     ".../src/main.py", "~/src/alpha", "alpha"),
    ("jetbrains-idea", "alpha – Main.java [alpha.core.main]", "Main.java", None, "alpha"),
    ("jetbrains-idea-ce", "alpha [~/src/alpha] – .../Main.java [core] - IntelliJ IDEA",
     ".../Main.java", "~/src/alpha", "alpha"),
    ("jetbrains-clion", "alpha – main.cpp", "main.cpp", None, "alpha"),
    ("jetbrains-goland", "alpha – main.go", "main.go", None, "alpha"),
    ("jetbrains-webstorm", "alpha – index.ts", "index.ts", None, "alpha"),
    ("jetbrains-rider", "alpha – Program.cs", "Program.cs", None, "alpha"),
    ("jetbrains-rustrover", "alpha – main.rs [alpha]", "main.rs", None, "alpha"),
    ("jetbrains-studio", "alpha – MainActivity.kt [alpha.app.main]", "MainActivity.kt", None, "alpha"),
    ("jetbrains-pycharm", "alpha", None, None, "alpha"),
    ("sublime_text", "main.py (alpha) - Sublime Text", "main.py", None, "alpha"),
    ("Sublime_text", "main.py • (alpha) - Sublime Text (UNREGISTERED)", "main.py", None, "alpha"),
    ("sublime_text", "~/src/alpha/main.py - Sublime Text", "~/src/alpha/main.py", None, None),
    ("sublime_text", "~/src/alpha/main.py • (alpha) - Sublime Text", "~/src/alpha/main.py", None, "alpha"),
    ("Gvim", "notes.py (~/src/alpha) - GVIM", "notes.py", "~/src/alpha", None),
    ("Gvim", "notes.py + (~/src/alpha) - GVIM1", "notes.py", "~/src/alpha", None),
    ("gvim", "notes.py (/srv/alpha) - VIM", "notes.py", "/srv/alpha", None),
    ("Gvim", "notes.py = (~/src/alpha) - GVIM", "notes.py", "~/src/alpha", None),
    ("Gvim", "notes.py (~/src/alpha) (1 of 3) - GVIM", "notes.py", "~/src/alpha", None),
    ("neovide", "main.lua + (~/src/alpha) - NVIM", "main.lua", "~/src/alpha", None),
    ("gedit", "main.c (~/src/alpha) - gedit", "main.c", "~/src/alpha", None),
    ("gedit", "*main.c (~/src/alpha) - gedit", "main.c", "~/src/alpha", None),
    ("Gedit", "main.c [Read-Only] (/srv/alpha) - gedit", "main.c", "/srv/alpha", None),
    ("org.gnome.TextEditor", "main.c (~/src/alpha) - Text Editor", "main.c", "~/src/alpha", None),
    ("gnome-text-editor", "• main.c (~/src/alpha) — Text Editor", "main.c", "~/src/alpha", None),
    ("Pluma", "main.c (~/src/alpha) - Pluma", "main.c", "~/src/alpha", None),
    ("Xed", "main.c (~/src/alpha)", "main.c", "~/src/alpha", None),
    ("kate", "~/src/alpha/main.cpp — Kate", "~/src/alpha/main.cpp", None, None),
    ("kate", "alpha: main.cpp — Kate", "main.cpp", None, None),
    ("kate", "main.cpp  — Kate", "main.cpp", None, None),
    ("kwrite", "/srv/alpha/notes.txt — KWrite", "/srv/alpha/notes.txt", None, None),
    ("Mousepad", "~/src/alpha/main.py - Mousepad", "~/src/alpha/main.py", None, None),
    ("Mousepad", "*~/src/alpha/main.py - Mousepad", "~/src/alpha/main.py", None, None),
    ("Mousepad", "/srv/alpha/main.py [Read Only] - Mousepad", "/srv/alpha/main.py", None, None),
    ("Geany", "main.c - ~/src/alpha - Geany", "main.c", "~/src/alpha", None),
    ("Geany", "main.c - /srv/alpha - [alpha] - Geany", "main.c", "/srv/alpha", "alpha"),
    ("QtCreator", "main.cpp (src @ alpha) [main] - Qt Creator", "main.cpp", None, "alpha"),
    ("qtcreator", "main.cpp @ alpha [main] - Qt Creator", "main.cpp", None, "alpha"),
    ("qtcreator", "alpha - Qt Creator", None, None, "alpha"),
    ("Eclipse", "workspace - alpha/src/org/Main.java - Eclipse IDE", "src/org/Main.java", None, "alpha"),
    ("Eclipse", "eclipse-workspace - alpha/pom.xml - Eclipse IDE ", "pom.xml", None, "alpha"),
    ("kdevelop", "alpha - [ main.cpp ] - KDevelop", "main.cpp", None, "alpha"),
    ("codeblocks", "main.cpp [alpha] - Code::Blocks 20.03", "main.cpp", None, "alpha"),
    ("gnome-builder", "main.c — alpha — Builder", "main.c", None, "alpha"),
    ("com.apple.dt.Xcode", "alpha — ContentView.swift", "ContentView.swift", None, "alpha"),
    ("devenv.exe", "alpha - Program.cs - Microsoft Visual Studio", "Program.cs", None, "alpha"),
    ("RStudio", "~/src/alpha - RStudio", None, "~/src/alpha", None),
    ("Godot", "main.tscn - alpha - Godot Engine", "main.tscn", None, "alpha"),
    ("Emacs", "notes.py - GNU Emacs at host", "notes.py", None, None),
    ("Emacs", "~/src/alpha/notes.py - GNU Emacs at host", "~/src/alpha/notes.py", None, None),
    ("emacs", "main.el – Doom Emacs", "main.el", None, None),
    ("notepad++", "C:\\src\\alpha\\main.cpp - Notepad++", "C:\\src\\alpha\\main.cpp", None, None),
    ("notepad++", "*C:\\src\\alpha\\main.cpp - Notepad++ [Administrator]",
     "C:\\src\\alpha\\main.cpp", None, None),
    ("Thonny", "Thonny  -  /srv/alpha/main.py  @  1 : 1", "/srv/alpha/main.py", None, None),
    ("apache netbeans ide", "alpha - Main.java - Editor - Apache NetBeans IDE", "Main.java", None, "alpha"),
    ("texstudio", "Document : /srv/alpha/paper.tex - TeXstudio", "/srv/alpha/paper.tex", None, None),
    ("featherpad", "main.c (~/src/alpha)", "main.c", "~/src/alpha", None),
    ("arduino ide", "alpha | Arduino IDE 2.3.2", None, None, "alpha"),
    ("Lazarus", "Lazarus IDE v2.2.6 - alpha", None, None, "alpha"),
]  # fmt: skip


def readings(window_class, title) -> list[Shown]:
    name = window_class.casefold().removesuffix(".exe")
    editor = TABLES.editors.get(name) or TABLES.editors.get(name.rpartition(".")[2])
    assert editor is not None, name
    return list(editor.read(title))


def test_there_are_enough_titles():
    assert len(TITLES) >= 60


@pytest.mark.parametrize(("window_class", "title", "file", "folder", "project"), TITLES)
def test_titles(window_class, title, file, folder, project):
    first = readings(window_class, title)[0]
    assert (first.file, first.folder) == (file, folder)
    if project is None:
        assert first.projects == ()
    else:
        assert project in first.projects


@pytest.mark.parametrize(
    ("window_class", "title"),
    [
        ("code", "main.py - alpha [SSH: server] - Visual Studio Code"),
        ("code", "main.py - alpha [WSL: Ubuntu] - Visual Studio Code"),
        ("code", "main.py - alpha [Dev Container: Python 3] - Visual Studio Code"),
        ("code", "Visual Studio Code"),
        ("code", "main.py - alpha - Some Browser"),
        ("gvim", "x" * 600 + " (~/src/alpha) - GVIM"),
        ("code", ""),
    ],
)
def test_titles_that_tell_nothing_of_this_machine(window_class, title):
    assert readings(window_class, title) == []


def test_a_name_with_dashes_is_read_whole_first():
    assert readings("code", "a.md - my - docs - Visual Studio Code")[0].projects[0] == "my - docs"


@pytest.mark.parametrize("entry", sorted({e["name"]: e for e in TABLES.editors._content.values()}))
@settings(max_examples=20, deadline=None)
@given(title=st.text(max_size=120) | st.text(alphabet="a ~/-–—()[]@|.:•*", max_size=300))
def test_no_title_raises(entry, title):
    name = next(key for key, value in TABLES.editors._content.items() if value["name"] == entry)
    editor = TABLES.editors.get(name)
    assert editor is not None
    for shown in editor.read(title):
        assert shown.file != ""
        assert all(shown.projects)


@pytest.mark.parametrize(
    "piece", [" - ", " – ", " — ", "(", ") (", " [~", "a ", "~/", " - [", "a - ", " (a @ ", ": "]
)
def test_no_title_takes_long(piece):
    title = (piece * 512)[:512]
    started = time.process_time()
    for name in TABLES.editors._content:
        editor = TABLES.editors.get(name)
        assert editor is not None
        list(editor.read(title))
    # 200 names together; one alone is far below.
    assert time.process_time() - started < 5


def test_an_unknown_name_is_no_editor():
    assert TABLES.editors.get("firefox") is None
    assert TABLES.editors.get("code") is TABLES.editors.get("code - oss")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("/a", True), ("~/a", True), ("~", True), ("C:\\a", True), ("a/b", False), ("~a", False), ("", False)],
)
def test_paths(text, expected):
    assert is_path(text) is expected
