"""What makes a repository the same wherever it lies: its first commit; and what it is mostly written in."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pygit2
from pygit2.index import IndexEntry

from app.tracking.languages import Languages
from app.tracking.repository import branch_of, find, remote_url

# Linux, the longest history around, has some 90,000 first parents.
MOST_COMMITS = 500_000
_MOST_FILES = 200_000
_LOOK_EVERY = 4_096
# Other people's code inside a repository.
_VENDORED = frozenset(
    {"node_modules", "vendor", "third_party", "dist", "site-packages", "Pods", "bower_components"}
)
_TRUNKS = ("main", "master", "trunk", "develop", "default")
_COUNTED_AS = {"TSX": "TypeScript"}


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository on this disk. `root_commit`: hex id; None for one that is empty, shallow or too long."""

    root: str = field(repr=False)
    name: str
    remote: str | None = field(default=None, repr=False)
    branch: str | None = None
    root_commit: str | None = None
    language: str | None = None


def identify(
    folder: str | Path,
    languages: Languages,
    *,
    most_commits: int = MOST_COMMITS,
    cancelled: Callable[[], bool] = lambda: False,
) -> Repository | None:
    """The repository whose checkout, or whose bare folder, is `folder` itself; None when there is none.

    What libgit2 cannot read (a damaged one, one of another user, a format of the future) is left None.
    """
    real = os.path.realpath(folder)
    here = find(real, frozenset(), lambda _: False)
    if here is None or real not in (here.folder, here.root):
        return None
    root_commit, language = None, None
    # Libgit2 refuses what it does not trust or know; git's own small files tell the rest.
    with suppress(pygit2.GitError, KeyError, ValueError, OSError):
        repository = pygit2.Repository(here.git_dir)
        root_commit = _first_commit(repository, most_commits, cancelled)
        language = _main_language(repository, languages)
    return Repository(
        root=here.root,
        name=here.name,
        remote=remote_url(here),
        branch=branch_of(here),
        root_commit=root_commit,
        language=language,
    )


def _first_commit(
    repository: pygit2.Repository, most_commits: int, cancelled: Callable[[], bool]
) -> str | None:
    """The end of the trunk's first parents; the same in every clone with its whole history."""
    if repository.is_shallow:
        return None
    commit = _trunk(repository)
    for number in range(most_commits):
        if commit is None or (number % _LOOK_EVERY == 0 and cancelled()):
            return None
        parents = commit.parent_ids
        if not parents:
            return str(commit.id)
        commit = repository[parents[0]].peel(pygit2.Commit)
    return None


def _trunk(repository: pygit2.Repository) -> pygit2.Commit | None:
    # Of two branches with two beginnings (`gh-pages`), each clone must choose the same.
    names = ["refs/remotes/origin/HEAD"]
    names += [f"refs/{kind}/{trunk}" for trunk in _TRUNKS for kind in ("remotes/origin", "heads")]
    for name in [*names, "HEAD"]:
        try:
            return repository.lookup_reference(name).peel(pygit2.Commit)
        except (KeyError, pygit2.GitError, ValueError):
            continue
    return None


def _main_language(repository: pygit2.Repository, languages: Languages) -> str | None:
    counted: Counter[str] = Counter()
    headers = 0
    for path in _tracked(repository):
        if _VENDORED.intersection(path.split("/")[:-1]):
            continue
        language = languages.of(path)
        # A header is C as well as C++; the sources decide.
        if path.endswith(".h"):
            headers += 1
        elif language is not None and language not in languages.prose:
            counted[_COUNTED_AS.get(language, language)] += 1
    if not counted:
        return "C" if headers else None
    # Of two with as many files the first by name, so that every machine says the same.
    return min(counted.items(), key=lambda item: (-item[1], item[0]))[0]


def _tracked(repository: pygit2.Repository) -> Iterator[str]:
    if repository.is_bare:
        yield from _in_trunk(repository)
        return
    for number, entry in enumerate(cast("Iterable[IndexEntry]", repository.index)):
        if number >= _MOST_FILES:
            return
        yield str(entry.path)


def _in_trunk(repository: pygit2.Repository) -> Iterator[str]:
    commit = _trunk(repository)
    waiting: list[tuple[str, pygit2.Tree]] = [] if commit is None else [("", commit.tree)]
    seen = 0
    while waiting and seen < _MOST_FILES:
        folder, tree = waiting.pop()
        for entry in tree:
            seen += 1
            if isinstance(entry, pygit2.Tree):
                waiting.append((f"{folder}{entry.name}/", entry))
            else:
                yield f"{folder}{entry.name}"
