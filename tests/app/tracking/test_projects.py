"""From a filtered sample to a place: which source of knowledge counts, and what is never enough."""

import json
import logging

import pytest

from app.tracking.remotes import normalised
from tests.app.tracking.project_fakes import FakeProcesses, resolver, sample


@pytest.fixture
def home(tmp_path):
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def table() -> FakeProcesses:
    return FakeProcesses()


@pytest.fixture
def alpha(git, home):
    return git.repository(home / "src" / "alpha", branch="work", remote="git@example.org:o/alpha.git")


def told(place):
    return None if place is None else (place.name, place.branch, place.language, place.path)


def test_nothing_where_projects_are_not_recorded(table, home, alpha):
    found = resolver(table, home, {"alpha": [str(alpha)]})
    assert found.resolve(sample("code", "main.py - alpha - Visual Studio Code", record=False)) is None


def test_a_path_that_the_source_knows(table, home, alpha):
    place = resolver(table, home).resolve(sample("Whatever", path=f"{alpha}/main.py"))
    assert place is not None
    assert told(place) == ("alpha", "work", "Python", f"{alpha}/main.py")
    assert place.remote == normalised("git@example.org:o/alpha.git")


def test_a_terminal(table, home, alpha):
    table.add(100, "xterm")
    table.add(101, "bash", parent=100, tty=2, front=101, cwd=alpha)
    assert told(resolver(table, home).resolve(sample("XTerm", pid=100))) == ("alpha", "work", None, None)
    assert resolver(table, home).resolve(sample("XTerm")) is None


def test_an_editor_in_a_terminal(table, home, alpha, git):
    beta = git.repository(home / "beta")
    table.add(100, "xterm")
    table.add(101, "bash", parent=100, tty=2, front=102, cwd=beta)
    table.add(102, "vim", parent=101, tty=2, front=102, cwd=beta, argv=["vim", f"{alpha}/main.py"])
    place = resolver(table, home).resolve(sample("XTerm", pid=100))
    assert told(place) == ("alpha", "work", "Python", f"{alpha}/main.py")
    # A file outside of any project is edited from within this one.
    table.made[102].argv = ["vim", "/etc/hosts.py"]
    place = resolver(table, home).resolve(sample("XTerm", pid=100))
    assert told(place) == ("beta", "main", "Python", None)


@pytest.mark.parametrize(
    ("window_class", "title"),
    [
        ("org.gnome.Nautilus", "alpha"),
        ("Thunar", "alpha - Thunar"),
        ("firefox", "o/alpha: an example — Mozilla Firefox"),
        ("Google-chrome", "main.py - alpha - Google Chrome"),
        ("Slack", "alpha"),
    ],
)
def test_a_projects_name_in_another_programs_title_is_not_enough(table, home, alpha, window_class, title):
    table.add(100, window_class, cwd=alpha, argv=[str(alpha)])
    assert (
        resolver(table, home, {"alpha": [str(alpha)]}).resolve(sample(window_class, title, pid=100)) is None
    )


def test_a_name_in_an_editors_title_needs_a_folder(table, home, alpha):
    shown = sample("Code", "main.py - alpha - Visual Studio Code", pid=None)
    assert resolver(table, home).resolve(shown) is None
    place = resolver(table, home, {"alpha": [str(alpha)]}).resolve(shown)
    assert told(place) == ("alpha", "work", "Python", f"{alpha}/main.py")
    gone = resolver(table, home, {"alpha": ["/gone/alpha"]})
    assert gone.resolve(shown) is None


def test_a_clue_serves_as_well_as_a_title(table, home, alpha):
    shown = sample("Code", clue="main.py - alpha - Visual Studio Code")
    place = resolver(table, home, {"alpha": [str(alpha)]}).resolve(shown)
    assert told(place) == ("alpha", "work", "Python", f"{alpha}/main.py")


def test_a_renamed_project_is_found_by_its_folder(table, home, alpha):
    found = resolver(table, home, {"The Alpha Project": [str(alpha)]})
    assert told(found.resolve(sample("Code", "alpha - Visual Studio Code"))) == ("alpha", "work", None, None)


def test_the_command_line_tells_an_unknown_folder(table, home, alpha):
    table.add(100, "code", argv=["/usr/share/code/code", "--unity-launch", "alpha"], cwd=home / "src")
    place = resolver(table, home).resolve(sample("Code", "x.py - alpha - Visual Studio Code", pid=100))
    assert told(place) == ("alpha", "work", "Python", None)


def test_the_working_folder_tells_an_unknown_folder(table, home, alpha):
    (alpha / "src").mkdir()
    table.add(100, "zed-editor", argv=["zed"], cwd=alpha / "src")
    place = resolver(table, home).resolve(sample("dev.zed.Zed", "alpha — main.py", pid=100))
    assert told(place) == ("alpha", "work", "Python", f"{alpha}/main.py")


