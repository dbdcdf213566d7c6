"""What git's own small files tell of a repository: its folder, branch and remote. Nothing is run."""
# Paths are texts here: at every look pathlib would take longer than the disk.
# ruff: noqa: PTH116, PTH118, PTH119, PTH120

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from app.tracking.gitconfig import Entry, entries
from app.tracking.remotes import remote_of
from app.tracking.smallfiles import is_folder, read_small, real_path

_LEVELS = 64
_LONGEST_LINE = 4_096
_LONGEST_CONFIG = 256 * 1024
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_SHORT = 7
_MOST_KEPT = 64
# Files that keep the branch while git works on a detached head: rebase (two ways), bisect.
_WORKED_ON = ("rebase-merge/head-name", "rebase-apply/head-name", "BISECT_START")
_NAMELESS = frozenset({".bare", ".git"})


@dataclass(frozen=True, slots=True)
class Repository:
    """One checkout of a repository.

    `root`: the project's folder, the same for all its worktrees. `folder`: the checkout itself.
    `git_dir`: this checkout's part of git's files, `common_dir`: what all worktrees share.
    """

    root: str = field(repr=False)
    folder: str = field(repr=False)
    git_dir: str = field(repr=False)
    common_dir: str = field(repr=False)

    @property
    def name(self) -> str:
        """The root's own name; of a hidden bare repository the name of the folder around it."""
        return name_of(self.root)


def name_of(root: str) -> str:
    """What a project in this folder is called at first."""
    parent, name = os.path.split(root.rstrip("/"))
    if name in _NAMELESS:
        name = os.path.basename(parent)
    return _storable(name.removesuffix(".git")) or "/"


def find(start: str, refused: frozenset[str], remote: Callable[[str], bool]) -> Repository | None:
    """The repository that holds the folder or file `start` (absolute, links followed); None when none does.

    `refused`: folders that hold too much to be one project, such as a home. `remote`: see `RemoteMounts`.
    """
    folder = start
    for _ in range(_LEVELS):
        if folder not in refused:
            found = _at(folder, remote)
            if found is not None and found.root not in refused:
                return found
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above
    return None


def branch_of(repository: Repository) -> str | None:
    """The branch the checkout is on, also one without commits, or being rebased or bisected; the first 7
    characters of the commit on a detached head; None when git's files do not tell.
    """
    return _head(repository.git_dir)[0]


def remote_url(repository: Repository) -> str | None:
    """The normalised address of its remote "origin", or its first one."""
    return remote_of(_config(repository.common_dir))


class Checkouts:
    """Reads branch and remote, and reads again only what changed on the disk."""

    def __init__(self) -> None:
        self._heads: dict[str, tuple[tuple[int, ...], str | None]] = {}
        self._remotes: dict[str, tuple[tuple[int, ...], str | None]] = {}

    def branch(self, repository: Repository) -> str | None:
        """As `branch_of`; a look at the file's time where nothing changed."""
        stamp = _stamp(f"{repository.git_dir}/HEAD")
        known = self._heads.get(repository.git_dir)
        if known is not None and known[0] == stamp:
            return known[1]
        branch, settled = _head(repository.git_dir)
        if settled:
            _remember(self._heads, repository.git_dir, (stamp, branch))
        return branch

    def remote(self, repository: Repository) -> str | None:
        """As `remote_url`; a look at the file's time where nothing changed."""
        stamp = _stamp(f"{repository.common_dir}/config")
        known = self._remotes.get(repository.common_dir)
        if known is None or known[0] != stamp:
            known = (stamp, remote_url(repository))
            _remember(self._remotes, repository.common_dir, known)
        return known[1]


def _remember(
    kept: dict[str, tuple[tuple[int, ...], str | None]], key: str, value: tuple[tuple[int, ...], str | None]
) -> None:
    kept.pop(key, None)
    kept[key] = value
    if len(kept) > _MOST_KEPT:
        del kept[next(iter(kept))]


