"""Homes with made-up but lifelike data for pictures, made once and kept in `build/pictures`."""

from __future__ import annotations

import shutil
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from app.config import Settings, save
from app.models.database import connect
from app.models.erasure import Selection, erase
from app.models.keyfile import Way
from app.models.keys import create_key, load_key
from app.models.migrate import migrate
from app.models.store import Store
from app.paths import Paths
from tests.benchmarks.history import LAST_DAY, make_history

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / "build" / "pictures" / "homes"
TODAY: date = LAST_DAY
NOW = datetime.combine(TODAY, time(17, 42), ZoneInfo("Europe/Berlin"))
KINDS = {"empty": 0.0, "day": 1 / 365.25, "month": 31 / 365.25, "year": 1.0, "5years": 5.0}
PER_DAY = 420
# Grows when what is made below changes, so that nobody looks at old data.
_EDITION = 2

_APPLICATIONS = (
    "code", "gnome-terminal", "firefox", "slack", "pycharm", "chromium", "dbeaver", "thunderbird", "figma",
    "obsidian", "zoom", "emacs", "konsole", "evince", "libreoffice", "spotify", "gimp", "nautilus",
    "insomnia",
    "wireshark", "meld", "gitg", "inkscape", "docker-desktop", "postman", "zotero", "signal", "eog", "vlc",
    "gedit", "qgis", "blender", "krita", "teams", "discord", "steam", "calibre", "audacity", "obs", "anki",
)  # fmt: skip
_PROJECTS = (
    "harbor-api", "harbor-web", "ledger", "field-notes", "atlas-tiles", "mailroom", "dotfiles", "night-train",
    "pixel-garden", "quorum", "rust-by-night", "sundial", "paperweight", "tidepool", "wayfinder", "beacon",
    "copperline", "driftwood", "evergreen", "foxglove", "granite", "hollow-reed", "ironbark", "juniper",
    "kestrel", "larkspur", "moonraker", "northwind", "oxbow", "pinecone",
)  # fmt: skip
_BRANCHES = ("main", "retry-queue", "fix/timeouts", "feature/import", "release-2.4", "spike/search")


def home(kind: str) -> Paths:
    """A home with this much data, up to `TODAY`; a fresh copy of the cached one."""
    kept = CACHE / f"{kind}-{_EDITION}"
    if not (kept / "ready").exists():
        shutil.rmtree(kept, ignore_errors=True)
        _make(kept, KINDS[kind])
        (kept / "ready").touch()
    used = CACHE.parent / "used" / kind
    shutil.rmtree(used, ignore_errors=True)
    shutil.copytree(kept, used)
    return Paths.discover({"DEVPULSE_HOME": str(used)})


def _make(folder: Path, years: float) -> None:
    paths = Paths.discover({"DEVPULSE_HOME": str(folder)}).create()
    save(paths.settings, Settings())
    create_key(paths, Way.FILE)
    migrate(paths)
    if not years:
        return
    make_history(paths.database, years, PER_DAY, cipher=load_key(paths).cipher())
    connection = connect(paths.database)
    try:
        connection.execute("BEGIN IMMEDIATE")
        for number, name in enumerate(_APPLICATIONS, 1):
            connection.execute("UPDATE applications SET name = ? WHERE id = ?", (name, number))
        for number, name in enumerate(_PROJECTS, 1):
            connection.execute("UPDATE projects SET name = ? WHERE id = ?", (name, number))
        for number in range(1, 121):
            name = _BRANCHES[number % len(_BRANCHES)] + ("" if number < 7 else f"-{number // 6}")
            connection.execute("UPDATE branches SET name = ? WHERE id = ?", (name, number))
        connection.execute("COMMIT")
    finally:
        connection.close()
    # The pictures are taken at this moment, and nothing is recorded ahead of it.
    with Store.open(paths.database, load_key(paths).cipher()) as store:
        erase(store, Selection(from_ms=int(NOW.timestamp() * 1000)), sessions=True)