def test_the_shells_inside_an_editor_tell_an_unknown_folder(table, home, alpha):
    table.add(100, "code", cwd=home)
    table.add(101, "code", parent=100, cwd=home)
    table.add(102, "bash", parent=101, tty=3, front=102, cwd=alpha)
    place = resolver(table, home).resolve(sample("Code", "x.rs - alpha - Visual Studio Code", pid=100))
    assert told(place) == ("alpha", "work", "Rust", None)


def test_the_folder_an_editor_started_in_is_not_the_one_its_title_names(table, home, alpha):
    table.add(100, "code", argv=["code", "main.py"], cwd=alpha)
    shown = sample("Code", "main.py - elsewhere - Visual Studio Code", pid=100)
    assert resolver(table, home).resolve(shown) is None
    place = resolver(table, home).resolve(sample("Code", "main.py - Visual Studio Code", pid=100))
    assert told(place) == ("alpha", "work", "Python", f"{alpha}/main.py")


def test_the_editors_notes_go_before_a_known_folder_of_the_same_name(table, home, alpha, git):
    other = git.repository(home / "elsewhere" / "alpha", branch="other")
    notes = home / ".config" / "Code" / "User" / "globalStorage" / "storage.json"
    notes.parent.mkdir(parents=True)
    notes.write_text(json.dumps({"windowsState": {"lastActiveWindow": {"folder": f"file://{other}"}}}))
    place = resolver(table, home, {"alpha": [str(alpha)]}).resolve(
        sample("Code", "alpha - Visual Studio Code")
    )
    assert place is not None
    assert place.root == str(other)


def test_two_folders_of_one_name_are_told_apart_by_the_file(table, home, alpha, git):
    other = git.repository(home / "elsewhere" / "alpha")
    (other / "only-here.rs").touch()
    found = resolver(table, home, {"alpha": [str(alpha), str(other)]})
    place = found.resolve(sample("Code", "only-here.rs - alpha - Visual Studio Code"))
    assert place is not None
    assert place.root == str(other)
    first = found.resolve(sample("Code", "unknown.rs - alpha - Visual Studio Code"))
    assert first is not None
    assert first.root == str(alpha)


@pytest.mark.parametrize(
    ("window_class", "title"),
    [
        ("Gvim", "main.py (~/src/alpha) - GVIM"),
        ("gedit", "main.py (~/src/alpha) - gedit"),
        ("Mousepad", "~/src/alpha/main.py - Mousepad"),
        ("kate", "~/src/alpha/main.py — Kate"),
        ("Geany", "main.py - ~/src/alpha - Geany"),
        ("Emacs", "~/src/alpha/main.py - GNU Emacs at desk"),
        ("jetbrains-pycharm", "alpha [~/src/alpha] – main.py"),
    ],
)
def test_a_folder_in_the_title_is_enough(table, home, alpha, window_class, title):
    place = resolver(table, home).resolve(sample(window_class, title))
    assert told(place) == ("alpha", "work", "Python", f"{alpha}/main.py")


@pytest.mark.parametrize("how", ["argv", "files", "cwd"])
def test_a_bare_file_name_is_found_by_the_process(table, home, alpha, how):
    file = f"{alpha}/main.py"
    given = {
        "argv": {"argv": ["emacs", file], "cwd": home},
        "files": {"files": [file], "cwd": home},
        "cwd": {"cwd": alpha},
    }
    table.add(100, "emacs", **given[how])
    place = resolver(table, home).resolve(sample("Emacs", "main.py - GNU Emacs at desk", pid=100))
    assert told(place) == ("alpha", "work", "Python", file)
    assert resolver(table, home).resolve(sample("Emacs", "other.py - GNU Emacs at desk", pid=100)) is None


def test_a_window_onto_git_by_its_working_folder(table, home, alpha):
    table.add(100, "wish", cwd=alpha)
    place = resolver(table, home).resolve(sample("Gitk", "strange title", pid=100))
    assert told(place) == ("alpha", "work", None, None)


@pytest.mark.parametrize(
    "title", ["", "Welcome - Visual Studio Code", "Get Started - Visual Studio Code", "nonsense"]
)
def test_titles_that_tell_nothing(table, home, alpha, title):
    table.add(100, "code", cwd=home)
    assert resolver(table, home, {"alpha": [str(alpha)]}).resolve(sample("Code", title, pid=100)) is None


def test_a_failure_is_nothing_known_and_its_kind_is_logged_alone(table, home, alpha, caplog):
    class Broken(FakeProcesses):
        def read(self, pid):
            raise RuntimeError("secret ~/src/alpha")

    with caplog.at_level(logging.DEBUG):
        assert resolver(Broken(), home).resolve(sample("XTerm", "secret", pid=1)) is None
    assert "RuntimeError" in caplog.text
    assert "secret" not in caplog.text


def test_places_hide_what_they_know_in_repr(table, home, alpha):
    place = resolver(table, home).resolve(sample("Gvim", "main.py (~/src/alpha) - GVIM"))
    assert place is not None
    assert str(home) not in repr(place)