def _stamp(path: str) -> tuple[int, ...]:
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return ()
    return status.st_mtime_ns, status.st_ino, status.st_size


def _head(git_dir: str) -> tuple[str | None, bool]:
    """The branch, and whether the file HEAD alone decides it: a rebase notes its branch in another one."""
    head = _line(f"{git_dir}/HEAD")
    if head is None:
        return None, False
    if head.startswith("ref:"):
        return _branch(head[4:].strip()), True
    if not _COMMIT.fullmatch(head):
        return None, False
    for name in _WORKED_ON:
        kept = _line(f"{git_dir}/{name}")
        if kept and not _COMMIT.fullmatch(kept) and kept != "detached HEAD":
            return _branch(kept), False
    return head[:_SHORT], False


def _at(folder: str, remote: Callable[[str], bool]) -> Repository | None:
    dot_git = f"{folder.rstrip('/')}/.git"
    if is_folder(dot_git):
        git_dir = real_path(dot_git, remote)
        return _checkout(folder, git_dir, remote) if git_dir else None
    pointer = _line(dot_git)
    if pointer is not None and pointer.startswith("gitdir:"):
        git_dir = real_path(os.path.join(folder, pointer[7:].strip()), remote)
        return _checkout(folder, git_dir, remote) if git_dir else None
    if _looks_bare(folder):
        return _checkout(folder, folder, remote)
    return None


def _looks_bare(folder: str) -> bool:
    if not os.path.lexists(f"{folder}/HEAD"):
        return False
    return is_folder(f"{folder}/objects") and is_folder(f"{folder}/refs")


def _checkout(folder: str, git_dir: str, remote: Callable[[str], bool]) -> Repository | None:
    if _line(f"{git_dir}/HEAD") is None:
        return None
    shared = _line(f"{git_dir}/commondir")
    common_dir = real_path(os.path.join(git_dir, shared), remote) if shared else git_dir
    if common_dir is None or not is_folder(common_dir):
        return None
    return Repository(_root(folder, git_dir, common_dir, remote), folder, git_dir, common_dir)


def _root(folder: str, git_dir: str, common_dir: str, remote: Callable[[str], bool]) -> str:
    if git_dir == common_dir and folder != git_dir:
        return folder
    if os.path.basename(common_dir) == ".git":
        return os.path.dirname(common_dir)
    # A submodule's worktree, or somebody inside git's own files: the config tells where the files lie.
    worktree = _setting(common_dir, "core", "worktree")
    found = real_path(os.path.join(common_dir, worktree), remote) if worktree else None
    return found if found is not None and is_folder(found) else common_dir


def _setting(common_dir: str, section: str, key: str) -> str | None:
    found = None
    for entry in _config(common_dir):
        if entry.section == section and entry.key == key and entry.subsection is None:
            found = entry.value
    return found


def _config(common_dir: str) -> list[Entry]:
    content = read_small(f"{common_dir}/config", _LONGEST_CONFIG)
    return list(entries(content)) if content else []


def _line(path: str) -> str | None:
    content = read_small(path, _LONGEST_LINE + 1)
    if not content or len(content) > _LONGEST_LINE:
        return None
    first, _, rest = content.partition(b"\n")
    if rest.strip() or b"\0" in first:
        return None
    return os.fsdecode(first.rstrip(b"\r")) or None


def _branch(reference: str) -> str | None:
    name = _storable(reference.removeprefix("refs/heads/"))
    # With the reftable format HEAD says ".invalid", and the truth is in a binary file.
    return None if name in {"", ".invalid"} else name


def _storable(name: str) -> str:
    """A name as it can be stored and shown: other bytes than UTF-8, and control characters, as `�`."""
    text = os.fsencode(name).decode("utf-8", "replace")
    return text if text.isprintable() else "".join(c if c.isprintable() else "\ufffd" for c in text)
