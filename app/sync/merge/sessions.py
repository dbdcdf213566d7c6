"""Focus sessions of two machines at once: nobody sat through both, so the person says which holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.sync.bodies.values import Hlc


@dataclass(frozen=True, slots=True)
class Session:
    """A finished session: where it was, [start, end) in ms UTC, its latest change."""

    uuid: str
    device: str
    start_ms: int
    end_ms: int
    hlc: Hlc


def overlapping(sessions: Iterable[Session]) -> list[tuple[Session, Session]]:
    """Pairs of different machines that share time: the one that holds for now first (the later change)."""
    ordered = sorted(sessions, key=lambda session: (session.start_ms, session.uuid))
    pairs: list[tuple[Session, Session]] = []
    open_: list[Session] = []
    for session in ordered:
        open_ = [earlier for earlier in open_ if earlier.end_ms > session.start_ms]
        if session.end_ms == session.start_ms:
            continue
        pairs += [_ranked(earlier, session) for earlier in open_ if earlier.device != session.device]
        open_.append(session)
    return pairs


def _ranked(one: Session, other: Session) -> tuple[Session, Session]:
    return (one, other) if (one.hlc, one.uuid) > (other.hlc, other.uuid) else (other, one)
