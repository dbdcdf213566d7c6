"""What git's files tell, read from real repositories, and from everything that only looks like one."""

import os
import subprocess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.tracking.repository import Checkouts, Repository, branch_of, find, name_of, remote_url


def look(path, refused=frozenset()) -> Repository | None:
    return find(os.path.realpath(path), frozenset(refused), lambda _: False)


def sure(path) -> Repository:
    found = look(path)
    assert found is not None
    return found


def test_a_repository_is_found_from_any_depth_and_from_a_file(git, tmp_path):
    root = git.repository(tmp_path / "work" / "alpha", remote="git@GitHub.com:o/alpha.git")
    (root / "src" / "deep").mkdir(parents=True)
    for start in (root, root / "src" / "deep", root / "main.py", root / "src" / "not-there"):
        found = sure(start)
        assert found.root == found.folder == str(root)
        assert found.name == "alpha"
    assert branch_of(sure(root)) == "main"
    assert remote_url(sure(root)) == "github.com/o/alpha"
    assert look(tmp_path) is None


def test_branches(git, tmp_path):
    root = git.repository(tmp_path / "alpha")
    git(root, "switch", "-q", "-c", "feature/ünï-1")
    assert branch_of(sure(root)) == "feature/ünï-1"
    git(root, "switch", "-q", "--orphan", "fresh")
    assert branch_of(sure(root)) == "fresh"
    git(root, "switch", "-q", "main")
    git(root, "switch", "-q", "--detach")
    assert branch_of(sure(root)) == git(root, "rev-parse", "HEAD")[:7]


def test_an_unborn_branch(git, tmp_path):
    git(tmp_path, "init", "-q", "-b", "trunk", "new")
    assert branch_of(sure(tmp_path / "new")) == "trunk"
    assert remote_url(sure(tmp_path / "new")) is None


@pytest.mark.parametrize("how", ["--merge", "--apply"])
def test_a_branch_keeps_its_name_while_it_is_rebased(git, tmp_path, how):
    root = git.repository(tmp_path / "alpha")
    git(root, "switch", "-q", "-c", "feature")
    git.change(root, "main.py", "feature\n")
    git(root, "switch", "-q", "main")
    git.change(root, "main.py", "main\n")
    git(root, "switch", "-q", "feature")
    git(root, "rebase", how, "main", check=False)
    assert git(root, "rev-parse", "--abbrev-ref", "HEAD") == "HEAD"
    checkouts = Checkouts()
    assert checkouts.branch(sure(root)) == branch_of(sure(root)) == "feature"
    git(root, "rebase", "--abort")
    assert checkouts.branch(sure(root)) == "feature"


def test_a_branch_keeps_its_name_while_it_is_bisected(git, tmp_path):
    root = git.repository(tmp_path / "alpha")
    for number in range(4):
        git.change(root, "main.py", f"{number}\n")
    git(root, "bisect", "start", "HEAD", "HEAD~4")
    assert branch_of(sure(root)) == "main"


def test_a_rebase_of_a_detached_head_shows_the_commit(git, tmp_path):
    root = git.repository(tmp_path / "alpha")
    git.change(root, "main.py", "1\n")
    git(root, "switch", "-q", "--detach")
    git(root, "rebase", "-q", "--force-rebase", "--exec", "false", "HEAD~1", check=False)
    assert branch_of(sure(root)) == git(root, "rev-parse", "HEAD")[:7]


def test_worktrees_are_one_project_with_branches_of_their_own(git, tmp_path):
    root = git.repository(tmp_path / "alpha", remote="https://example.org/o/alpha")
    git(root, "worktree", "add", "-q", "-b", "side", "../elsewhere/side")
    found = sure(tmp_path / "elsewhere" / "side")
    assert found.root == str(root)
    assert found.folder == str(tmp_path / "elsewhere" / "side")
    assert branch_of(found) == "side"
    assert remote_url(found) == "example.org/o/alpha"
    assert branch_of(sure(root)) == "main"


