from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.sync.bodies.values import Hlc
from app.sync.merge.sessions import Session, overlapping

sessions = st.lists(
    st.builds(
        lambda device, start, length, at: Session(
            "", device, start, start + length, Hlc(at, 0, device.encode())
        ),
        st.sampled_from("abc"),
        st.integers(0, 20),
        st.integers(0, 6),
        st.integers(0, 9),
    ),
    max_size=8,
).map(lambda found: [Session(str(n), s.device, s.start_ms, s.end_ms, s.hlc) for n, s in enumerate(found)])


@given(sessions)
def test_as_somebody_would_find_them_pair_by_pair(found):
    wanted = {
        frozenset((one.uuid, other.uuid))
        for one in found
        for other in found
        if one.device != other.device and max(one.start_ms, other.start_ms) < min(one.end_ms, other.end_ms)
    }
    pairs = overlapping(found)
    assert {frozenset((winner.uuid, loser.uuid)) for winner, loser in pairs} == wanted
    assert len(pairs) == len(wanted)
    assert all((winner.hlc, winner.uuid) > (loser.hlc, loser.uuid) for winner, loser in pairs)
    assert set(overlapping(reversed(found))) == set(pairs)
