"""When idle begins and ends, from what a meter says now and then. Pure."""

from __future__ import annotations

from dataclasses import dataclass

SOONEST_S = 1.0
LATEST_S = 5.0
# The same input, told by two clocks that are read one after the other.
_SAME_INPUT_WITHIN_S = 0.25


@dataclass(frozen=True, slots=True)
class Change:
    """What happened since the last look: input came, idle began; both when nobody looked in between."""

    input: bool
    idle: bool


class Idleness:
    """Knows whether the person is idle; `limit_ms` without input make it so."""

    def __init__(self, limit_ms: int) -> None:
        self.limit_ms = max(1, limit_ms)
        self._idle = False
        self._last_input_s = 0.0

    def see(self, idle_ms: int, now_s: float) -> Change:
        """At monotonic `now_s` the last input was `idle_ms` ago."""
        last_input_s = now_s - idle_ms / 1000
        moved = last_input_s > self._last_input_s + _SAME_INPUT_WITHIN_S
        idle = idle_ms >= self.limit_ms
        returned = self._idle and (moved or not idle)
        begun = idle and (returned or not self._idle)
        self._idle, self._last_input_s = idle, last_input_s
        return Change(returned, begun)

    def look_again_s(self, idle_ms: int) -> float:
        """When to ask a meter that announces nothing: soon after idle began, for the input that ends it;
        while active not before the limit can be passed."""
        if not self._idle:
            return (self.limit_ms - idle_ms) / 1000 + 0.01
        return SOONEST_S if idle_ms < 2 * self.limit_ms else LATEST_S
