"""A process with a tray and nothing else: it shows the statuses it reads, and prints what the person asks.

`{"show": STATUS}`, `{"ask": 1}` (prints kind and memory), `{"message": [title, text]}`; one a line.
"""

import json
import logging
import os
import sys
from datetime import UTC, datetime

from PyQt6.QtCore import QSocketNotifier

from app import memory
from app.ui.application import create_application
from app.ui.tray.tray import Tray

logging.basicConfig(level="INFO")


def say(*what: object) -> None:
    print(json.dumps(what), flush=True)


class Spoken:
    """Tells each action it is asked for."""

    def __getattr__(self, name: str):
        return lambda *arguments: say("did", name, *arguments)


application = create_application(["devpulse"])
open_window = (lambda page: say("did", "open_window", page)) if "--window" in sys.argv else None
now = datetime(2026, 3, 2, 15, tzinfo=UTC)
tray = Tray(None, Spoken(), presets_min=[25, 50, 90], open_window=open_window, now=lambda: now)
left = b""


def read() -> None:
    global left
    chunk = os.read(0, 65536)
    if not chunk:
        tray.close()
        application.quit()
        return
    *lines, left = (left + chunk).split(b"\n")
    for line in lines:
        asked = json.loads(line)
        if "show" in asked:
            tray.show(asked["show"])
        if "message" in asked:
            tray.message(*asked["message"])
        if "ask" in asked:
            held = memory.resident()
            say("is", tray.kind, held.rss, held.pss, held.uss)


notifier = QSocketNotifier(0, QSocketNotifier.Type.Read)
notifier.activated.connect(read)
say("ready")
application.exec()