@pytest.mark.parametrize(("bare", "name"), [("alpha.git", "alpha"), ("alpha/.bare", "alpha")])
def test_worktrees_of_a_bare_repository_are_one_project(git, tmp_path, bare, name):
    seed = git.repository(tmp_path / "seed")
    (tmp_path / bare).parent.mkdir(exist_ok=True)
    git(tmp_path, "clone", "-q", "--bare", str(seed), bare)
    git(tmp_path / bare, "worktree", "add", "-q", str(tmp_path / "trees" / "main"), "main")
    git(tmp_path / bare, "worktree", "add", "-q", "-b", "side", str(tmp_path / "trees" / "side"))
    first, second = sure(tmp_path / "trees" / "main"), sure(tmp_path / "trees" / "side")
    assert first.root == second.root == str(tmp_path / bare)
    assert first.name == name
    assert (branch_of(first), branch_of(second)) == ("main", "side")
    inside = sure(tmp_path / bare / "objects")
    assert inside.root == str(tmp_path / bare)


def test_a_submodule_is_a_project_of_its_own(git, tmp_path):
    library = git.repository(tmp_path / "library")
    root = git.repository(tmp_path / "alpha")
    git(root, "submodule", "add", "-q", str(library), "vendor/library")
    found = sure(root / "vendor" / "library")
    assert found.root == str(root / "vendor" / "library")
    assert found.name == "library"
    assert remote_url(found) == f"file:{library}"
    git(root / "vendor" / "library", "worktree", "add", "-q", "-b", "side", str(tmp_path / "side"))
    assert sure(tmp_path / "side").root == found.root


def test_git_files_kept_elsewhere(git, tmp_path):
    git(tmp_path, "init", "-q", "-b", "main", "--separate-git-dir", "stash", "alpha")
    assert sure(tmp_path / "alpha").root == str(tmp_path / "alpha")


def test_inside_the_git_folder_it_is_still_the_project(git, tmp_path):
    root = git.repository(tmp_path / "alpha")
    assert sure(root / ".git" / "refs" / "heads").root == str(root)


def test_a_linked_git_folder(git, tmp_path):
    root = git.repository(tmp_path / "alpha")
    (root / ".git").rename(tmp_path / "kept")
    (root / ".git").symlink_to(tmp_path / "kept")
    assert sure(root).root == str(root)
    assert branch_of(sure(root)) == "main"


def test_the_newer_way_to_keep_references_hides_the_branch(git, tmp_path):
    root = git.repository(tmp_path / "alpha")
    (root / ".git" / "HEAD").write_text("ref: refs/heads/.invalid\n")
    assert branch_of(sure(root)) is None
    assert sure(root).root == str(root)


def test_refused_folders_are_no_project(git, tmp_path):
    root = git.repository(tmp_path / "home")
    inner = git.repository(root / "alpha")
    assert look(root, {str(root)}) is None
    found = look(inner, {str(root)})
    assert found is not None
    assert found.root == str(inner)
    git(root, "worktree", "add", "-q", "-b", "side", str(tmp_path / "side"))
    assert look(tmp_path / "side", {str(root)}) is None


def test_a_switch_is_seen_at_once(git, tmp_path):
    root = git.repository(tmp_path / "alpha", remote="https://example.org/o/one")
    checkouts = Checkouts()
    for number in range(20):
        git(root, "switch", "-q", "-c", f"b{number}")
        assert checkouts.branch(sure(root)) == f"b{number}"
    assert checkouts.remote(sure(root)) == "example.org/o/one"
    git(root, "remote", "set-url", "origin", "https://example.org/o/other")
    assert checkouts.remote(sure(root)) == "example.org/o/other"


def test_what_did_not_change_is_not_read_again(git, tmp_path, monkeypatch):
    root = git.repository(tmp_path / "alpha", remote="https://example.org/o/one")
    checkouts, found = Checkouts(), sure(root)
    first = checkouts.branch(found), checkouts.remote(found)
    monkeypatch.setattr(os, "open", None)
    assert (checkouts.branch(found), checkouts.remote(found)) == first


def test_only_so_many_repositories_are_remembered(tmp_path):
    checkouts = Checkouts()
    for number in range(200):
        git_dir = tmp_path / str(number)
        git_dir.mkdir()
        (git_dir / "HEAD").write_text(f"ref: refs/heads/b{number}\n")
        found = Repository("/r", "/r", str(git_dir), str(git_dir))
        assert checkouts.branch(found) == f"b{number}"
    assert len(checkouts._heads) <= 64


