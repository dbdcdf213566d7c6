"""Where a value lies in the picture: the ranges shown, and the pixels they fill."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Frame:
    """`width` × `height` logical pixels show x from `x0` to `x1` and, upwards, y from `y0` to `y1`.

    `ratio`: device pixels in a logical one; edges that lie on device pixels are sharp.
    """

    width: float
    height: float
    x0: float
    x1: float
    y0: float = 0.0
    y1: float = 1.0
    ratio: float = 1.0

    def x(self, value: float) -> float:
        """Logical pixels from the left."""
        return (value - self.x0) / (self.x1 - self.x0) * self.width

    def y(self, value: float) -> float:
        """Logical pixels from the top."""
        return (self.y1 - value) / (self.y1 - self.y0) * self.height

    def xs(self, values: Floats) -> Floats:
        return (values - self.x0) / (self.x1 - self.x0) * self.width

    def ys(self, values: Floats) -> Floats:
        return (self.y1 - values) / (self.y1 - self.y0) * self.height

    def value_x(self, pixel: float) -> float:
        """The inverse of `x`."""
        return self.x0 + pixel / self.width * (self.x1 - self.x0)

    def value_y(self, pixel: float) -> float:
        """The inverse of `y`."""
        return self.y1 - pixel / self.height * (self.y1 - self.y0)

    def sharp(self, pixel: float) -> float:
        """The nearest edge of a device pixel."""
        return round(pixel * self.ratio) / self.ratio
