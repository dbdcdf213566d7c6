"""One connection to an X server, shared by the window and the input source of one loop."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable, Sequence
from ctypes import byref, c_char_p, c_int, c_ulong, c_void_p
from dataclasses import dataclass, field
from typing import Protocol

from app.errors import DisplayUnavailable
from app.loop import Loop, Timer
from app.tracking.platform.x11_lib import ANY_TYPE, EXIT_HANDLER, QUEUED_ALREADY, Event, X11Library

# While events come in a flood they are taken together this often.
FLOOD_INTERVAL_S = 0.1
_SUCCESS = 0


class VanishedError(Exception):
    """The window that was asked about is gone; normal at any moment."""


@dataclass(frozen=True, slots=True)
class Property:
    """A window's property. `kind`: its type's atom; `cut`: the window holds more than was read."""

    kind: int
    format: int
    data: bytes = field(repr=False)
    cut: bool

    def numbers(self) -> tuple[int, ...]:
        """The values of a 32-bit property (Xlib keeps each in a C long); empty for other formats."""
        if self.format != 32:
            return ()
        return tuple(value & 0xFFFFFFFF for value in memoryview(self.data).cast("L"))


class Listener(Protocol):
    """Who hears a connection's events."""

    def on_event(self, event: Event) -> None:
        """Note what happened; makes no X calls. `event` is reused after the call."""
        ...

    def settle(self) -> None:
        """All events that were waiting are noted: look and report."""
        ...

    def lose(self) -> None:
        """The display went away; the connection is closed by then."""
        ...


class Pace:
    """Lets a burst through at once and then so many a second (a token bucket)."""

    def __init__(self, burst: float = 4, per_second: float = 10) -> None:
        self._burst = burst
        self._rate = per_second
        self._credit = burst
        self._since = float("-inf")

    def wait(self, now: float) -> float:
        """0 when the next may go now (it then counts), else the seconds until it may."""
        self._credit = min(self._burst, self._credit + max(0.0, now - self._since) * self._rate)
        self._since = now
        if self._credit >= 1:
            self._credit -= 1
            return 0.0
        return (1 - self._credit) / self._rate