@pytest.mark.parametrize(
    ("root", "name"),
    [
        ("/a/b", "b"),
        ("/a/b.git", "b"),
        ("/a/b/.bare", "b"),
        ("/a/b.git/", "b"),
        ("/", "/"),
        ("/a/b/.git", "b"),
    ],
)
def test_names(root, name):
    assert name_of(root) == name


def _fake(folder):
    git_dir = folder / ".git"
    git_dir.mkdir(parents=True)
    return git_dir


@pytest.mark.parametrize(
    "content",
    [b"", b"\0" * 50, b"ref: " + b"x" * 10_000, b"garbage\n", b"ref:\n", b"a\nb\nc\n", b"ref: refs/heads/\n",
     bytes(range(256))],
)  # fmt: skip
def test_a_broken_head_has_no_branch(tmp_path, content):
    (_fake(tmp_path / "x") / "HEAD").write_bytes(content)
    found = look(tmp_path / "x")
    assert found is None or branch_of(found) is None


def test_what_cannot_be_shown_in_a_name_is_replaced(git, tmp_path):
    (_fake(tmp_path / "x") / "HEAD").write_bytes(b"ref: refs/heads/a\x1b[31m\xff\n")
    assert branch_of(sure(tmp_path / "x")) == "a\ufffd[31m\ufffd"
    assert name_of("/a/new\nline") == "new\ufffdline"
    assert name_of(os.fsdecode(b"/a/\xff")) == "\ufffd"


def test_a_head_that_is_no_file(tmp_path):
    git_dir = _fake(tmp_path / "x")
    os.mkfifo(git_dir / "HEAD")
    assert look(tmp_path / "x") is None
    (git_dir / "HEAD").unlink()
    (git_dir / "HEAD").symlink_to("HEAD")
    assert look(tmp_path / "x") is None
    (git_dir / "HEAD").unlink()
    (git_dir / "HEAD").mkdir()
    assert look(tmp_path / "x") is None


@pytest.mark.parametrize(
    "pointer",
    [b"gitdir: .git\n", b"gitdir: \n", b"gitdir: /nowhere\n", b"nonsense", b"gitdir: ../x/.git\n", b"\0"],
)
def test_a_pointer_that_leads_nowhere(tmp_path, pointer):
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / ".git").write_bytes(pointer)
    assert look(tmp_path / "x") is None


def test_a_git_that_is_a_pipe_or_a_circle(tmp_path):
    (tmp_path / "x").mkdir()
    os.mkfifo(tmp_path / "x" / ".git")
    assert look(tmp_path / "x") is None
    (tmp_path / "y").mkdir()
    (tmp_path / "y" / ".git").symlink_to(".git")
    assert look(tmp_path / "y") is None


def test_a_common_folder_that_is_gone(git, tmp_path):
    root = git.repository(tmp_path / "alpha")
    git(root, "worktree", "add", "-q", "-b", "side", str(tmp_path / "side"))
    subprocess.run(["rm", "-rf", root], check=True, timeout=60)
    assert look(tmp_path / "side") is None


def test_very_deep_folders_end(tmp_path):
    assert find("/x" * 100_000, frozenset(), lambda _: False) is None


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(head=st.binary(max_size=300), config=st.binary(max_size=300), common=st.binary(max_size=60))
def test_no_content_raises(tmp_path, head, config, common):
    git_dir = tmp_path / "x" / ".git"
    git_dir.mkdir(parents=True, exist_ok=True)
    (git_dir / "HEAD").write_bytes(head)
    (git_dir / "config").write_bytes(config)
    (git_dir / "commondir").write_bytes(common)
    found = look(tmp_path / "x")
    if found is not None:
        branch_of(found)
        remote_url(found)


def test_files_that_vanish_between_two_looks(git, tmp_path):
    root = git.repository(tmp_path / "alpha", remote="https://example.org/o/alpha")
    checkouts, found = Checkouts(), sure(root)
    assert checkouts.branch(found) == "main"
    subprocess.run(["rm", "-rf", root], check=True, timeout=60)
    assert checkouts.branch(found) is None
    assert checkouts.remote(found) is None
