"""Files a command writes for the person: for their owner only, whole or not at all."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

from app.errors import DevPulseError


def write_private(path: Path, parts: Iterable[str] | bytes) -> None:
    """Write `parts` to `path` (mode 0600); the file appears when it is complete. Raises `DevPulseError`."""
    encoded = (parts,) if isinstance(parts, bytes) else (part.encode("utf-8", "replace") for part in parts)
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(fd, "wb") as file:
            file.writelines(encoded)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        raise DevPulseError(
            f"{path} could not be written.",
            detail=f"{error.strerror}. Nothing of it was left behind.",
            advice="Choose another place, or free some space.",
        ) from error
    finally:
        with contextlib.suppress(OSError):  # a read-only disk refuses even where there is nothing
            fresh.unlink(missing_ok=True)
