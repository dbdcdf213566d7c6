"""Projects: found by their folder, first commit or remote; renamed, coloured, archived, merged."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4
from zlib import crc32

from app.errors import UsageError
from app.models.corrections import move_all
from app.models.database import translated
from app.models.store import Store
from app.models.values import Place

# Paul Tol's "muted" and "bright" schemes: told apart with any kind of colour blindness.
PALETTE = (
    "#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377",
    "#332288", "#ddcc77", "#117733", "#88ccee", "#882255", "#44aa99",
)  # fmt: skip

LONGEST_NAME = 200
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")


def color_for(name: str) -> str:
    """The colour a new project gets: always the same for the same name."""
    return PALETTE[crc32(name.encode("utf-8", "surrogatepass")) % len(PALETTE)]


@dataclass(frozen=True, slots=True)
class Project:
    """One project. `remote` and `roots` are empty while the key is locked; `color` is '#rrggbb'."""

    id: int
    uuid: str
    name: str
    color: str
    created_ms: int
    archived: bool = False
    root_commit: str | None = None
    language: str | None = None
    remote: str | None = field(default=None, repr=False)
    roots: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Total:
    """A project's whole recorded time; days are numbers since 1970-01-01 in local time, None for no time."""

    project: Project
    active_ms: int
    first_day: int | None
    last_day: int | None


