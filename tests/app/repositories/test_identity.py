"""First commits and main languages of real repositories."""

import os
import subprocess

import pytest

from app.repositories.identity import identify
from tests.app.tracking.project_fakes import TABLES


def look(folder, **more):
    return identify(str(folder), TABLES.languages, **more)


def test_a_repository(git, tmp_path):
    root = git.repository(tmp_path / "alpha", remote="git@GitHub.com:o/alpha.git")
    first = git(root, "rev-parse", "HEAD")
    for number in range(3):
        git.change(root, "main.py", f"{number}\n")
    found = look(root)
    assert found is not None
    assert (found.root, found.name, found.branch) == (str(root), "alpha", "main")
    assert (found.remote, found.root_commit, found.language) == ("github.com/o/alpha", first, "Python")


def test_only_the_checkout_itself_counts(git, tmp_path):
    root = git.repository(tmp_path / "alpha")
    (root / "src").mkdir()
    assert look(root / "src") is None
    assert look(tmp_path) is None
    assert look(tmp_path / "missing") is None


def test_every_branch_and_clone_has_the_same_first_commit(git, tmp_path):
    root = git.repository(tmp_path / "alpha")
    first = git(root, "rev-parse", "HEAD")
    git(root, "switch", "-q", "--orphan", "gh-pages")
    git.change(root, "index.html", "<p>")
    git(root, "switch", "-q", "main")
    git.change(root, "main.py", "2\n")
    git(root, "switch", "-q", "gh-pages")
    assert look(root).root_commit == first
    git(tmp_path, "clone", "-q", str(root), "clone")
    # The clone knows its origin's head, which is another branch; its trunk is fetched as well.
    git(tmp_path / "clone", "remote", "set-head", "origin", "main")
    assert look(tmp_path / "clone").root_commit == first


def test_a_merge_of_another_history_does_not_change_the_first_commit(git, tmp_path):
    root = git.repository(tmp_path / "alpha")
    first = git(root, "rev-parse", "HEAD")
    other = git.repository(tmp_path / "other")
    git(root, "fetch", "-q", str(other), "main")
    git(root, "rm", "-q", "README.md", "main.py")
    git(root, "commit", "-q", "-m", "away")
    git(root, "merge", "-q", "--allow-unrelated-histories", "-m", "both", "FETCH_HEAD")
    assert look(root).root_commit == first


def test_worktrees_submodules_and_bare_ones(git, tmp_path):
    library = git.repository(tmp_path / "library")
    root = git.repository(tmp_path / "alpha")
    first, of_library = git(root, "rev-parse", "HEAD"), git(library, "rev-parse", "HEAD")
    git(root, "submodule", "add", "-q", str(library), "lib")
    git(root, "commit", "-q", "-m", "add")
    git(root, "worktree", "add", "-q", "-b", "side", "../side")
    git(tmp_path, "clone", "-q", "--bare", str(root), "bare.git")
    worktree = look(tmp_path / "side")
    assert (worktree.root, worktree.root_commit, worktree.branch) == (str(root), first, "side")
    assert look(root / "lib").root_commit == of_library
    bare = look(tmp_path / "bare.git")
    assert (bare.name, bare.root_commit, bare.language) == ("bare", first, "Python")


def test_a_shallow_clone_has_no_first_commit(git, tmp_path):
    root = git.repository(tmp_path / "alpha")
    git.change(root, "main.py", "2\n")
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{root}", "clone")
    found = look(tmp_path / "clone")
    assert found.root_commit is None
    assert found.language == "Python"


def test_an_empty_one_and_a_history_too_long(git, tmp_path):
    git(tmp_path, "init", "-q", "-b", "main", "empty")
    found = look(tmp_path / "empty")
    assert (found.root_commit, found.language, found.branch) == (None, None, "main")
    root = git.repository(tmp_path / "alpha")
    git.change(root, "main.py", "2\n")
    assert look(root, most_commits=1).root_commit is None
    assert look(root, most_commits=2).root_commit is not None
    assert look(root, cancelled=lambda: True).root_commit is None


def test_a_detached_head_without_a_trunk(git, tmp_path):
    root = git.repository(tmp_path / "alpha", branch="odd")
    assert look(root).root_commit == git(root, "rev-parse", "HEAD")


@pytest.mark.parametrize(
    ("files", "language"),
    [
        (["a.c", "b.cpp", "c.cpp", "x.h", "y.h", "z.h"], "C++"),
        (["x.h"], "C"),
        (["a.ts", "b.tsx", "c.js"], "TypeScript"),
        (["a.rs", "README.md", "b.md", "c.md", "x.toml"], "Rust"),
        (["a.go", "vendor/x.js", "vendor/y.js", "node_modules/z.js"], "Go"),
        (["README.md"], None),
        (["a.py", "b.rb"], "Python"),
        (["strange.zzz"], None),
    ],
)
def test_the_main_language(git, tmp_path, files, language):
    root = tmp_path / "x"
    git(tmp_path, "init", "-q", "-b", "main", "x")
    for name in files:
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).touch()
    git(root, "add", "-f", ".")
    assert look(root).language == language


def test_what_libgit2_cannot_read_is_still_found(git, tmp_path):
    root = git.repository(tmp_path / "alpha", remote="https://example.org/o/alpha")
    git(root, "config", "core.repositoryformatversion", "1")
    git(root, "config", "extensions.ofTheFuture", "true")
    found = look(root)
    assert (found.remote, found.branch, found.root_commit) == ("example.org/o/alpha", "main", None)


def test_a_damaged_one(git, tmp_path):
    root = git.repository(tmp_path / "alpha")
    subprocess.run(["rm", "-rf", f"{root}/.git/objects"], check=True, timeout=60)
    (root / ".git" / "index").write_bytes(os.urandom(200))
    found = look(root)
    assert (found.branch, found.root_commit, found.language) == ("main", None, None)
