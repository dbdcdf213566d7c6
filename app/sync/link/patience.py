"""How long to wait before asking again: full jitter, what the service asks for, and a breaker. Pure.

Full jitter: a random time up to 1 s, 2 s, 4 s, … 5 min, so that a thousand machines do not come back together
(Amazon Builders' Library, "Timeouts, retries and backoff with jitter").
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

FIRST_S = 1.0
LONGEST_S = 300.0
# Nobody can send us away for longer: a wrong clock at the other end must not stop us for a year.
LONGEST_ASKED_S = 3_600.0
# So many failures in a row open the breaker: from then on one request at a time tries whether it works again.
OPENS_AFTER = 5


def delay_s(failures: int, random: Callable[[], float]) -> float:
    """Seconds to wait after so many failures in a row (1 and up). `random` gives 0 ≤ x < 1."""
    if failures <= 0:
        return 0.0
    # 2.0 ** 64 is more than any ceiling; a longer row of failures must not overflow.
    return random() * min(LONGEST_S, FIRST_S * 2.0 ** min(failures - 1, 64))


def retry_after_s(header: str | None, now_s: float) -> float | None:
    """What a `Retry-After` header asks for, in seconds from now; None where it says nothing usable."""
    if not header:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit():
        return min(LONGEST_ASKED_S, float(text[:9]))
    try:
        at = parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
    return min(LONGEST_ASKED_S, max(0.0, at - now_s))


@dataclass(frozen=True, slots=True)
class Breaker:
    """`failures` in a row, and the second (since 1970) before which nobody should ask again."""

    failures: int = 0
    not_before_s: float = 0.0

    @property
    def is_open(self) -> bool:
        """Nothing but a single trial is worth sending."""
        return self.failures >= OPENS_AFTER

    def allows(self, now_s: float) -> bool:
        """Whether to ask at `now_s`. A clock that was set back does not keep us waiting for ever."""
        return not 0.0 < self.not_before_s - now_s <= LONGEST_ASKED_S

    def failed(self, now_s: float, random: Callable[[], float], asked_s: float | None = None) -> Breaker:
        """After one more failure; `asked_s`: what the service itself asked for."""
        wait = max(delay_s(self.failures + 1, random), asked_s or 0.0)
        return Breaker(self.failures + 1, now_s + wait)

    def succeeded(self) -> Breaker:
        """All is well again."""
        return Breaker()
