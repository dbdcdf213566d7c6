from typing import Any

from app.ui.focus.live_session import session_of

FOCUS: dict[str, Any] = {
    "state": "running", "started": "1970-01-01T00:00:00+00:00", "planned_seconds": 1500,
    "focused_seconds": 100,
    "project": "ledger", "interruptions": 2,
}  # fmt: skip


def test_it_goes_on_between_two_statuses_and_ends_at_its_length() -> None:
    session = session_of({"focus": FOCUS}, 10_000)
    assert session is not None
    assert (session.focused(10_000), session.left(10_000)) == (100, 1400)
    assert (session.focused(70_000), session.left(70_000)) == (160, 1340)
    assert (session.left(9_999_999), session.part(9_999_999)) == (0, 1)
    assert session.focused(0) == 100


def test_a_pause_stands_still_and_an_open_end_has_none() -> None:
    paused = session_of({"focus": {**FOCUS, "state": "paused", "planned_seconds": None}}, 0)
    assert paused is not None
    assert (paused.focused(60_000), paused.left(60_000), paused.part(60_000)) == (100, None, None)


def test_there_may_be_none() -> None:
    assert session_of(None, 0) is None
    assert session_of({"focus": None}, 0) is None
    assert session_of({"focus": {**FOCUS, "state": "completed"}}, 0) is None
