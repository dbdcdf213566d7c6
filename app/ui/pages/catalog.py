"""The pages there are, in the order of the side bar."""

from __future__ import annotations

from app.ui.shell.page import PageEntry
from app.ui.words import mark


def _entry(key: str, title: str, icon: str, *, below: bool = False, listed: bool = True) -> PageEntry:
    return PageEntry(key, title, icon, f"app.ui.pages.{key}.page", below, listed)


PAGES: tuple[PageEntry, ...] = (
    _entry("today", mark("Today"), "sun"),
    _entry("timeline", mark("Timeline"), "chart-gantt"),
    _entry("trends", mark("Trends"), "chart-column"),
    _entry("projects", mark("Projects"), "folder-git-2"),
    _entry("focus", mark("Focus"), "target"),
    _entry("rules", mark("Rules"), "list-ordered"),
    _entry("sync", mark("Sync"), "refresh-cw", below=True),
    _entry("privacy", mark("Privacy"), "shield", below=True),
    _entry("settings", mark("Settings"), "settings", below=True),
    _entry("welcome", mark("Welcome"), "sparkles", listed=False),
)
