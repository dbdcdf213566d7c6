"""A short-lived process that looks for the reasons to hold presence which it is asked for, and tells them.

`python -m app.tracking.platform.hold_probe microphone media_playing …` prints one line for each that it
found (`microphone`), and one for each it cannot see (`-microphone`). In a process of its own because
libpulse and QtDBus would stay in the agent's memory, and because a bus that hangs can be left behind.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NoReturn

from app.tracking.platform.base import Hold
from app.tracking.platform.bus_addresses import session_address, system_address

if TYPE_CHECKING:
    from app.tracking.platform.inhibitors import Buses

LONGEST_S = 3.0
_QUESTION_S = 2.0

Look = Callable[[], bool | None]


def main(words: Sequence[str]) -> NoReturn:
    """Look for what the words name. Always ends within `LONGEST_S`."""
    run({hold: look for hold, look in looks().items() if hold in words}, _tell)
    # Not by returning: a thread that hangs in a library would keep the process.
    os._exit(0)


def looks() -> Mapping[Hold, Look]:
    """How to look for each."""
    return {Hold.MICROPHONE: _microphone, Hold.MEDIA_PLAYING: _media, Hold.IDLE_INHIBITOR: _inhibitor}


def run(wanted: Mapping[Hold, Look], tell: Callable[[str], None], longest_s: float = LONGEST_S) -> None:
    """Do all at the same time, telling each as soon as it is known; those not done in time are dropped."""

    def look(hold: Hold, how: Look) -> None:
        try:
            found = how()
        except Exception:  # noqa: BLE001 - whatever a foreign library throws, the others' words count
            found = None
        if found is not False:
            tell(hold if found else f"-{hold}")

    threads = [threading.Thread(target=look, args=pair, daemon=True) for pair in wanted.items()]
    for thread in threads:
        thread.start()
    until = time.monotonic() + longest_s
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))


def _tell(word: str) -> None:
    # One write a line: the other threads tell theirs at the same time.
    os.write(sys.stdout.fileno(), f"{word}\n".encode())


def _microphone() -> bool | None:
    from app.tracking.platform import microphone

    return microphone.in_use(timeout_s=_QUESTION_S)


def _media() -> bool | None:
    return _buses().media_playing()


def _inhibitor() -> bool | None:
    return _buses().idle_inhibited()


def _buses() -> Buses:
    from PyQt6.QtDBus import QDBusConnection

    from app.tracking.platform.inhibitors import Buses

    # Connections for each thread: Qt shares the default ones.
    thread = threading.current_thread().name
    addresses = (session_address(os.environ), system_address(os.environ))
    session, system = (
        QDBusConnection.connectToBus(address, f"{thread} {name}") if address else None
        for name, address in zip(("session", "system"), addresses, strict=True)
    )
    return Buses(session, system, round(_QUESTION_S * 1000))


if __name__ == "__main__":
    main(sys.argv[1:])
