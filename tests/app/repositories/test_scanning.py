"""The search for repositories on a real disk: what it finds, leaves out, and survives."""

import os
import subprocess

import pytest

from app.repositories.scanning import Progress, Scan, scan
from tests.app.tracking.project_fakes import TABLES


def names(*folders, depth=4, **more) -> list[str]:
    return [found.name for found in scan([str(f) for f in folders], depth, TABLES.languages, **more)]


@pytest.fixture
def code(git, tmp_path):
    folder = tmp_path / "code"
    git.repository(folder / "alpha")
    git.repository(folder / "deep" / "er" / "beta")
    git.repository(folder / ".hidden" / "gamma")
    git.repository(folder / "app" / "node_modules" / "delta")
    return folder


def test_what_is_found_in_order(code):
    assert names(code) == ["alpha", "beta"]
    assert names(code, depth=1) == ["alpha"]
    assert names(code / "alpha", depth=0) == ["alpha"]
    assert names(code / ".hidden") == ["gamma"]
    assert names(code, code, code / "alpha") == ["alpha", "beta"]
    assert names(code / "missing") == []


def test_repositories_inside_repositories_but_not_submodules(git, tmp_path):
    library = git.repository(tmp_path / "library")
    outer = git.repository(tmp_path / "code" / "outer")
    git.repository(outer / "inner")
    git(outer, "submodule", "add", "-q", str(library), "lib")
    assert names(tmp_path / "code") == ["outer", "inner"]


def test_worktrees_are_their_repository_and_bare_ones_count(git, tmp_path):
    root = git.repository(tmp_path / "code" / "alpha")
    git(root, "worktree", "add", "-q", "-b", "side", "../side")
    git(tmp_path / "code", "clone", "-q", "--bare", str(root), "mirror.git")
    found = list(scan([str(tmp_path / "code")], 2, TABLES.languages))
    assert [f.name for f in found] == ["alpha", "mirror"]
    git(tmp_path, "init", "-q", "-b", "main", "other")
    git(root, "worktree", "add", "-q", "-b", "far", "../../far/far")
    assert [f.root for f in scan([str(tmp_path / "far")], 2, TABLES.languages)] == [str(root)]


def test_links_are_not_followed(git, tmp_path):
    git.repository(tmp_path / "elsewhere" / "alpha")
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "code" / "loop").symlink_to(tmp_path / "code")
    assert names(tmp_path / "code") == []
    assert names(tmp_path / "code" / "link") == ["alpha"]


def test_a_folder_mounted_inside_itself_ends(code, monkeypatch):
    # As a bind mount would show it: the same device and inode again.
    real = os.stat
    same = real(code)
    monkeypatch.setattr(
        os, "stat", lambda path, **more: same if str(path).endswith("/er") else real(path, **more)
    )
    assert names(code) == ["alpha"]


def test_folders_that_cannot_be_read_are_counted(code, monkeypatch):
    real = os.scandir

    def refuse(path):
        if str(path).endswith("/deep"):
            raise PermissionError(13, "no")
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    search = Scan([str(code)], 4, TABLES.languages)
    assert [found.name for found in search] == ["alpha"]
    assert search.progress.unreadable == 1


def test_remote_disks_in_the_way_are_left_out(code):
    search = Scan([str(code)], 4, TABLES.languages, remote=lambda path: path == str(code / "deep"))
    assert [found.name for found in search] == ["alpha"]


def test_progress_and_cancelling(code):
    told: list[Progress] = []
    found = names(code, on_progress=told.append, cancelled=lambda: bool(told) and told[-1].found >= 1)
    assert found == ["alpha"]
    assert told[-1].found == 1
    assert told[-1].folders >= 2


def test_strange_names_and_broken_repositories(git, tmp_path):
    folder = tmp_path / "code"
    git.repository(folder / "new\nline")
    git.repository(folder / "ünï cödé")
    subprocess.run(["git", "init", "-q", os.fsencode(folder) + b"/\xff\xfe"], check=True, timeout=60)
    (folder / "broken" / ".git").mkdir(parents=True)
    (folder / "pointer").mkdir()
    (folder / "pointer" / ".git").write_text("gitdir: /nowhere")
    os.mkfifo(folder / "pipe")
    assert set(names(folder)) == {
        "new�line", "ünï cödé", "��",
    }  # fmt: skip
