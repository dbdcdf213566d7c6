"""The agent's whole hold on the database, opened together and replaced together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.models.checkpoints import Checkpoints
from app.models.cipher import Cipher
from app.models.displaced import Mooring
from app.models.focus_sessions import FocusSessions
from app.models.journal import Journal
from app.models.projects import Projects
from app.models.store import Store


@dataclass(frozen=True, slots=True)
class Books:
    """One store and what is kept in it. Belongs to one thread."""

    store: Store
    journal: Journal
    projects: Projects
    sessions: FocusSessions
    mooring: Mooring
    checkpoints: Checkpoints

    @classmethod
    def open(cls, database: Path, cipher: Cipher | None) -> Books:
        """Open a migrated database; without a cipher no text is stored. Raises `StorageError`."""
        store = Store.open(database, cipher)
        mooring = Mooring(store.connection, database)
        checkpoints = Checkpoints(store.connection, database)
        return cls(store, Journal(store), Projects(store), FocusSessions(store), mooring, checkpoints)

    @property
    def locked(self) -> bool:
        """Whether texts cannot be sealed, because the key is not there."""
        return self.store.cipher is None

    @property
    def salt(self) -> bytes:
        """The secret behind hashed parts of titles; empty while the key is locked."""
        return salt_of(self.store.cipher)

    def close(self) -> None:
        self.checkpoints.stop()
        self.store.close()


def salt_of(cipher: Cipher | None) -> bytes:
    """The secret behind hashed parts of titles; empty without a key."""
    return b"" if cipher is None else cipher.digest("salt of hashed titles")
