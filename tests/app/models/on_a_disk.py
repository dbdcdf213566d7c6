"""Run by test_database.py in a mount namespace of its own: python on_a_disk.py KIND FOLDER."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from app.errors import StorageError
from app.models.cipher import Cipher
from app.models.database import quick_check, reading
from app.models.journal import Journal
from app.models.values import Activity, Span, State
from app.paths import Paths

T = 1_700_000_000_000


def fill(journal, most=200_000):
    """Append until it fails; returns (how many were stored, the error)."""
    for n in range(most):
        span = Span(T + n, T + n + 1, 0, State.ACTIVE, Activity("editor", title="t" * 500 + str(n)))
        try:
            journal.append(span)
        except StorageError as error:
            return n, error
    raise AssertionError("it never failed")


def count(path):
    with reading(path) as connection:
        assert quick_check(connection) == [], "damaged"
        return connection.execute("SELECT count(*) FROM activity_logs").fetchone()[0]


def full(folder):
    copy = (folder / "devpulse.db").read_bytes()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], check=True)
    path = folder / "devpulse.db"
    path.write_bytes(copy)
    journal = Journal.open(path, Cipher(bytes(32)))
    filler = folder / "other-program"
    filler.write_bytes(bytes(300_000))
    stored, error = fill(journal)
    print(type(error).__name__)
    again, _ = fill(journal, 2000) if stored == 0 else (0, None)
    assert (
        journal.store.connection.execute("SELECT count(*) FROM activity_logs").fetchone()[0] == stored + again
    )
    print("kept")
    filler.unlink()
    journal.append(Span(T * 2, T * 2 + 5, 0, State.ACTIVE, Activity("later")))
    journal.close()
    assert count(path) == stored + again + 1
    print("sound")
    print("goes-on")


def read_only(folder):
    path = folder / "devpulse.db"
    subprocess.run(["mount", "--bind", folder, folder], check=True)
    subprocess.run(["mount", "-o", "remount,ro,bind", folder], check=True)
    try:
        journal = Journal.open(path, Cipher(bytes(32)))
        journal.append(Span(T, T, 0, State.ACTIVE, Activity("editor")))
    except StorageError as error:
        print(type(error).__name__)
    assert count(path) == 0
    print("readable")
    from app.models.migrate import migrate

    root = folder.parent
    try:
        migrate(Paths(root / "config", folder, root / "logs", root / "run"))
    except StorageError as error:
        print(type(error).__name__)


def no_permission(folder):
    path = folder / "devpulse.db"
    shutil.chown(path, 0, 0)
    path.chmod(0o444)
    folder.chmod(0o555)
    # Root within the namespace passes every check; without its capabilities it does not.
    os.execvp(
        "setpriv",
        ["setpriv", "--bounding-set=-all", "--inh-caps=-all", sys.executable, __file__, "write", str(folder)],
    )


def write(folder):
    try:
        Journal.open(folder / "devpulse.db", Cipher(bytes(32))).append(
            Span(T, T, 0, State.ACTIVE, Activity("editor"))
        )
    except StorageError as error:
        print(type(error).__name__)


def limited(folder):
    path = folder / "devpulse.db"
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
    journal = Journal.open(path, Cipher(bytes(32)))
    stored, _ = fill(journal)
    print("told")
    assert journal.store.connection.execute("SELECT count(*) FROM activity_logs").fetchone()[0] == stored
    print("kept")
    assert quick_check(journal.store.connection) == []
    print("sound")


if __name__ == "__main__":
    KINDS = {
        "full": full,
        "read-only": read_only,
        "no-permission": no_permission,
        "write": write,
        "limited": limited,
    }
    KINDS[sys.argv[1]](Path(sys.argv[2]))
