"""The lengths offered for a focus session, each with its break. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.ui.words import tr

FREE = "free"
_SHORTEST_BREAK_MIN, _STEP_MIN, _WORK_FOR_A_STEP_MIN = 5, 5, 25


@dataclass(frozen=True, slots=True)
class Preset:
    """`minutes` None: an open end. `words`: `25 / 5`."""

    key: str
    minutes: int | None
    words: str


def break_min(work_min: float) -> int:
    """The break after so much work: 5 minutes for each 25, at least 5."""
    return max(_SHORTEST_BREAK_MIN, _STEP_MIN * round(work_min / _WORK_FOR_A_STEP_MIN))


def presets(lengths_min: Sequence[int]) -> tuple[Preset, ...]:
    """Those of the setting `focus.presets_min`, and the open end."""
    timed = (Preset(str(n), n, f"{n} / {break_min(n)}") for n in dict.fromkeys(lengths_min))
    return (*timed, Preset(FREE, None, tr("Free")))
