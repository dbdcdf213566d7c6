from dataclasses import replace

from app.analytics.labels import NONE
from app.analytics.sessions import Session
from app.ui.focus.breaks import break_after

MINUTE = 60_000
ENDED = Session(1, "a", "completed", NONE, 0, 25 * MINUTE, 25 * MINUTE, 0, 25 * MINUTE, 25 * MINUTE, 0, 0)


def test_a_break_lasts_its_time_after_the_session() -> None:
    found = break_after(ENDED, 26 * MINUTE)
    assert found is not None
    assert (found.left(26 * MINUTE), found.part(26 * MINUTE)) == (240, 0.2)
    assert break_after(ENDED, 30 * MINUTE) is None


def test_only_a_completed_planned_session_earns_one() -> None:
    for other in (replace(ENDED, state="stopped"), replace(ENDED, planned_ms=None), None):
        assert break_after(other, 26 * MINUTE) is None
