"""How long the GUI thread was kept from its event loop: a timer that wants to ring every millisecond."""

from __future__ import annotations

import time
from dataclasses import dataclass

from PyQt6.QtCore import QObject, Qt, QTimer

_EVERY_MS = 1


@dataclass(frozen=True, slots=True)
class Stretch:
    """The longest time between two rounds of the event loop, in ms: by the clock, and of the processor.

    The first has in it what other threads and processes took away, and is what a person feels; the second is
    the GUI thread's own work.
    """

    clock_ms: float
    processor_ms: float


class Heartbeat(QObject):
    """Rings while the loop turns; whatever runs between two rings was one stretch on the GUI thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = self._processor = 0.0
        self._longest_clock = self._longest_processor = 0.0
        self.quiet_since = 0.0
        self.begin()
        timer = QTimer(self)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(self._ring)
        timer.start(_EVERY_MS)

    def begin(self) -> None:
        """Measure from now on."""
        self._clock, self._processor = time.perf_counter(), time.thread_time()
        self._longest_clock = self._longest_processor = 0.0
        self.quiet_since = self._clock

    @property
    def longest(self) -> Stretch:
        """Since `begin`; each of the two numbers may be another stretch's."""
        return Stretch(self._longest_clock * 1000, self._longest_processor * 1000)

    def _ring(self) -> None:
        clock, processor = time.perf_counter(), time.thread_time()
        used = processor - self._processor
        self._longest_clock = max(self._longest_clock, clock - self._clock)
        self._longest_processor = max(self._longest_processor, used)
        if used > 0.004:
            self.quiet_since = clock
        self._clock, self._processor = clock, processor
