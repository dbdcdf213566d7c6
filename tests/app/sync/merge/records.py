"""Small records for hypothesis: few fields, few moments, so that they meet."""

from __future__ import annotations

from hypothesis import strategies as st

from app.sync.bodies.values import Hlc, Record

DEVICES = [bytes([n]) * 16 for n in range(3)]
FIELDS = ("name", "color", "position")

moments = st.builds(Hlc, st.integers(0, 6), st.integers(0, 1), st.sampled_from(DEVICES))


def value_at(moment: Hlc, name: str) -> str:
    """One machine makes one change at one moment, so a moment has one value."""
    return f"{name}@{moment.ms}.{moment.counter}.{moment.device[0]}"


@st.composite
def records(draw: st.DrawFn) -> Record:
    deleted = draw(st.none() | moments)
    changed = {
        name: moment
        for name, moment in draw(st.dictionaries(st.sampled_from(FIELDS), moments)).items()
        if deleted is None or moment > deleted
    }
    fields = {name: value_at(moment, name) for name, moment in changed.items()}
    hlc = max([Hlc(0, 0, bytes(16)), *changed.values(), *([deleted] if deleted else [])])
    return Record("project", "one", hlc, fields, changed, deleted)
