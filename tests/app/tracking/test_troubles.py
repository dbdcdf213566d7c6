from __future__ import annotations

from app.errors import DevPulseError, StorageError
from app.tracking.platform.base import Limit
from app.tracking.troubles import troubles


def told(**given: object) -> list[str]:
    nothing = {
        "removed": None, "storing": None, "start": (), "blind_for": None, "settings": (), "rules": (),
    }  # fmt: skip
    return [problem.title for problem in troubles(**{**nothing, **given})]  # type: ignore[arg-type]


def test_all_is_well() -> None:
    assert told() == []


def test_the_most_pressing_comes_first() -> None:
    found = told(
        removed=StorageError("No room."),
        storing=StorageError("The disk is full."),
        start=[DevPulseError("A key is missing.")],
        blind_for=[Limit("There is no display.")],
        settings=["The theme is no theme."],
        rules=[DevPulseError("A rule is none.")],
    )
    assert "cannot be put back" in found[0]
    assert found[1:] == [
        "The disk is full.",
        "A key is missing.",
        "No windows can be seen here, so nothing is recorded.",
        "The theme is no theme.",
        "A rule is none.",
    ]


def test_why_no_window_is_seen_is_told_with_what_to_do() -> None:
    [problem] = troubles(
        removed=None, storing=None, start=(), settings=(), rules=(),
        blind_for=[Limit("There is no display.", "Start X."), Limit("Nor a focus.")],
    )  # fmt: skip
    assert problem.detail == "There is no display. Nor a focus."
    assert problem.advice == "Start X."
