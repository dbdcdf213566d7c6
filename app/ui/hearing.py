"""To hear a signal of something that lives longer: the connection ends with whoever hears."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtCore import QObject, pyqtBoundSignal


class _Ear(QObject):
    """A child of its owner, so that Qt takes both, and with them the connection."""

    def __init__(self, owner: QObject, call: Callable[[Any], object]) -> None:
        super().__init__(owner)
        self._call = call

    def heard(self, value: object) -> None:
        self._call(value)


def hear(signal: pyqtBoundSignal, owner: QObject, call: Callable[[Any], object]) -> None:
    """Call `call(value)` with what `signal` carries, as long as `owner` lives.

    A lambda that is connected itself would outlive its widget, and fault when the signal comes.
    """
    signal.connect(_Ear(owner, call).heard)
