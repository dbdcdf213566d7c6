"""The functions of libX11 and its extensions that DevPulse calls, declared for ctypes."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from ctypes import POINTER, c_char_p, c_int, c_long, c_uint, c_ulong, c_void_p
from typing import Any

from app.errors import DisplayUnavailable

NO_WINDOW = 0
POINTER_ROOT = 1
ANY_TYPE = 0
STRING = 31  # XA_STRING
QUEUED_ALREADY = 0

PROPERTY_NOTIFY = 28
DESTROY_NOTIFY = 17

PROPERTY_CHANGE = 1 << 22
STRUCTURE_NOTIFY = 1 << 17
FOCUS_CHANGE = 1 << 21
ENTER_AND_LEAVE = 1 << 4 | 1 << 5


class Event(ctypes.Structure):
    """The head of every XEvent; `detail` is a PropertyNotify's atom. 24 longs long, as XEvent is."""

    _fields_ = [
        ("type", c_int),
        ("serial", c_ulong),
        ("send_event", c_int),
        ("display", c_void_p),
        ("window", c_ulong),
        ("detail", c_ulong),
        ("rest", c_ulong * 18),
    ]


class TextProperty(ctypes.Structure):
    _fields_ = [("value", c_char_p), ("encoding", c_ulong), ("format", c_int), ("nitems", c_ulong)]


class WindowAttributes(ctypes.Structure):
    _fields_ = [
        ("geometry", c_int * 6),
        ("visual", c_void_p),
        ("root", c_ulong),
        ("kinds", c_int * 4),
        ("backing", c_ulong * 2),
        ("save_under", c_int),
        ("colormap", c_ulong),
        ("map_installed", c_int),
        ("map_state", c_int),
        ("masks", c_long * 3),
        ("override_redirect", c_int),
        ("screen", c_void_p),
    ]


class SyncValue(ctypes.Structure):
    """A 64-bit number in two halves, as the XSync extension has them."""

    _fields_ = [("high", c_int), ("low", c_uint)]

    @classmethod
    def of(cls, number: int) -> SyncValue:
        return cls(number >> 32, number & 0xFFFFFFFF)

    @property
    def number(self) -> int:
        return (int(self.high) << 32) | int(self.low)


class SystemCounter(ctypes.Structure):
    _fields_ = [("name", c_char_p), ("counter", c_ulong), ("resolution", SyncValue)]


class AlarmAttributes(ctypes.Structure):
    """XSyncAlarmAttributes, its XSyncTrigger unfolded in place (the layout is the same)."""

    _fields_ = [
        ("counter", c_ulong),
        ("value_type", c_int),
        ("wait_value", SyncValue),
        ("test_type", c_int),
        ("delta", SyncValue),
        ("events", c_int),
        ("state", c_int),
    ]


class ScreenSaverInfo(ctypes.Structure):
    _fields_ = [
        ("window", c_ulong),
        ("state", c_int),
        ("kind", c_int),
        ("til_or_since", c_ulong),
        ("idle", c_ulong),
        ("event_mask", c_ulong),
    ]


class ClientIdSpec(ctypes.Structure):
    _fields_ = [("client", c_ulong), ("mask", c_uint)]


class ClientIdValue(ctypes.Structure):
    _fields_ = [("spec", ClientIdSpec), ("length", c_long), ("value", c_void_p)]


EXIT_HANDLER = ctypes.CFUNCTYPE(None, c_void_p, c_void_p)

_D = c_void_p
_W = c_ulong
_Prototypes = Mapping[str, tuple[Any, tuple[Any, ...]]]

