"""The settings in force, and their file.

The file is plain JSON, written whole and atomically; a value that does not fit is left out in favour of
its default and told, unknown keys are kept, so that an older DevPulse does not lose what a newer one wrote.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from app.declarations import SETTINGS, declared
from app.errors import InvalidSetting, StorageError


@dataclass(frozen=True, slots=True)
class Settings:
    """The values in force; what the person did not set has its default.

    `given`: the file's content, unknown keys included. `problems`: values that did not fit, in words.
    `rejected`: those values as they stand in the file; they are kept there until the person sets them
    anew, so that the privacy policy can go on taking them in their strictest sense.
    """

    given: Mapping[str, Any] = field(default_factory=dict[str, Any])
    problems: tuple[str, ...] = ()
    rejected: Mapping[str, Any] = field(default_factory=dict[str, Any], repr=False)

    def get(self, key: str) -> Any:
        """The value in force; raises `InvalidSetting` for a key that is not declared."""
        return self.given.get(key, declared(key).default)

    def switch(self, key: str) -> bool:
        return bool(self.get(key))

    def number(self, key: str) -> int:
        return int(self.get(key))

    def text(self, key: str) -> str:
        return str(self.get(key))

    def texts(self, key: str) -> tuple[str, ...]:
        return tuple(self.get(key))

    def with_value(self, key: str, value: object) -> Settings:
        """These settings with one changed; raises `InvalidSetting`."""
        setting = declared(key)
        return Settings({**self.given, key: setting.checked(value)}, self.problems, self._rejected_but(key))

    def without(self, key: str) -> Settings:
        """These settings with one back at its default."""
        declared(key)
        given = {k: v for k, v in self.given.items() if k != key}
        return Settings(given, self.problems, self._rejected_but(key))

    def _rejected_but(self, key: str) -> dict[str, Any]:
        return {k: v for k, v in self.rejected.items() if k != key}


def load(path: Path) -> Settings:
    """The settings in the file; a damaged file is set aside and told of, never lost or fatal."""
    try:
        content: object = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        return Settings(problems=(f"The settings file cannot be read: {error.strerror}.",), rejected=_UNKNOWN)
    except (ValueError, RecursionError):
        return _replaced(path)
    if not isinstance(content, dict):
        return _replaced(path)
    return _checked(cast("dict[str, Any]", content))


def _checked(content: dict[str, Any]) -> Settings:
    given: dict[str, Any] = {}
    problems: list[str] = []
    rejected: dict[str, Any] = {}
    for key, value in content.items():
        setting = SETTINGS.get(key)
        try:
            given[key] = value if setting is None else setting.checked(value)
        except InvalidSetting as error:
            rejected[key] = value
            strict = setting is not None and setting.section == "privacy"
            used = "Until it is set anew, the least is recorded." if strict else "Its default is used."
            problems.append(f"{error.title} {used}")
    return Settings(given, tuple(problems), rejected)


# What the person had chosen is not known: titles stay unrecorded until they choose again.
_UNKNOWN: Mapping[str, Any] = {"privacy.detail": None}


def _replaced(path: Path) -> Settings:
    """Set a damaged file aside; the new one remembers that the person's choices are not known."""
    aside = path.with_name(f"{path.stem}.damaged-{time.strftime('%Y%m%d-%H%M%S')}{path.suffix}")
    try:
        path.replace(aside)
    except OSError as error:
        problem = f"The settings file is damaged and cannot be moved: {error.strerror}."
        return Settings(problems=(problem,), rejected=_UNKNOWN)
    problem = (
        f"The settings file was damaged; it was kept as {aside.name} and the defaults are used, but no "
        "titles are recorded until you choose what is (privacy.detail)."
    )
    settings = Settings(problems=(problem,), rejected=_UNKNOWN)
    with contextlib.suppress(StorageError):
        save(path, settings)
    return settings


def save(path: Path, settings: Settings) -> None:
    """Write the file whole, or leave the old one. Raises `StorageError`."""
    fresh = path.with_suffix(f".{os.getpid()}.new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(fd, "w", encoding="utf-8") as file:
            content = {**settings.rejected, **settings.given}
            json.dump(content, file, indent=2, ensure_ascii=False, sort_keys=True)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):  # a read-only disk refuses even where there is nothing
            fresh.unlink(missing_ok=True)
        raise StorageError(
            "The settings could not be saved.",
            detail=f"The old ones are still in force ({error.strerror}).",
            advice="Check that the disk is not full and the folder can be written.",
        ) from error
