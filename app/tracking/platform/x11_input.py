"""Keyboard and pointer of an X11 display: the server itself says when nobody touches them."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable, Sequence
from ctypes import byref, c_int
from dataclasses import dataclass
from typing import Protocol

from app.loop import Loop, Timer
from app.tracking.platform.base import Limit
from app.tracking.platform.idleness import Idleness
from app.tracking.platform.x11_connection import X11Connection
from app.tracking.platform.x11_lib import AlarmAttributes, Event, ScreenSaverInfo, SyncValue

_COUNTER, _VALUE_TYPE, _VALUE, _TEST, _DELTA, _EVENTS = (1 << bit for bit in range(6))
_ALL = _COUNTER | _VALUE_TYPE | _VALUE | _TEST | _DELTA | _EVENTS
_ABSOLUTE = 0
_POSITIVE_TRANSITION, _NEGATIVE_TRANSITION = 0, 1
_ALARM_NOTIFY = 1


class IdleMeter(Protocol):
    """Where the milliseconds since the last input come from."""

    def idle_ms(self) -> int: ...

    def arm(self, idle_after_ms: int) -> bool:
        """Have the server announce idle passing this limit, both ways; False when it cannot."""
        ...

    def announces(self, event: Event) -> bool: ...

    def disarm(self) -> None: ...


@dataclass(frozen=True, slots=True)
class _Sync:
    library: ctypes.CDLL
    counter: int
    alarm_event: int


class SyncIdleMeter:
    """The XSync extension's IDLETIME counter and alarms on it (X11 SYNC specification, "Alarms").

    Both alarms stay armed: a transition alarm whose delta is 0 fires at each transition.
    """

    def __init__(self, connection: X11Connection, sync: _Sync) -> None:
        self._connection = connection
        self._sync = sync
        self._alarms: list[int] = []

    @classmethod
    def of(cls, connection: X11Connection) -> SyncIdleMeter | None:
        """None when the server has no such counter."""
        library = connection.library.sync()
        events, ignored = c_int(), c_int()
        display = connection.display
        if library is None or not library.XSyncQueryExtension(display, byref(events), byref(ignored)):
            return None
        library.XSyncInitialize(display, byref(ignored), byref(ignored))
        counter = _idle_counter(library, display)
        return cls(connection, _Sync(library, counter, events.value + _ALARM_NOTIFY)) if counter else None

    def idle_ms(self) -> int:
        value = SyncValue()
        self._sync.library.XSyncQueryCounter(self._connection.display, self._sync.counter, byref(value))
        return max(0, value.number)

    def arm(self, idle_after_ms: int) -> bool:
        self.disarm()
        for test in (_POSITIVE_TRANSITION, _NEGATIVE_TRANSITION):
            limit = idle_after_ms if test == _POSITIVE_TRANSITION else idle_after_ms - 1
            attributes = AlarmAttributes(
                *(self._sync.counter, _ABSOLUTE, SyncValue.of(limit), test, SyncValue.of(0), 1, 0)
            )
            self._alarms.append(
                self._sync.library.XSyncCreateAlarm(self._connection.display, _ALL, byref(attributes))
            )
        return True

    def announces(self, event: Event) -> bool:
        # The alarm's id stands where other events have their window.
        return event.type == self._sync.alarm_event and event.window in self._alarms

    def disarm(self) -> None:
        for alarm in self._alarms:
            self._sync.library.XSyncDestroyAlarm(self._connection.display, alarm)
        self._alarms.clear()


class ScreenSaverIdleMeter:
    """The MIT-SCREEN-SAVER extension: it must be asked."""

    def __init__(self, connection: X11Connection, library: ctypes.CDLL) -> None:
        self._connection = connection
        self._library = library

    @classmethod
    def of(cls, connection: X11Connection) -> ScreenSaverIdleMeter | None:
        """None when the server has no such extension."""
        library = connection.library.screen_saver()
        first, second = c_int(), c_int()
        if library is None or not library.XScreenSaverQueryExtension(
            connection.display, byref(first), byref(second)
        ):
            return None
        return cls(connection, library)

    def idle_ms(self) -> int:
        info = ScreenSaverInfo()
        self._library.XScreenSaverQueryInfo(self._connection.display, self._connection.root, byref(info))
        return int(info.idle)

    def arm(self, idle_after_ms: int) -> bool:  # noqa: ARG002
        return False

    def announces(self, event: Event) -> bool:  # noqa: ARG002
        return False

    def disarm(self) -> None:
        return


class X11InputSource:
    """Tells idle and input as the server announces them; asks at intervals only where it must."""

    name = "x11"

    def __init__(
        self,
        connection: X11Connection,
        # To be tried, best first.
        meters: Sequence[Callable[[X11Connection], IdleMeter | None]] = (
            SyncIdleMeter.of,
            ScreenSaverIdleMeter.of,
        ),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._connection = connection
        self._monotonic = monotonic
        self._meters = meters
        self._meter: IdleMeter | None = None
        self._announced = False
        self._loop: Loop | None = None
        self._on_idle: Callable[[int], None] | None = None
        self._on_input: Callable[[], None] | None = None
        self._idleness = Idleness(0)
        self._dirty = False
        self._timer: Timer | None = None

    @property
    def limits(self) -> Sequence[Limit]:
        if self._loop is None or self._announced:
            return ()
        if self._meter is None:
            return (Limit("This display does not tell when you are away; idle time counts as work."),)
        return (Limit("This display does not announce input; DevPulse asks every few seconds."),)

    def start(
        self,
        loop: Loop,
        idle_after_s: float,
        on_idle: Callable[[int], None],
        on_input: Callable[[], None],
    ) -> None:
        """See `InputSource.start`."""
        self.stop()
        self._connection.attach(loop, self)
        self._loop, self._on_idle, self._on_input = loop, on_idle, on_input
        found = (make(self._connection) for make in self._meters)
        self._meter = next((meter for meter in found if meter is not None), None)
        self.set_idle_after(idle_after_s)

    def set_idle_after(self, seconds: float) -> None:
        """See `InputSource.set_idle_after`; may report idle or input at once."""
        self._idleness.limit_ms = max(1, round(seconds * 1000))
        if self._meter is None or not self._connection.is_open:
            return
        self._announced = self._meter.arm(self._idleness.limit_ms)
        # An alarm does not fire for a limit that was passed before it was made.
        self._compare()
        self._connection.called()

    def idle_ms(self) -> int:
        """See `InputSource.idle_ms`; 0 where the display does not tell."""
        if self._meter is None or not self._connection.is_open:
            return 0
        idle = self._meter.idle_ms()
        self._connection.called()
        return idle

    def stop(self) -> None:
        """See `InputSource.stop`; stopping twice is fine."""
        if self._meter is not None and self._connection.is_open:
            self._meter.disarm()
        self._forget()
        self._connection.detach(self)

    def on_event(self, event: Event) -> None:
        """See `Listener`."""
        if self._meter is not None and self._meter.announces(event):
            self._dirty = True

    def settle(self) -> None:
        """See `Listener`."""
        if self._dirty:
            self._dirty = False
            self._compare()

    def lose(self) -> None:
        """See `Listener`."""
        self._forget()

    def _compare(self) -> None:
        """Bring what was reported in line with what the counter says now."""
        if self._meter is None:
            return
        idle_ms = self._meter.idle_ms()
        if self._connection.broken:
            return
        change = self._idleness.see(idle_ms, self._monotonic())
        if not self._announced:
            self._ask_again(self._idleness.look_again_s(idle_ms))
        if change.input and self._on_input is not None:
            self._on_input()
        if change.idle and self._on_idle is not None:
            self._on_idle(idle_ms)

    def _ask_again(self, wait_s: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._loop is not None:
            self._timer = self._loop.call_later(wait_s, self._asked)

    def _asked(self) -> None:
        self._timer = None
        if self._connection.is_open:
            self._compare()
            self._connection.called()

    def _forget(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._meter = self._loop = self._on_idle = self._on_input = None
        self._idleness = Idleness(self._idleness.limit_ms)
        self._dirty = self._announced = False


def _idle_counter(library: ctypes.CDLL, display: int) -> int:
    count = c_int()
    listed = library.XSyncListSystemCounters(display, byref(count))
    if not listed:
        return 0
    found = next(
        (listed[index].counter for index in range(count.value) if listed[index].name == b"IDLETIME"), 0
    )
    library.XSyncFreeSystemCounterList(listed)
    return int(found)