_X11: _Prototypes = {
    "XOpenDisplay": (_D, (c_char_p,)),
    "XCloseDisplay": (c_int, (_D,)),
    "XConnectionNumber": (c_int, (_D,)),
    "XDefaultRootWindow": (_W, (_D,)),
    "XPending": (c_int, (_D,)),
    "XEventsQueued": (c_int, (_D, c_int)),
    "XNextEvent": (c_int, (_D, POINTER(Event))),
    "XFlush": (c_int, (_D,)),
    "XFree": (c_int, (c_void_p,)),
    "XSelectInput": (c_int, (_D, _W, c_long)),
    "XInternAtoms": (c_int, (_D, POINTER(c_char_p), c_int, c_int, POINTER(c_ulong))),
    "XGetInputFocus": (c_int, (_D, POINTER(c_ulong), POINTER(c_int))),
    "XGetWindowAttributes": (c_int, (_D, _W, POINTER(WindowAttributes))),
    "XGetWindowProperty": (
        c_int,
        (
            *(_D, _W, c_ulong, c_long, c_long, c_int, c_ulong),
            *(POINTER(c_ulong), POINTER(c_int), POINTER(c_ulong), POINTER(c_ulong), POINTER(c_void_p)),
        ),
    ),
    "XQueryTree": (
        c_int,
        (_D, _W, POINTER(c_ulong), POINTER(c_ulong), POINTER(c_void_p), POINTER(c_uint)),
    ),
    "XQueryPointer": (
        c_int,
        (_D, _W, POINTER(c_ulong), POINTER(c_ulong), *[POINTER(c_int)] * 4, POINTER(c_uint)),
    ),
    "XSetErrorHandler": (c_void_p, (c_void_p,)),
    "XSetIOErrorHandler": (c_void_p, (c_void_p,)),
    "Xutf8TextPropertyToTextList": (
        c_int,
        (_D, POINTER(TextProperty), POINTER(POINTER(c_char_p)), POINTER(c_int)),
    ),
    "XFreeStringList": (None, (POINTER(c_char_p),)),
}
_EXIT: _Prototypes = {"XSetIOErrorExitHandler": (None, (_D, EXIT_HANDLER, c_void_p))}
_XEXT: _Prototypes = {
    "XSyncQueryExtension": (c_int, (_D, POINTER(c_int), POINTER(c_int))),
    "XSyncInitialize": (c_int, (_D, POINTER(c_int), POINTER(c_int))),
    "XSyncListSystemCounters": (POINTER(SystemCounter), (_D, POINTER(c_int))),
    "XSyncFreeSystemCounterList": (None, (POINTER(SystemCounter),)),
    "XSyncQueryCounter": (c_int, (_D, c_ulong, POINTER(SyncValue))),
    "XSyncCreateAlarm": (c_ulong, (_D, c_ulong, POINTER(AlarmAttributes))),
    "XSyncDestroyAlarm": (c_int, (_D, c_ulong)),
}
_XSS: _Prototypes = {
    "XScreenSaverQueryExtension": (c_int, (_D, POINTER(c_int), POINTER(c_int))),
    "XScreenSaverQueryInfo": (c_int, (_D, _W, POINTER(ScreenSaverInfo))),
}
_XRES: _Prototypes = {
    "XResQueryExtension": (c_int, (_D, POINTER(c_int), POINTER(c_int))),
    "XResQueryVersion": (c_int, (_D, POINTER(c_int), POINTER(c_int))),
    "XResQueryClientIds": (
        c_int,
        (_D, c_long, POINTER(ClientIdSpec), POINTER(c_long), POINTER(POINTER(ClientIdValue))),
    ),
    "XResGetClientPid": (c_int, (POINTER(ClientIdValue),)),
    "XResClientIdsDestroy": (None, (c_long, POINTER(ClientIdValue))),
}


class X11Library:
    """The loaded libraries. `core` is always there; the others are None where not installed."""

    def __init__(self) -> None:
        core = _load(("libX11.so.6", "libX11.so"), _X11)
        if core is None:
            raise DisplayUnavailable(
                "The library libX11 is missing.",
                detail="DevPulse cannot see windows without it; nothing is recorded.",
                advice="Install libx11-6 (Debian, Ubuntu) or libX11 (Fedora).",
            )
        self.core = core
        # libX11 before 1.7 has no such handler: there the process ends with the display.
        self.survives_loss = _declare(core, _EXIT)

    # The extensions are loaded by whoever needs one, once.

    def sync(self) -> ctypes.CDLL | None:
        """libXext, for the XSync extension."""
        return _load(("libXext.so.6", "libXext.so"), _XEXT)

    def screen_saver(self) -> ctypes.CDLL | None:
        """libXss."""
        return _load(("libXss.so.1", "libXss.so"), _XSS)

    def resources(self) -> ctypes.CDLL | None:
        """libXRes."""
        return _load(("libXRes.so.1", "libXRes.so"), _XRES)


def _load(names: tuple[str, ...], prototypes: _Prototypes) -> ctypes.CDLL | None:
    # By soname: ctypes.util.find_library would start gcc and ldconfig.
    for name in names:
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        if _declare(library, prototypes):
            return library
    return None


def _declare(library: ctypes.CDLL, prototypes: _Prototypes) -> bool:
    for name, (result, arguments) in prototypes.items():
        try:
            function = getattr(library, name)
        except AttributeError:
            return False
        function.restype = result
        function.argtypes = arguments
    return True
