"""Changes of settings, in their file; the agent follows at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.changes.workbench import Undo, Words, Workbench
from app.config import Settings, load, save
from app.declarations import declared
from app.errors import ChangedSince, InvalidPattern

_UNSET = object()


class SettingChanges:
    """Methods raise `InvalidSetting` with the reason, `InvalidPattern`, `StorageError`."""

    def __init__(self, bench: Workbench, path: Path) -> None:
        self._bench = bench
        self._path = path

    def set(self, key: str, value: Any) -> Undo:
        """Give a setting a value."""
        setting = declared(key)
        check_patterns(key, value)
        return self._store(
            key, setting.checked(value), Words("Setting “{title}” changed", {"title": setting.title})
        )

    def reset(self, key: str) -> Undo:
        """Put a setting back to its default."""
        title = declared(key).title
        return self._store(key, _UNSET, Words("Setting “{title}” back to its default", {"title": title}))

    def _store(self, key: str, value: Any, words: Words) -> Undo:
        with self._bench.locked():
            settings = load(self._path)
            before = settings.given.get(key, _UNSET)
            save(self._path, _with(settings, key, value))
            return self._bench.done(words, "settings", _Setting(self._path, key, before, value))


@dataclass(frozen=True, slots=True)
class _Setting:
    """One setting's change; `_UNSET` stands for its default."""

    path: Path
    key: str
    before: Any = field(repr=False)
    after: Any = field(repr=False)

    def revert(self) -> _Setting:
        settings = load(self.path)
        if settings.given.get(self.key, _UNSET) != self.after:
            raise ChangedSince(
                "This cannot be undone: the setting was changed again since.", detail="Nothing was changed."
            )
        save(self.path, _with(settings, self.key, self.before))
        return _Setting(self.path, self.key, self.after, self.before)


def _with(settings: Settings, key: str, value: Any) -> Settings:
    return settings.without(key) if value is _UNSET else settings.with_value(key, value)


def check_patterns(key: str, value: Any) -> None:
    """Refuse title rules whose pattern cannot be used. Raises `InvalidPattern`."""
    if key != "privacy.title_rules" or not isinstance(value, list):
        return
    from app.tracking.patterns import compile_pattern

    for number, rule in enumerate(value, start=1):  # pyright: ignore[reportUnknownVariableType,reportUnknownArgumentType]
        pattern: object = rule.get("pattern") if isinstance(rule, dict) else None  # pyright: ignore[reportUnknownVariableType,reportUnknownMemberType]
        if isinstance(pattern, str):
            try:
                compile_pattern(pattern)
            except InvalidPattern as error:
                raise InvalidPattern(
                    f"The pattern of title rule {number} cannot be used.",
                    detail=error.detail,
                    advice=error.advice,
                ) from error
