"""Merging what came with what is here, by what both had last (the base).

What only one side changed is taken. Where both changed the same, the strategy decides; the other value is
told as well, so that the history holds it and nothing is lost.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.sync.bodies.values import Hlc, Record
from app.sync.merge.hlc import later
from app.sync.merge.joining import FIRST, alive, join, latest, same, with_fields, without
from app.sync.merge.strategies import Strategy

# Stands for the whole thing: one side deleted it, the other changed it.
WHOLE = "*"


@dataclass(frozen=True, slots=True)
class Merged:
    """`record`: what holds from now on. `collided`: what both had changed. `asks`: the person decides."""

    record: Record
    collided: tuple[str, ...] = ()
    asks: bool = False


def merge(
    base: Record | None, ours: Record, theirs: Record, strategy: Strategy, device: bytes, now_ms: int
) -> Merged:
    """What becomes of `ours` when `theirs` comes. `base` None: what both had last is not known.

    `device` and `now_ms` make the moment of what is set anew: where a side must win that is not the later.
    """
    collided = _collisions(base, ours, theirs)
    joined = join(ours, theirs)
    if not collided:
        return Merged(_whole(joined, ours, theirs, device, now_ms))
    if base is None:
        return Merged(_whole(joined, ours, theirs, device, now_ms), collided, asks=True)
    if strategy is Strategy.LOCAL_WINS:
        return Merged(_let_win(joined, ours, collided, later(latest(joined), now_ms, device)), collided)
    if strategy is Strategy.REMOTE_WINS:
        return Merged(_given_up(base, ours, theirs, collided), collided)
    return Merged(_whole(joined, ours, theirs, device, now_ms), collided, asks=strategy is Strategy.MANUAL)


def edited(base: Record | None, side: Record) -> frozenset[str]:
    """The fields that a side changed since the base; all of them without one."""
    if base is None:
        return frozenset(side.changed)
    return frozenset(name for name, moment in side.changed.items() if moment > base.changed.get(name, FIRST))


def _collisions(base: Record | None, ours: Record, theirs: Record) -> tuple[str, ...]:
    if alive(ours) != alive(theirs):
        gone, kept = (theirs, ours) if alive(ours) else (ours, theirs)
        # A deletion is no collision with what was there before, only with what was changed besides.
        return (WHOLE,) if edited(base, kept) and _deleted_since(base, gone) else ()
    both = edited(base, ours) & edited(base, theirs)
    return tuple(sorted(name for name in both if not same(ours.fields.get(name), theirs.fields.get(name))))


def _deleted_since(base: Record | None, side: Record) -> bool:
    return base is None or (side.deleted or FIRST) > (base.deleted or FIRST)


def _whole(joined: Record, ours: Record, theirs: Record, device: bytes, now_ms: int) -> Record:
    """Where a change outlives a deletion it did not know of, the rest of the thing comes back with it."""
    if joined.deleted is None or not alive(joined):
        return joined
    lost = {
        name: side.fields.get(name)
        for side in sorted((ours, theirs), key=lambda side: side.hlc)
        for name in side.changed
        if name not in joined.changed
    }
    if not lost:
        return joined
    return with_fields(joined, lost, later(latest(joined), now_ms, device))


def _let_win(joined: Record, side: Record, collided: tuple[str, ...], at: Hlc) -> Record:
    if collided != (WHOLE,):
        return with_fields(joined, {name: side.fields.get(name) for name in collided}, at)
    return with_fields(joined, side.fields, at) if alive(side) else without(joined, at)


def _given_up(base: Record, ours: Record, theirs: Record, collided: tuple[str, ...]) -> Record:
    """What came, with those of our changes that met nothing; the others nobody else has seen yet."""
    if collided == (WHOLE,):
        return theirs
    kept = {name: moment for name, moment in ours.changed.items() if name not in collided}
    return join(
        Record(
            ours.type,
            ours.uuid,
            max((base.hlc, *kept.values())),
            {name: ours.fields.get(name) for name in kept},
            kept,
            ours.deleted,
            ours.schema,
            ours.extra,
        ),
        theirs,
    )
