"""The active window of an X11 session, by events."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.errors import DisplayUnavailable
from app.loop import Loop, Timer
from app.models.values import WindowSample
from app.tracking.platform.base import Limit
from app.tracking.platform.x11_active import ActiveWindow
from app.tracking.platform.x11_connection import VanishedError, X11Connection
from app.tracking.platform.x11_lib import (
    DESTROY_NOTIFY,
    NO_WINDOW,
    PROPERTY_NOTIFY,
    Event,
)
from app.tracking.platform.x11_reader import Identity, X11Reader

# Window managers blink to "no window is active" for some 20 ms on the way to the next one.
NONE_SETTLES_S = 0.08


class X11WindowSource:
    """Waits for the server to announce a change and then looks once."""

    name = "x11"

    def __init__(self, connection: X11Connection) -> None:
        self._connection = connection
        self._reader: X11Reader | None = None
        self._active: ActiveWindow | None = None
        self._loop: Loop | None = None
        self._on_window: Callable[[WindowSample | None], None] | None = None
        self._on_lost: Callable[[], None] | None = None
        self._identity: Identity | None = None
        self._reported: WindowSample | None = None
        self._dirty = False
        self._none_timer: Timer | None = None

    @property
    def limits(self) -> Sequence[Limit]:
        limits: list[Limit] = []
        if self._reader is not None and not self._reader.knows_clients:
            limits.append(
                Limit(
                    "Sandboxed programs (Flatpak, Snap) are not matched to their process.",
                    "Install libxres1 (Debian, Ubuntu) or libXres (Fedora).",
                )
            )
        if self._active is not None and not self._active.managed:
            limits.append(Limit("No window manager announces the active window; the keyboard focus is used."))
        return tuple(limits)

    def start(
        self,
        loop: Loop,
        on_window: Callable[[WindowSample | None], None],
        on_lost: Callable[[], None],
    ) -> None:
        """See `WindowSource.start`."""
        self.stop()
        self._connection.attach(loop, self)
        self._loop, self._on_window, self._on_lost = loop, on_window, on_lost
        self._reader = X11Reader(self._connection)
        self._active = ActiveWindow(self._connection, self._reader.has_class)
        sample = self._look_again(settled=True)
        if self._connection.broken:
            self.stop()
            raise DisplayUnavailable(f"The display {self._connection.name} went away.")
        self._reported = sample
        self._connection.called()
        on_window(sample)

    def stop(self) -> None:
        """See `WindowSource.stop`; stopping twice is fine."""
        if self._connection.is_open and self._active is not None:
            self._active.stop()
        self._forget()
        self._connection.detach(self)

    def on_event(self, event: Event) -> None:
        """See `Listener`."""
        if self._active is None or self._reader is None:
            return
        if self._active.concerns(event):
            self._dirty = True
        if self._identity is not None and event.window == self._identity.window:
            self._note_change(event, self._reader)

    def settle(self) -> None:
        """See `Listener`."""
        if self._dirty:
            self._dirty = False
            self._read(settled=False)

    def lose(self) -> None:
        """See `Listener`."""
        on_lost = self._on_lost
        self._forget()
        if on_lost is not None:
            on_lost()

    def _note_change(self, event: Event, reader: X11Reader) -> None:
        renamed = event.type == PROPERTY_NOTIFY and event.detail in reader.changing
        replaced = event.type == DESTROY_NOTIFY or (
            event.type == PROPERTY_NOTIFY and event.detail in reader.identifying
        )
        if replaced:
            self._identity = None
        self._dirty = self._dirty or renamed or replaced

    def _read(self, *, settled: bool) -> None:
        sample = self._look_again(settled=settled)
        if self._connection.broken:
            return
        if sample is None and not settled:
            self._wait_for_none()
            return
        self._cancel_none()
        if sample != self._reported:
            self._reported = sample
            if self._on_window is not None:
                self._on_window(sample)

    def _look_again(self, *, settled: bool) -> WindowSample | None:
        """None also when windows vanish while looking; what the manager names and what is long gone
        (it hangs) is then looked for by the focus."""
        self._connection.disarm_handlers()
        for trust_manager in (True, False) if settled else (True,):
            try:
                return self._look(trust_manager=trust_manager)
            except VanishedError:
                self._identity = None
        return None

    def _look(self, *, trust_manager: bool) -> WindowSample | None:
        assert self._active is not None
        assert self._reader is not None
        window = self._active.find(trust_manager=trust_manager)
        if window == NO_WINDOW:
            self._identity = None
            return None
        if self._identity is None or self._identity.window != window:
            self._identity = self._reader.identity(window)
        return self._reader.sample(self._identity)

    def _wait_for_none(self) -> None:
        if self._none_timer is None and self._loop is not None:
            self._none_timer = self._loop.call_later(NONE_SETTLES_S, self._none_settled)

    def _none_settled(self) -> None:
        self._none_timer = None
        if self._connection.is_open:
            self._read(settled=True)
            self._connection.called()

    def _cancel_none(self) -> None:
        if self._none_timer is not None:
            self._none_timer.cancel()
            self._none_timer = None

    def _forget(self) -> None:
        self._cancel_none()
        self._reader = self._active = self._loop = None
        self._on_window = self._on_lost = None
        self._identity = self._reported = None
        self._dirty = False