class Projects:
    """The projects of one store. Methods raise `StorageError`, and `UsageError` for what does not exist."""

    def __init__(self, store: Store, now_ms: Callable[[], int] | None = None) -> None:
        self._store = store
        self._now = now_ms or (lambda: time.time_ns() // 1_000_000)

    def find_or_create(self, place: Place, root_commit: str | None = None) -> int:
        """The id of the project that `place` lies in, by its folder, first commit or remote; else a new one.

        A known project at an unknown folder gets the folder as a further root. While the key is locked
        folders and remotes are unknown, and a project of the same name is taken.
        """
        found = self._by_root(place.root)
        if found is not None:
            return found
        with self._store.transaction():
            project_id = (
                self._by_root(place.root)
                or self._by_commit(root_commit)
                or self._by_remote(place.remote)
                or self._by_name_alone(place.name)
                or self._create(place.name, color_for(place.name))
            )
            self._complete(project_id, place, root_commit)
        return project_id

    def knows(self, root: str) -> bool:
        """Whether this folder belongs to a project. Always False while the key is locked."""
        return self._by_root(root) is not None

    def add(self, name: str, *, root: str | None = None, color: str | None = None) -> int:
        """A project made by hand; `root` is an absolute folder. Returns its id."""
        name = _named(name)
        with self._store.transaction():
            if root is not None and self._by_root(root) is not None:
                raise UsageError("This folder belongs to a project already.")
            project_id = self._create(name, checked_color(color or color_for(name)))
            if root is not None:
                self.add_root(project_id, root)
        return project_id

    def add_root(self, project_id: int, root: str) -> None:
        """Let a folder belong to the project, and to no other. Does nothing while the key is locked."""
        cipher = self._store.cipher
        if cipher is None:
            return
        with self._store.transaction():
            self._require(project_id)
            self._store.connection.execute(
                "INSERT INTO project_roots (project_id, path_digest, path_text_id) VALUES (?, ?, ?) "
                "ON CONFLICT (path_digest) DO UPDATE SET project_id = excluded.project_id",
                (project_id, cipher.digest(root), self._store.interning.text(root)),
            )

    def remove_root(self, project_id: int, root: str) -> None:
        """The folder no longer belongs to the project."""
        if self._store.cipher is not None:
            self._change(
                "DELETE FROM project_roots WHERE project_id = ? AND path_digest = ?",
                project_id,
                self._store.cipher.digest(root),
            )

    def rename(self, project_id: int, name: str) -> None:
        self._change("UPDATE projects SET name = ?2 WHERE id = ?1", project_id, _named(name))

    def recolor(self, project_id: int, color: str) -> None:
        """`color` is '#rrggbb'."""
        self._change("UPDATE projects SET color = ?2 WHERE id = ?1", project_id, checked_color(color))

    def set_language(self, project_id: int, language: str) -> None:
        """Note what the project is mostly written in."""
        self._change("UPDATE projects SET language = ?2 WHERE id = ?1", project_id, language)

    def archive(self, project_id: int, *, archived: bool = True) -> None:
        """Take a project out of the lists (or back in); its time stays."""
        self._change("UPDATE projects SET archived = ?2 WHERE id = ?1", project_id, int(archived))

    def merge(self, source_id: int, target_id: int) -> int:
        """Make `source` part of `target`: its time, sessions, folders, goals, and what is found by its
        commit or remote from now on. Returns how many spans moved."""
        if source_id == target_id:
            raise UsageError("A project cannot be merged with itself.")
        with self._store.transaction():
            self._require(source_id)
            self._require(target_id)
            moved = move_all(self._store, "project_id", source_id, target_id)
            for statement in _MERGE:
                self._store.connection.execute(statement, (target_id, source_id))
        return moved

    def set_identity(self, project_id: int, root_commit: str) -> int:
        """Note a repository's first commit, and return the id that stays.

        When another project has the same first commit the two become one, under the older id.
        """
        with self._store.transaction():
            self._require(project_id)
            other = self._by_commit(root_commit)
            if other is None:
                self._name_commit(project_id, root_commit)
                return project_id
            if other == project_id:
                return project_id
            source, target = max(other, project_id), min(other, project_id)
            self.merge(source, target)
            self._name_commit(target, root_commit)
        return target

    def get(self, project_id: int) -> Project | None:
        """The project, None when there is none; one that was merged away answers as what it became."""
        found = self._select(
            "WHERE id = ifnull((SELECT merged_into_id FROM projects WHERE id = ?1), ?1)", project_id
        )
        return found[0] if found else None

    def named(self, name: str) -> Project | None:
        """The project of that name, or, when none has it exactly, the only one that differs in case."""
        found = self._select("WHERE merged_into_id IS NULL AND name = ? ORDER BY archived, id", name)
        if not found:
            found = [p for p in self.all(archived=True) if p.name.casefold() == name.casefold()]
        return found[0] if found else None

    def all(self, *, archived: bool = False) -> list[Project]:
        """All projects by name; the archived ones too when asked for."""
        found = self._select("WHERE merged_into_id IS NULL AND archived <= ?", int(archived))
        return sorted(found, key=lambda project: (project.name.casefold(), project.id))

    def totals(self, *, archived: bool = False) -> list[Total]:
        """All projects with their whole time, most time first."""
        with translated():
            sums = {
                row[0]: row[1:]
                for row in self._store.connection.execute(
                    "SELECT project_id, sum(active_ms), min(day), max(day) "
                    "FROM rollup_daily GROUP BY project_id"
                )
            }
        found = [
            Total(project, *sums.get(project.id, (0, None, None))) for project in self.all(archived=archived)
        ]
        return sorted(found, key=lambda total: -total.active_ms)

    def _by_root(self, root: str) -> int | None:
        if self._store.cipher is None:
            return None
        return self._find(
            "SELECT project_id FROM project_roots WHERE path_digest = ?", self._store.cipher.digest(root)
        )

    def _by_commit(self, root_commit: str | None) -> int | None:
        return self._find(
            "SELECT ifnull(merged_into_id, id) FROM projects WHERE root_commit = ? ORDER BY id", root_commit
        )

    def _by_remote(self, remote: str | None) -> int | None:
        if self._store.cipher is None or remote is None:
            return None
        return self._find(
            "SELECT ifnull(merged_into_id, id) FROM projects WHERE remote_digest = ? ORDER BY id",
            self._store.cipher.digest(remote),
        )

    def _by_name_alone(self, name: str) -> int | None:
        # While the key is locked the name is all there is; such a project gets its folder later.
        if self._store.cipher is None:
            return self._find(
                "SELECT ifnull(merged_into_id, id) FROM projects WHERE name = ? ORDER BY id DESC", name
            )
        return self._find(
            "SELECT id FROM projects WHERE name = ? AND merged_into_id IS NULL AND root_commit IS NULL "
            "AND id NOT IN (SELECT project_id FROM project_roots) ORDER BY id",
            name,
        )

    def _find(self, query: str, value: str | bytes | None) -> int | None:
        with translated():
            row = self._store.connection.execute(query, (value,)).fetchone()
        return None if row is None else int(row[0])

    def _create(self, name: str, color: str) -> int:
        made = self._store.connection.execute(
            "INSERT INTO projects (uuid, name, color, created_ms) VALUES (?, ?, ?, ?)",
            (str(uuid4()), name, color, self._now()),
        )
        assert made.lastrowid is not None
        return made.lastrowid

    def _complete(self, project_id: int, place: Place, root_commit: str | None) -> None:
        """Note what is known now and was not before."""
        self.add_root(project_id, place.root)
        cipher = self._store.cipher
        remote = place.remote if cipher is not None else None
        self._store.connection.execute(
            "UPDATE projects SET root_commit = ifnull(root_commit, ?2), language = ifnull(language, ?3), "
            "remote_text_id = ifnull(remote_text_id, ?4), remote_digest = ifnull(remote_digest, ?5) "
            "WHERE id = ?1",
            (
                project_id,
                root_commit,
                place.language,
                self._store.interning.text(remote),
                None if cipher is None or remote is None else cipher.digest(remote),
            ),
        )

    def _name_commit(self, project_id: int, root_commit: str) -> None:
        # A project may hold several repositories: the first one names it.
        self._store.connection.execute(
            "UPDATE projects SET root_commit = ifnull(root_commit, ?) WHERE id = ?", (root_commit, project_id)
        )

    def _require(self, project_id: int) -> None:
        row = self._store.connection.execute(
            "SELECT 1 FROM projects WHERE id = ? AND merged_into_id IS NULL", (project_id,)
        ).fetchone()
        if row is None:
            raise _missing()

    def _change(self, statement: str, project_id: int, value: str | int | bytes) -> None:
        with self._store.transaction():
            self._require(project_id)
            self._store.connection.execute(statement, (project_id, value))

    def _select(self, condition: str, value: str | int) -> list[Project]:
        query = f"SELECT {_COLUMNS} FROM projects {condition}"  # noqa: S608  our own conditions only
        with translated():
            found = self._store.connection.execute(query, (value,)).fetchall()
            return [self._project(row) for row in found]

    def _project(self, row: tuple[Any, ...]) -> Project:
        identity, uuid, name, color, created, commit, language, archived, remote_text_id = row
        roots = self._store.connection.execute(
            "SELECT path_text_id FROM project_roots WHERE project_id = ? ORDER BY id", (row[0],)
        ).fetchall()
        opened = [self._store.text(root[0]) for root in roots]
        return Project(
            id=identity,
            uuid=uuid,
            name=name,
            color=color,
            created_ms=created,
            archived=bool(archived),
            root_commit=commit,
            language=language,
            remote=self._store.text(remote_text_id),
            roots=tuple(root for root in opened if root is not None),
        )


_COLUMNS = "id, uuid, name, color, created_ms, root_commit, language, archived, remote_text_id"

_MERGE = (
    "UPDATE projects SET merged_into_id = ?1 WHERE id = ?2 OR merged_into_id = ?2",
    "UPDATE project_roots SET project_id = ?1 WHERE project_id = ?2",
    "UPDATE focus_sessions SET project_id = ?1 WHERE project_id = ?2",
    "UPDATE goals SET subject_id = ?1 WHERE subject = 'project' AND subject_id = ?2",
)


def _named(name: str) -> str:
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise UsageError(f"A project's name has 1 to {LONGEST_NAME} characters.")
    return name


def checked_color(color: str) -> str:
    """The colour in small letters; `UsageError` unless it is '#rrggbb'."""
    if not _COLOR.fullmatch(color):
        raise UsageError("A colour is written #rrggbb, for example #4477aa.")
    return color.lower()


def _missing() -> UsageError:
    return UsageError("There is no such project.", advice="`devpulse projects list` shows them all.")
