"""Which window of an X11 display is active: as the window manager says, else by the keyboard focus."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from ctypes import byref, c_int, c_uint, c_ulong, c_void_p

from app.tracking.platform.x11_connection import VanishedError, X11Connection
from app.tracking.platform.x11_lib import (
    DESTROY_NOTIFY,
    ENTER_AND_LEAVE,
    FOCUS_CHANGE,
    NO_WINDOW,
    POINTER_ROOT,
    PROPERTY_CHANGE,
    PROPERTY_NOTIFY,
    STRUCTURE_NOTIFY,
    Event,
    WindowAttributes,
)

_FOCUS = FOCUS_CHANGE | ENTER_AND_LEAVE
_FOCUS_EVENTS = range(7, 11)  # EnterNotify, LeaveNotify, FocusIn, FocusOut
_CONTENT = PROPERTY_CHANGE | STRUCTURE_NOTIFY
_DEEPEST = 64
_NAMES = ("_NET_ACTIVE_WINDOW", "_NET_SUPPORTING_WM_CHECK", "_NET_SUPPORTED", "WM_STATE")


class ActiveWindow:
    """Finds the active window and asks for the events after which it must be found anew.

    A window manager that was killed leaves its last word behind, so `_NET_ACTIVE_WINDOW` counts only
    while the manager's own check window lives (EWMH, "_NET_SUPPORTING_WM_CHECK").
    """

    def __init__(self, connection: X11Connection, has_class: Callable[[int], bool]) -> None:
        self._connection = connection
        self._has_class = has_class
        self._active, self._check, self._supported, self._wm_state = connection.atoms(_NAMES)
        self._selected: dict[int, int] = {}
        self._manager = NO_WINDOW
        self._manager_known = False
        self._last = NO_WINDOW
        self._select({connection.root: PROPERTY_CHANGE})

    @property
    def managed(self) -> bool:
        """Whether a living window manager announces the active window."""
        return self._manager != NO_WINDOW

    def concerns(self, event: Event) -> bool:
        """Whether another window may be active after this event."""
        if event.type == PROPERTY_NOTIFY and event.window == self._connection.root:
            if event.detail in (self._check, self._supported) or not self.managed:
                self._manager_known = False
            return event.detail in (self._active, self._check, self._supported)
        if event.type in (DESTROY_NOTIFY, PROPERTY_NOTIFY) and event.window == self._manager:
            self._manager_known = False
            return True
        return event.type in _FOCUS_EVENTS

    def find(self, *, trust_manager: bool = True) -> int:
        """The active window or `NO_WINDOW`; its changes are announced from here on.

        Raises `VanishedError` when windows went away while looking.
        """
        if not self._manager_known:
            self._find_manager()
        if trust_manager and self.managed:
            self._last = self._announced()
            self._select(self._base() | {self._last: _CONTENT})
        else:
            self._last = self._focused()
        return self._last

    def stop(self) -> None:
        """Ask for no more events."""
        self._select({})

    def _base(self) -> dict[int, int]:
        return {self._connection.root: PROPERTY_CHANGE, self._manager: _CONTENT}

    def _announced(self) -> int:
        found = self._connection.property(self._connection.root, self._active, 4)
        numbers = found.numbers() if found is not None else ()
        window = numbers[0] if numbers else NO_WINDOW
        return NO_WINDOW if window == self._connection.root else window

    def _find_manager(self) -> None:
        self._manager_known = True
        self._manager = NO_WINDOW
        root = self._connection.root
        named = self._windows_named(root)
        if named in (NO_WINDOW, root):
            return
        # First ask for its end, then see that it lives: in the other order its end could be missed.
        self._select(self._selected | {named: _CONTENT})
        try:
            alive = self._windows_named(named) == named
        except VanishedError:
            return
        supported = self._connection.property(root, self._supported, 1 << 16)
        if alive and supported is not None and self._active in supported.numbers():
            self._manager = named

    def _windows_named(self, window: int) -> int:
        found = self._connection.property(window, self._check, 4)
        numbers = found.numbers() if found is not None else ()
        return numbers[0] if numbers else NO_WINDOW

    def _focused(self) -> int:
        """By the keyboard focus, with the events that tell of its moving."""
        top = focus = NO_WINDOW
        for _ in range(4):
            focus = self._focus()
            top = self._under_pointer() if focus == POINTER_ROOT else self._top_level(focus)
            # With the focus on "whatever the pointer is over", leaving that window is what counts.
            heard = top if focus == POINTER_ROOT else focus
            wanted = self._base()
            wanted[self._connection.root] |= _FOCUS
            for window, mask in ((heard, _FOCUS | _CONTENT), (top, _CONTENT)):
                wanted[window] = wanted.get(window, 0) | mask
            self._select(wanted)
            if self._focus() == focus:
                break
        if top != NO_WINDOW and self._is_menu(top):
            # A menu belongs to the window it was opened from.
            return self._last if self._last != NO_WINDOW and self._lives(self._last) else NO_WINDOW
        return top

    def _focus(self) -> int:
        window, revert = c_ulong(), c_int()
        self._connection.library.core.XGetInputFocus(self._connection.display, byref(window), byref(revert))
        return window.value

    def _top_level(self, window: int) -> int:
        """The nearest window upwards that a manager marked, else that has a class."""
        with_class = NO_WINDOW
        for above in self._upwards(window):
            if self._connection.property(above, self._wm_state, 4) is not None:
                return above
            if with_class == NO_WINDOW and self._has_class(above):
                with_class = above
        return with_class

    def _upwards(self, window: int) -> Iterator[int]:
        core = self._connection.library.core
        root, parent, children, count = c_ulong(), c_ulong(), c_void_p(), c_uint()
        for _ in range(_DEEPEST):
            if window in (NO_WINDOW, POINTER_ROOT, self._connection.root):
                return
            yield window
            if not core.XQueryTree(
                *(self._connection.display, window, byref(root), byref(parent)),
                *(byref(children), byref(count)),
            ):
                raise VanishedError
            if children.value:
                core.XFree(children)
            window = parent.value

    def _under_pointer(self) -> int:
        core = self._connection.library.core
        root, child, numbers, keys = c_ulong(), c_ulong(), [c_int() for _ in range(4)], c_uint()
        window = self._connection.root
        for _ in range(_DEEPEST):
            child.value = NO_WINDOW
            core.XQueryPointer(
                *(self._connection.display, window, byref(root), byref(child)),
                *(byref(number) for number in numbers),
                byref(keys),
            )
            window = child.value
            if window == NO_WINDOW or self._has_class(window):
                return window
        return NO_WINDOW

    def _is_menu(self, window: int) -> bool:
        attributes = self._attributes(window)
        if attributes is None:
            raise VanishedError
        return bool(attributes.override_redirect)

    def _lives(self, window: int) -> bool:
        return self._attributes(window) is not None

    def _attributes(self, window: int) -> WindowAttributes | None:
        attributes = WindowAttributes()
        core = self._connection.library.core
        found: int = core.XGetWindowAttributes(self._connection.display, window, byref(attributes))
        return attributes if found else None

    def _select(self, wanted: Mapping[int, int]) -> None:
        for window in self._selected.keys() - wanted.keys():
            self._connection.select(window, 0)
        for window, mask in wanted.items():
            if window not in (NO_WINDOW, POINTER_ROOT) and self._selected.get(window) != mask:
                self._connection.select(window, mask)
        self._selected = {
            window: mask for window, mask in wanted.items() if window not in (NO_WINDOW, POINTER_ROOT)
        }
