"""Names that mean the same on every machine, for rows that have another number on each."""

from __future__ import annotations

from uuid import UUID

from app.models.projects import PALETTE
from app.models.store import THIS_DEVICE, Store

_UNKNOWN = "unknown"


class References:
    """Finds the row of a uuid and the uuid of a row, within transactions of the caller.

    What is referred to before it comes gets a row of its own, which it fills when it comes. What was deleted
    is None, or what its time was given to.
    """

    def __init__(self, store: Store, device: bytes) -> None:
        self._store = store
        self._connection = store.connection
        self._device = device
        self._gone: dict[tuple[str, str], str | None] = {}

    def note_gone(self, table: str, uuid: str, heir: str | None) -> None:
        """From now on this stands for its heir, or for nothing."""
        self._gone[table, uuid] = heir

    def note_there(self, table: str, uuid: str) -> None:
        """It is there again."""
        self._gone.pop((table, uuid), None)

    def project(self, uuid: object) -> int | None:
        """The id of a project; of one that was merged, that of what it became part of."""
        identity = self._found(
            "projects", uuid, "INSERT INTO projects (uuid, name, color, created_ms) VALUES (?, ?, ?, 0)"
        )
        if identity is None:
            return None
        row = self._connection.execute(
            "SELECT ifnull(merged_into_id, id) FROM projects WHERE id = ?", (identity,)
        ).fetchone()
        return int(row[0])

    def category(self, uuid: object) -> int | None:
        """The id of a category."""
        return self._found(
            "categories",
            uuid,
            "INSERT INTO categories (uuid, name, color, position) "
            "VALUES (?, ?, ?, (SELECT ifnull(max(position), -1) + 1 FROM categories))",
        )

    def uuid(self, table: str, identity: int | None) -> str | None:
        """The uuid of a row."""
        if identity is None:
            return None
        row = self._connection.execute(f"SELECT uuid FROM {table} WHERE id = ?", (identity,)).fetchone()  # noqa: S608
        return None if row is None else str(row[0])

    def device(self, owner: bytes, machine: str = "", name: str = "") -> int:
        """The id of a device of the account, or of a `machine` whose history it imported."""
        if owner == self._device:
            return THIS_DEVICE if not machine else self._own_machine(machine)
        uuid = f"{UUID(bytes=owner)}{'/' if machine else ''}{machine}"
        row = self._connection.execute("SELECT id FROM devices WHERE uuid = ?", (uuid,)).fetchone()
        if row is not None:
            return int(row[0])
        made = self._connection.execute(
            "INSERT INTO devices (uuid, name, owner) VALUES (?, ?, ?)",
            (uuid, name or "another machine", owner),
        )
        assert made.lastrowid is not None
        return made.lastrowid

    def owner(self, device_id: int | None) -> bytes:
        """Which device of the account tells of a row's activity."""
        row = self._connection.execute("SELECT owner FROM devices WHERE id = ?", (device_id,)).fetchone()
        return self._device if row is None or row[0] is None else bytes(row[0])

    def machine(self, device_id: int) -> str:
        """Which imported machine it is among its owner's; empty for the owner itself."""
        row = self._connection.execute(
            "SELECT uuid, owner FROM devices WHERE id = ?", (device_id,)
        ).fetchone()
        if row is None or device_id == THIS_DEVICE:
            return ""
        uuid, owner = row
        return str(uuid) if owner is None else str(uuid).partition("/")[2]

    def name(self, device_id: int) -> str:
        """A machine's name."""
        row = self._connection.execute("SELECT name FROM devices WHERE id = ?", (device_id,)).fetchone()
        return "" if row is None else str(row[0])

    def _own_machine(self, machine: str) -> int:
        self._connection.execute(
            "INSERT OR IGNORE INTO devices (uuid, name) VALUES (?, 'another machine')", (machine,)
        )
        row = self._connection.execute("SELECT id FROM devices WHERE uuid = ?", (machine,)).fetchone()
        return int(row[0])

    def _found(self, table: str, uuid: object, make: str) -> int | None:
        if not isinstance(uuid, str) or not 0 < len(uuid) <= 200:
            return None
        for _ in range(len(self._gone) + 1):
            if (table, uuid) not in self._gone:
                break
            heir = self._gone[table, uuid]
            if heir is None:
                return None
            uuid = heir
        row = self._connection.execute(f"SELECT id FROM {table} WHERE uuid = ?", (uuid,)).fetchone()  # noqa: S608
        if row is not None:
            return int(row[0])
        made = self._connection.execute(make, (uuid, _UNKNOWN, PALETTE[0]))
        return made.lastrowid
