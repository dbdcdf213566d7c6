"""`key.json`: which way the data key is kept, read with suspicion and replaced in one step."""

from __future__ import annotations

import base64
import binascii
import json
import os
import stat
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, cast

from app.errors import KeyUnavailable
from app.models.cipher import KEY_BYTES
from app.models.database import tell_os
from app.models.passphrase import Wrapped

_VERSION = 1
_LARGEST = 64 * 1024


class Way(StrEnum):
    """Where the data key is kept."""

    KEYRING = "keyring"
    PASSPHRASE = "passphrase"  # noqa: S105  a name, no secret
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Kept:
    """The content of key.json. `check` is the key's mark (see `keycheck`), by which a wrong key is told.

    Just one of the others is there: `account` (keyring), `wrapped` (passphrase) or `key` (file).
    """

    way: Way
    check: str
    account: str | None = None
    wrapped: Wrapped | None = field(default=None, repr=False)
    key: bytes | None = field(default=None, repr=False)


def read(path: Path) -> Kept | None:
    """The file's content, None when there is none. Raises `KeyUnavailable` for one that cannot be used."""
    try:
        with path.open("rb") as file:
            if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                # Somebody copied it about; the key is for its owner only.
                path.chmod(0o600)
            content = file.read(_LARGEST + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise KeyUnavailable(
            "The file that tells where your key is kept cannot be read.",
            detail=f"{path.name}: {error.strerror}. Recording goes on without titles.",
            advice="Check that the file belongs to you.",
        ) from error
    try:
        return _parsed(content)
    except (ValueError, TypeError, KeyError, RecursionError, binascii.Error):
        raise KeyUnavailable(
            "The file that tells where your key is kept is damaged.",
            detail=f"{path.name} was left as it is. Recording goes on without titles.",
            advice="Bring it back from a backup of your data folder.",
        ) from None


def _parsed(content: bytes) -> Kept:
    fields: object = json.loads(content)
    if not isinstance(fields, dict):
        raise TypeError
    values = cast("dict[str, Any]", fields)
    check = values["check"]
    if values["version"] != _VERSION or not isinstance(check, str):
        raise ValueError
    way = Way(values["way"])
    if way is Way.KEYRING:
        if not isinstance(values["account"], str):
            raise TypeError
        return Kept(way, check, account=values["account"])
    if way is Way.PASSPHRASE:
        return Kept(way, check, wrapped=Wrapped.from_json(values["wrapped"]))
    key = base64.b64decode(values["key"], validate=True)
    if len(key) != KEY_BYTES:
        raise ValueError
    return Kept(way, check, key=key)


def write(path: Path, kept: Kept) -> None:
    """Replace the file in one step, for its owner only. Raises `StorageError`."""
    values: dict[str, Any] = {"version": _VERSION, "way": kept.way.value, "check": kept.check}
    if kept.account is not None:
        values["account"] = kept.account
    if kept.wrapped is not None:
        values["wrapped"] = kept.wrapped.as_json()
    if kept.key is not None:
        values["key"] = base64.b64encode(kept.key).decode()
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(values, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink()
        raise tell_os(error) from error


def _sync_folder(folder: Path) -> None:
    # The old secret is deleted next; the new name must be on the disk before.
    if os.name == "posix":
        fd = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)