class X11Connection:
    """Opened by its first listener, closed by its last; open again after that.

    Everything is called in the loop's thread. Make it after QApplication, which sets up Xlib too.
    """

    def __init__(
        self,
        display_name: str,
        library: Callable[[], X11Library] = X11Library,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = display_name
        self._make_library = library
        self._monotonic = monotonic
        self._library: X11Library | None = None
        self._display: int | None = None
        self._loop: Loop | None = None
        self._listeners: list[Listener] = []
        self._event = Event()
        self._pace = Pace()
        self._timer: Timer | None = None
        self._again_posted = False
        self._fd = -1
        self.root = 0
        self.broken = False
        self._on_exit = EXIT_HANDLER(self._note_broken)

    @property
    def library(self) -> X11Library:
        """The libraries; they stay loaded. Raises `DisplayUnavailable` where libX11 is missing."""
        if self._library is None:
            self._library = self._make_library()
        return self._library

    @property
    def display(self) -> int:
        """The `Display *`. Only while a listener is attached."""
        assert self._display is not None
        return self._display

    @property
    def is_open(self) -> bool:
        return self._display is not None and not self.broken

    def attach(self, loop: Loop, listener: Listener) -> None:
        """Open when this is the first listener. Raises `DisplayUnavailable`."""
        if self._display is None:
            self._open(loop)
        if listener not in self._listeners:
            self._listeners.append(listener)

    def detach(self, listener: Listener) -> None:
        """Close when this was the last listener; one that is not attached is fine."""
        if listener in self._listeners:
            self._listeners.remove(listener)
            if not self._listeners:
                self._close()

    def atoms(self, names: Sequence[str]) -> tuple[int, ...]:
        """The server's numbers for these names, in one round trip."""
        listed = (c_char_p * len(names))(*(name.encode() for name in names))
        found = (c_ulong * len(names))()
        self.library.core.XInternAtoms(self.display, listed, len(names), 0, found)
        return tuple(found)

    def property(self, window: int, atom: int, longest: int = 4096) -> Property | None:
        """Read at most `longest` bytes of a property; None when the window has none of that name.

        Raises `VanishedError`.
        """
        core = self.library.core
        kind, form, count, after, data = c_ulong(), c_int(), c_ulong(), c_ulong(), c_void_p()
        status: int = core.XGetWindowProperty(
            *(self.display, window, atom, 0, (longest + 3) // 4, 0, ANY_TYPE),
            *(byref(kind), byref(form), byref(count), byref(after), byref(data)),
        )
        if status != _SUCCESS:
            raise VanishedError
        size = {8: 1, 16: 2, 32: ctypes.sizeof(c_ulong)}.get(form.value, 0)
        content = ctypes.string_at(data.value, count.value * size) if data.value else b""
        if data.value:
            core.XFree(data)
        if not kind.value:
            return None
        return Property(kind.value, form.value, content, cut=after.value > 0)

    def select(self, window: int, mask: int) -> None:
        """Ask for a window's events; asking a window that is gone does nothing."""
        self.library.core.XSelectInput(self.display, window, mask)

    def disarm_handlers(self) -> None:
        """Have Xlib's errors do nothing: BadWindow is normal here, and so is a server that dies.

        Xlib's own handlers end the process. They belong to the whole process, and Qt (which speaks xcb
        and needs none) and GTK set theirs when they start, so this is done anew before every look.
        """
        core = self.library.core
        # C functions, because any thread may run them and must not wait for Python's lock inside Xlib.
        # XConnectionNumber only reads a field of the display.
        harmless = ctypes.cast(core.XConnectionNumber, c_void_p)
        core.XSetErrorHandler(harmless)
        if self.library.survives_loss:
            core.XSetIOErrorHandler(harmless)

    def called(self) -> None:
        """To be called after X calls outside of `settle`: they may have read events, or found the end."""
        if self._pending() and self._timer is None and not self._again_posted and self._loop is not None:
            self._again_posted = True
            self._loop.post(self._again)

    def _pending(self) -> bool:
        """Whether Xlib holds events that the socket no longer shows. Sends what waits to be sent."""
        if self._display is None or self.broken:
            return self._display is not None
        core = self.library.core
        core.XFlush(self._display)
        return core.XEventsQueued(self._display, QUEUED_ALREADY) > 0

    def _open(self, loop: Loop) -> None:
        core = self.library.core
        self.disarm_handlers()
        display: int | None = core.XOpenDisplay(self.name.encode())
        if not display:
            raise DisplayUnavailable(
                f"The display {self.name} cannot be opened.",
                detail="No windows are seen until it comes back.",
                advice="Check that the X server runs and that you may use it (xhost, XAUTHORITY).",
            )
        self.broken = False
        if self.library.survives_loss:
            core.XSetIOErrorExitHandler(display, self._on_exit, None)
        self._display, self._loop = display, loop
        self.root = core.XDefaultRootWindow(display)
        self._fd = core.XConnectionNumber(display)
        loop.watch(self._fd, self._readable)

    def _close(self) -> None:
        display, self._display = self._display, None
        if display is None or self._loop is None:
            return
        self._loop.unwatch(self._fd)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self.library.core.XCloseDisplay(display)

    def _note_broken(self, _display: int | None, _data: int | None) -> None:
        self.broken = True

    def _readable(self) -> None:
        wait = self._pace.wait(self._monotonic())
        if wait <= 0:
            try:
                self._drain()
            finally:
                self.called()
        elif self._loop is not None:
            # A flood (a spinner in a title): let events gather in the socket without waking for each.
            self._loop.unwatch(self._fd)
            self._timer = self._loop.call_later(wait, self._drain_flood)

    def _drain_flood(self) -> None:
        more = True
        try:
            more = self._drain()
        finally:
            self._timer = None
            if self._display is not None and self._loop is not None:
                if more or self._pending():
                    self._timer = self._loop.call_later(FLOOD_INTERVAL_S, self._drain_flood)
                else:
                    self._loop.watch(self._fd, self._readable)

    def _again(self) -> None:
        self._again_posted = False
        if self._display is not None and self._timer is None:
            self._readable()

    def _drain(self) -> bool:
        """Hand out the events that wait now, and no later ones; tells whether there were any."""
        if self._display is None:
            return False
        core = self.library.core
        self.disarm_handlers()
        count: int = 0 if self.broken else core.XPending(self._display)
        for _ in range(count):
            core.XNextEvent(self._display, byref(self._event))
            for listener in tuple(self._listeners):
                listener.on_event(self._event)
        try:
            if not self.broken:
                _each([listener.settle for listener in self._listeners])
        finally:
            if self.broken:
                self._lose()
        return count > 0

    def _lose(self) -> None:
        listeners, self._listeners = self._listeners, []
        self._close()
        _each([listener.lose for listener in listeners])


def _each(calls: Sequence[Callable[[], None]]) -> None:
    """Call all of them, whatever one raises."""
    if calls:
        try:
            calls[0]()
        finally:
            _each(calls[1:])
