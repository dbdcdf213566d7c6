"""The pulse: id and end of the span that is open now, 24 bytes rewritten in place every few seconds."""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from app.models.database import tell_os

_MAGIC = 0x31505644  # 'DVP1'
_BODY = struct.Struct("<Iqq")
_CHECK = struct.Struct("<I")
SIZE = _BODY.size + _CHECK.size


@dataclass(frozen=True, slots=True)
class Beat:
    """What the file says: the open span's id, and its end in ms UTC."""

    span_id: int
    end_ms: int


class Pulse:
    """The pulse's file. It is not synced: a killed process needs no sync, and the disk gets its rest."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fd: int | None = None

    def write(self, span_id: int, end_ms: int) -> None:
        """Note how far the open span goes. Raises `StorageError`."""
        body = _BODY.pack(_MAGIC, span_id, end_ms)
        self._put(body + _CHECK.pack(crc32(body)))

    def clear(self) -> None:
        """No span is open: an orderly end. Raises `StorageError`."""
        self._put(bytes(SIZE))

    def read(self) -> Beat | None:
        """The last beat; None when there is none, or the file is anything else than a whole beat."""
        try:
            with self._path.open("rb") as file:
                content = file.read(SIZE)
        except OSError:
            return None
        if len(content) != SIZE:
            return None
        body = content[: _BODY.size]
        magic, span_id, end_ms = _BODY.unpack(body)
        if magic != _MAGIC or _CHECK.unpack(content[_BODY.size :])[0] != crc32(body):
            return None
        return Beat(span_id, end_ms)

    def close(self) -> None:
        """Let go of the file."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def _put(self, content: bytes) -> None:
        try:
            if self._fd is None:
                self._fd = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            os.lseek(self._fd, 0, os.SEEK_SET)
            os.write(self._fd, content)
        except OSError as error:
            self.close()
            raise tell_os(error) from error
