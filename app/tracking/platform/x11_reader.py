"""Reads what one X11 window says of itself: title, class, process, fullscreen."""

from __future__ import annotations

import socket
from collections.abc import Callable
from ctypes import POINTER, byref, c_char_p, c_int, c_long
from dataclasses import dataclass, field
from pathlib import Path

from app.models.values import WindowSample
from app.tracking.platform.printable import printable
from app.tracking.platform.x11_connection import Property, X11Connection
from app.tracking.platform.x11_lib import STRING, ClientIdSpec, ClientIdValue, TextProperty

UNKNOWN_APPLICATION = "unknown"
_PID_OF_CLIENT = 2
_NAMES = (
    "_NET_WM_NAME", "WM_NAME", "UTF8_STRING", "WM_CLASS", "WM_CLIENT_MACHINE",
    "_NET_WM_PID", "_NET_WM_STATE", "_NET_WM_STATE_FULLSCREEN",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Identity:
    """What stays the same while a window lives, mostly."""

    window: int
    application: str = field(repr=False)
    pid: int | None = field(repr=False)


def process_name(pid: int) -> str | None:
    """The short name of a process of this machine."""
    try:
        return Path(f"/proc/{pid}/comm").read_text("utf-8", "replace").strip() or None
    except OSError:
        return None


class X11Reader:
    """Made for an open connection; every read may raise `VanishedError`."""

    def __init__(
        self, connection: X11Connection, name_of_process: Callable[[int], str | None] = process_name
    ) -> None:
        self._connection = connection
        self._name_of_process = name_of_process
        atoms = connection.atoms(_NAMES)
        self._net_name, self._name, self._utf8, self._class, self._machine = atoms[:5]
        self._pid, self._state, self._fullscreen = atoms[5:]
        self._clients = ClientPids(connection)
        self._host = socket.gethostname()

    @property
    def knows_clients(self) -> bool:
        """Whether the server tells the true process of a sandboxed program."""
        return self._clients.available

    @property
    def changing(self) -> frozenset[int]:
        """The properties that change while a window is used."""
        return frozenset((self._net_name, self._name, self._state))

    @property
    def identifying(self) -> frozenset[int]:
        """The properties that `identity` is made of."""
        return frozenset((self._class, self._pid, self._machine))

    def sample(self, identity: Identity) -> WindowSample:
        """The window as it is now."""
        window = identity.window
        title = self._title(window)
        state = self._connection.property(window, self._state)
        return WindowSample(
            application=identity.application,
            title=title,
            pid=identity.pid,
            window=window,
            fullscreen=state is not None and self._fullscreen in state.numbers(),
        )

    def identity(self, window: int) -> Identity:
        """Whose window it is: the class part of WM_CLASS (the instance may hold a profile's path),
        else the instance, else the process's name."""
        pid = self._process(window)
        names = self._texts(window, self._class)
        application = (names[1] if len(names) > 1 else "") or (names[0] if names else "")
        if not application and pid is not None:
            application = self._name_of_process(pid) or ""
        return Identity(window, application or UNKNOWN_APPLICATION, pid)

    def has_class(self, window: int) -> bool:
        return self._connection.property(window, self._class, 4) is not None

    def _title(self, window: int) -> str:
        found = self._connection.property(window, self._net_name)
        if found is not None and found.kind == self._utf8 and found.format == 8:
            title = printable(_utf8(found))
            if title:
                return title
        found = self._connection.property(window, self._name)
        if found is None or found.format != 8:
            return ""
        return printable(_utf8(found) if found.kind == self._utf8 else self._legacy(found))

    def _legacy(self, found: Property) -> str:
        """A title in latin-1 or COMPOUND_TEXT, by Xlib's own tables."""
        data = found.data
        if found.kind == STRING:
            # Programs put UTF-8 into STRING, too; what decodes as UTF-8 is hardly latin-1.
            return _utf8_or_latin1(data.split(b"\0", 1)[0])
        core = self._connection.library.core
        text = TextProperty(data, found.kind, 8, len(data))
        listed, count = POINTER(c_char_p)(), c_int()
        status: int = core.Xutf8TextPropertyToTextList(
            self._connection.display, byref(text), byref(listed), byref(count)
        )
        if status < 0 or not listed:
            return _utf8_or_latin1(data.split(b"\0", 1)[0])
        content = (listed[0] or b"") if count.value > 0 else b""
        core.XFreeStringList(listed)
        return content.decode("utf-8", "replace")

    def _texts(self, window: int, atom: int) -> list[str]:
        found = self._connection.property(window, atom)
        if found is None or found.format != 8:
            return []
        return [printable(_utf8_or_latin1(part)) for part in found.data.split(b"\0")]

    def _process(self, window: int) -> int | None:
        """The process on this machine, in this process's own numbering."""
        machine = (self._texts(window, self._machine) or [""])[0]
        if machine and machine.split(".")[0].lower() != self._host.split(".")[0].lower():
            return None
        # What the window says is its sandbox's numbering, if it runs in one; the server knows better.
        true = self._clients.pid(window)
        if true is not None:
            return true
        found = self._connection.property(window, self._pid, 4)
        said = found.numbers() if found is not None else ()
        return said[0] if said and 1 < said[0] < 1 << 31 else None


class ClientPids:
    """Asks the server, by the XRes extension, which process made a window."""

    def __init__(self, connection: X11Connection) -> None:
        self._connection = connection
        library = connection.library.resources()
        first, second = c_int(), c_int()
        asked = (connection.display, byref(first), byref(second))
        # Client ids came with version 1.2.
        has_it = (
            library is not None
            and library.XResQueryExtension(*asked)
            and library.XResQueryVersion(*asked)
            and (first.value, second.value) >= (1, 2)
        )
        self._library = library if has_it else None

    @property
    def available(self) -> bool:
        return self._library is not None

    def pid(self, window: int) -> int | None:
        """None when the server does not know it (a client on another machine)."""
        if self._library is None:
            return None
        spec, count, found = ClientIdSpec(window, _PID_OF_CLIENT), c_long(), POINTER(ClientIdValue)()
        status: int = self._library.XResQueryClientIds(
            self._connection.display, 1, byref(spec), byref(count), byref(found)
        )
        if status != 0:
            return None
        pid: int = self._library.XResGetClientPid(found) if count.value > 0 and found else 0
        self._library.XResClientIdsDestroy(count.value, found)
        return pid if pid > 1 else None


def _utf8(found: Property) -> str:
    data = found.data.split(b"\0", 1)[0]
    text = data.decode("utf-8", "replace")
    # Cut in the middle of a character: that is not the window's fault.
    return text.rstrip("�") if found.cut else text


def _utf8_or_latin1(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")
