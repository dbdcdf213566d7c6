"""`devpulse projects`: from real repositories to what lists and reports show."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from app.models.projects import Projects
from app.models.values import Place
from tests.app.tracking.conftest import Git

NINE = datetime(2026, 3, 4, 9, 0)  # noqa: DTZ001 - a local wall-clock time


@pytest.fixture
def git(tmp_path: Path) -> Git:
    return Git(tmp_path / "git-home")


@pytest.fixture
def code(tmp_path: Path) -> Path:
    return tmp_path / "code"


def projects(recording) -> list:
    with recording.store() as store:
        return Projects(store).all(archived=True)


def named(recording, name):
    return next(project for project in projects(recording) if project.name == name)


def met(recording, root: Path, name: str, remote: str | None = None) -> int:
    """What the agent does with a folder it has not met before."""
    with recording.store() as store:
        return Projects(store).find_or_create(Place(name, str(root), "main", remote))


def test_nothing_yet(home, recording):
    with recording.store() as store:
        Projects(store).archive(recording.project)
    assert "There are no projects yet" in home.run("projects", "list").out
    assert home.run("projects", "list", "--json").json == []


def test_list_most_time_first(home, recording):
    small = met(recording, Path("/x/small"), "small")
    recording.add(NINE, 60, project_id=small)
    recording.add(NINE.replace(hour=10), 3600, project_id=recording.project)
    listed = home.run("projects", "list").out.splitlines()
    assert listed[0].split() == ["PROJECT", "TIME", "LAST", "LANGUAGE"]
    assert [line.split()[0] for line in listed[1:]] == ["devpulse", "small"]
    assert "1 h" in listed[1]
    told = home.run("projects", "list", "--json").json
    assert [(p["name"], p["seconds"], p["last_day"]) for p in told] == [
        ("devpulse", 3600.0, "2026-03-04"), ("small", 60.0, "2026-03-04"),
    ]  # fmt: skip


def test_scan_finds_and_stores_once(home, recording, agent, git, code):
    git.repository(code / "alpha", remote="git@example.org:o/alpha.git")
    git.repository(code / "deep" / "beta")
    found = home.run("projects", "scan", str(code), "--json").json
    assert [(row["name"], row["new"], row["language"]) for row in found] == [
        ("alpha", True, "Python"), ("beta", True, "Python"),
    ]  # fmt: skip
    assert "reload" in agent.names
    again = home.run("projects", "scan", str(code))
    assert "2 repositories found, 0 new." in again.out
    alpha = named(recording, "alpha")
    assert alpha.roots == (str(code / "alpha"),)
    assert alpha.remote == "example.org/o/alpha"
    assert alpha.root_commit == git(code / "alpha", "rev-parse", "HEAD")
    assert alpha.language == "Python"


def test_scan_uses_the_setting_and_its_depth(home, recording, git, code):
    git.repository(code / "alpha")
    git.repository(code / "deep" / "er" / "beta")
    assert home.run("projects", "scan").code == 2
    home.run("settings", "set", "projects.folders", f'["{code}"]')
    home.run("settings", "set", "projects.scan_depth", "1")
    assert [row["name"] for row in home.run("projects", "scan", "--json").json] == ["alpha"]
    assert len(home.run("projects", "scan", "--depth", "3", "--json").json) == 2


def test_a_dry_run_changes_nothing(home, recording, git, code):
    git.repository(code / "alpha")
    before = projects(recording)
    assert "1 repository found." in home.run("projects", "scan", str(code), "--dry-run").out
    assert projects(recording) == before


def test_a_moved_and_renamed_repository_stays_one_project(home, recording, git, code):
    root = git.repository(code / "alpha")
    home.run("projects", "scan", str(code))
    moved = code / "elsewhere" / "omega"
    moved.parent.mkdir()
    root.rename(moved)
    rows = home.run("projects", "scan", str(code), "--json").json
    assert [(row["name"], row["new"]) for row in rows] == [("alpha", False)]
    assert named(recording, "alpha").roots == (str(root), str(moved))
    shown = home.run("projects", "show", "alpha").out
    assert "not there any more" in shown
    assert f"{moved} on main" in shown


def test_clones_of_one_remote_are_one_project(home, recording, git, code):
    remote = "https://example.org/o/alpha.git"
    root = git.repository(code / "one" / "alpha", remote=remote)
    git(code, "clone", "-q", str(root), "two")
    git(code / "two", "remote", "set-url", "origin", "git@example.org:o/alpha")
    home.run("projects", "scan", str(code))
    assert set(named(recording, "alpha").roots) == {str(root), str(code / "two")}


def test_forks_side_by_side_are_two_projects(home, recording, git, code):
    root = git.repository(code / "alpha", remote="https://example.org/them/alpha")
    git(code, "clone", "-q", str(root), "fork")
    git(code / "fork", "remote", "set-url", "origin", "https://example.org/me/fork")
    for _ in range(2):
        home.run("projects", "scan", str(code))
        assert {p.name for p in projects(recording)} == {"alpha", "devpulse", "fork"}
    # A copy without a remote proves nothing either.
    git(code, "clone", "-q", str(root), "copy")
    git(code / "copy", "remote", "remove", "origin")
    home.run("projects", "scan", str(code))
    assert {p.name for p in projects(recording)} == {"alpha", "devpulse", "fork", "copy"}
    # Known apart, they stay apart, whatever goes.
    shutil.rmtree(root)
    home.run("projects", "scan", str(code))
    assert {p.name for p in projects(recording)} == {"alpha", "devpulse", "fork", "copy"}


def test_a_fork_met_after_the_original_is_gone_is_not_the_original(home, recording, git, code):
    root = git.repository(code / "alpha", remote="https://example.org/them/alpha")
    git(code, "clone", "-q", str(root), "fork")
    git(code / "fork", "remote", "set-url", "origin", "https://example.org/me/fork")
    home.run("projects", "scan", str(root))
    shutil.rmtree(root)
    assert home.run("projects", "scan", str(code), "--json").json[0]["new"] is True
    number = met(recording, code / "fork", "fork")
    home.run("projects", "identify", str(number))
    assert {p.name for p in projects(recording)} == {"alpha", "devpulse", "fork"}


def test_identify_joins_what_was_moved(home, recording, git, code):
    root = git.repository(code / "alpha")
    first = met(recording, root, "alpha")
    recording.add(NINE, 60, project_id=first)
    assert home.run("projects", "identify", str(first)).code == 0
    assert named(recording, "alpha").root_commit is not None
    moved = code / "omega"
    root.rename(moved)
    second = met(recording, moved, "omega")
    recording.add(NINE.replace(hour=10), 60, project_id=second)
    assert home.run("projects", "identify", str(second)).code == 0
    assert {p.name for p in projects(recording)} == {"alpha", "devpulse"}
    told = home.run("projects", "list", "--json").json
    assert next(p["seconds"] for p in told if p["name"] == "alpha") == 120
    # Again, by the number it had: nothing more happens.
    assert home.run("projects", "identify", str(second)).code == 0


def test_several_are_identified_at_once(home, recording, git, code):
    numbers = [met(recording, git.repository(code / name), name) for name in ("alpha", "beta")]
    assert home.run("projects", "identify", *map(str, numbers)).code == 0
    assert named(recording, "alpha").root_commit is not None
    assert named(recording, "beta").root_commit is not None


def test_identify_does_not_join_forks(home, recording, git, code):
    root = git.repository(code / "alpha", remote="https://example.org/them/alpha")
    git(code, "clone", "-q", str(root), "fork")
    git(code / "fork", "remote", "set-url", "origin", "https://example.org/me/fork")
    for folder, name, remote in (
        (root, "alpha", "example.org/them/alpha"), (code / "fork", "fork", "example.org/me/fork"),
    ):  # fmt: skip
        number = met(recording, folder, name, remote)
        assert home.run("projects", "identify", str(number)).code == 0
    assert {p.name for p in projects(recording)} == {"alpha", "devpulse", "fork"}


def test_identify_without_the_key_joins_nothing(home, recording, git, code):
    root = git.repository(code / "alpha")
    first = met(recording, root, "alpha")
    home.run("projects", "identify", str(first))
    moved = code / "omega"
    root.rename(moved)
    second = met(recording, moved, "omega")
    home.paths.key_file.unlink()
    assert home.run("projects", "identify", str(second), "--root", str(moved)).code == 0
    names = {row[0] for row in recording.rows("SELECT name FROM projects WHERE merged_into_id IS NULL")}
    assert names == {"alpha", "devpulse", "omega"}


@pytest.mark.parametrize("number", ["99", "x", "²", "9" * 40, "-1"])
def test_identify_of_nothing(home, recording, number):
    assert home.run("projects", "identify", number).code in (1, 2)


def test_identify_is_not_in_the_help(home, capsys):
    home.run("projects", "--help")
    assert "identify" not in capsys.readouterr().out


def test_add_a_folder_without_git(home, recording, agent, code):
    (code / "novel").mkdir(parents=True)
    assert home.run("projects", "add", str(code / "novel"), "--name", "My novel").out == "My novel\n"
    assert named(recording, "My novel").roots == (str(code / "novel"),)
    refused = home.run("projects", "add", str(code / "novel"))
    assert refused.code == 2
    assert "belongs to 'My novel' already" in refused.err
    assert "reload" in agent.names


def test_add_a_repository_a_part_of_it_and_a_worktree(home, recording, git, code):
    root = git.repository(code / "mono", remote="https://example.org/o/mono")
    (root / "api").mkdir()
    git(root, "worktree", "add", "-q", "-b", "side", "../side")
    assert home.run("projects", "add", str(root / "api")).out == "api\n"
    assert home.run("projects", "add", str(code / "side"), "--name", "Mono").out == "Mono\n"
    assert named(recording, "Mono").roots == (str(root),)
    assert named(recording, "Mono").root_commit is not None
    assert named(recording, "api").root_commit is None
    assert home.run("projects", "add", str(root)).code == 2


def test_add_a_further_folder_to_a_project(home, recording, git, code):
    git.repository(code / "alpha")
    (code / "notes").mkdir()
    home.run("projects", "add", str(code / "alpha"))
    assert (
        home.run("projects", "add", str(code / "notes"), "--name", "alpha", "--json").json["name"] == "alpha"
    )
    assert named(recording, "alpha").roots == (str(code / "alpha"), str(code / "notes"))


@pytest.mark.parametrize("path", ["/nowhere/at/all", "/", "", "/etc/hostname", "~nobody-at-all/x", "a\0b"])
def test_what_cannot_be_added(home, recording, path):
    before = projects(recording)
    assert home.run("projects", "add", path).code == 2
    assert home.run("projects", "scan", path).code == 2
    assert projects(recording) == before


def test_rename(home, recording, agent):
    met(recording, Path("/x/api"), "api")
    assert home.run("projects", "rename", "API", "Billing API").out == "Billing API\n"
    taken = home.run("projects", "rename", "devpulse", "billing api")
    assert (taken.code, "projects merge" in taken.err) == (2, True)
    # Its own name in other letters is no clash.
    assert home.run("projects", "rename", "Billing API", "billing api").code == 0
    wrong = home.run("projects", "rename", "devpluse", "x")
    assert "Did you mean 'devpulse'?" in wrong.err
    assert home.run("projects", "rename", "devpulse", " ").code == 2
    assert agent.names.count("reload") == 2


def test_merge_asks_first(home, recording):
    old = met(recording, Path("/x/old"), "old")
    recording.add(NINE, 60, project_id=old)
    assert home.run("projects", "merge", "old", "devpulse", typed="n\n").code == 1
    assert home.run("projects", "merge", "old", "devpulse").code == 1
    assert len(projects(recording)) == 2
    merged = home.run("projects", "merge", "old", "devpulse", typed="y\n")
    assert (merged.code, merged.out) == (0, "devpulse\n")
    told = home.run("projects", "list", "--json").json
    assert [(p["name"], p["seconds"]) for p in told] == [("devpulse", 60.0)]
    assert named(recording, "devpulse").roots == ("/x/old",)
    assert home.run("projects", "merge", "devpulse", "DevPulse", "--yes").code == 2
    assert home.run("projects", "merge", "old", "devpulse", "--yes").code == 2


def test_archive_and_back(home, recording):
    assert home.run("projects", "archive", "devpulse").out == "devpulse (archived)\n"
    assert home.run("projects", "list", "--json").json == []
    assert "(archived)" in home.run("projects", "list", "--archived").out
    assert home.run("projects", "unarchive", "devpulse", "--json").json["archived"] is False


def test_show(home, recording, git, code):
    root = git.repository(code / "alpha", remote="https://user:secret@example.org/o/alpha.git")
    home.run("projects", "add", str(root))
    told = home.run("projects", "show", "alpha", "--json").json
    assert told["remote"] == "example.org/o/alpha"
    assert told["folders"] == [{"path": str(root), "exists": True, "branch": "main"}]
    text = home.run("projects", "show", "alpha").out
    assert "secret" not in text
    assert f"{root} on main" in text
    assert home.run("projects", "show", "nothing").code == 2


def test_before_anything_was_recorded(home):
    assert home.run("projects", "show", "x").code == 1
    assert home.run("projects", "list", "--json").json == []


def test_a_shallow_clone_is_found_by_its_remote_alone(home, recording, git, code):
    root = git.repository(code / "alpha")
    git.change(root, "main.py", "2\n")
    git(code, "clone", "-q", "--depth", "1", f"file://{root}", "shallow")
    home.run("projects", "scan", str(code))
    assert named(recording, "shallow").root_commit is None
    number = met(recording, code / "shallow", "shallow")
    assert home.run("projects", "identify", str(number)).code == 0


def test_a_terminal_shows_how_far_the_search_is(home, recording, code):
    for number in range(450):
        (code / str(number)).mkdir(parents=True)
    shown = home.run("projects", "scan", str(code), isatty=True)
    assert "400 folders, 0 repositories" in shown.err
    assert shown.err.endswith("\r\x1b[K")
    assert shown.out == "0 repositories found, 0 new.\n"
    assert home.run("projects", "scan", str(code)).err == ""


def test_folders_that_could_not_be_read_are_told(home, recording, code, monkeypatch):
    import os

    (code / "closed").mkdir(parents=True)
    real = os.scandir

    def refuse(path):
        if str(path).endswith("closed"):
            raise PermissionError(13, "no")
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert home.run("projects", "scan", str(code)).err == "1 folder could not be read.\n"


@pytest.mark.parametrize("depth", ["0", "13", "-1"])
def test_a_depth_that_is_none(home, recording, code, depth):
    code.mkdir()
    assert home.run("projects", "scan", str(code), "--depth", depth).code == 2


def test_identify_with_a_damaged_key_joins_nothing(home, recording, git, code):
    number = met(recording, git.repository(code / "alpha"), "alpha")
    home.paths.key_file.write_text("{}")
    assert home.run("projects", "identify", str(number), "--root", str(code / "alpha")).code == 0
