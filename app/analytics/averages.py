"""Moving averages, comparisons, and the usual: how a number is told beside others like it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.analytics.series import Floats


@dataclass(frozen=True, slots=True)
class Comparison:
    """A sum beside that of the period before, both in the same unit."""

    now: float
    before: float

    @property
    def change(self) -> float | None:
        """(now − before) ÷ before: 0.25 is a quarter more; None when there was nothing before."""
        return (self.now - self.before) / self.before if self.before else None


def moving_average(values: Floats, window: int) -> Floats:
    """For each place the mean of it and of up to `window` - 1 places before; NaN counts as no value.

    Where the window holds no value the result is NaN. ValueError for a window below 1.
    """
    if window < 1:
        raise ValueError("a moving average needs at least one value")
    known = ~np.isnan(values)
    sums = np.cumsum(np.where(known, values, 0.0))
    counts = np.cumsum(known).astype(np.float64)
    sums[window:] -= sums[:-window].copy()
    counts[window:] -= counts[:-window].copy()
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(counts > 0, sums / counts, np.nan)
