"""Where a project lies: its folders and its remote."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.analytics.moment import Moment
from app.analytics.opened import OpenedTexts


@dataclass(frozen=True, slots=True)
class Places:
    """`created_ms`: when DevPulse met the project, ms UTC. Texts are left out while the key is locked."""

    created_ms: int
    folders: tuple[str, ...] = field(repr=False)
    remote: str | None = field(repr=False)


def project_places(moment: Moment, texts: OpenedTexts, project: int) -> Places:
    """The folders and the remote of a project, as far as they can be opened."""
    created, remote = next(iter(moment.rows(_PLACE, project)), (0, None))
    roots = [row[0] for row in moment.rows(_FOLDERS, project)]
    opened = texts.of(moment, [identity for identity in (*roots, remote) if identity])
    folders = (opened.get(root) for root in roots)
    return Places(created, tuple(folder for folder in folders if folder), opened.get(remote or 0))


_PLACE = "SELECT created_ms, remote_text_id FROM projects WHERE id = ?"
_FOLDERS = "SELECT path_text_id FROM project_roots WHERE project_id = ? ORDER BY id"
