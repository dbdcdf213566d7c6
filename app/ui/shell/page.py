"""What a page is to the window around it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from importlib import import_module
from typing import ClassVar

from PyQt6.QtWidgets import QWidget

from app.ui.freshness import EVERYTHING, Topic


@dataclass(frozen=True, slots=True)
class Command:
    """Something a person can do by name (Ctrl+K), and perhaps by `shortcut` while its page is shown.

    `title` and `hint` are translated already.
    """

    title: str
    run: Callable[[], None]
    icon: str = "arrow-right"
    shortcut: str = ""
    hint: str = ""


class Page(QWidget):
    """A page; built when it is first shown, and kept.

    `topics`: the kinds of data it shows. `refresh` is called with those that have changed: all of them when
    the page is first shown, later only while it is visible, or else when it becomes so again.
    """

    topics: ClassVar[frozenset[Topic]] = EVERYTHING

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")

    def furnish(self) -> Iterator[None]:
        """Put together what is shown, a part at a time; run to its end once, before the page is shown.

        Each part keeps the GUI thread for less than 50 ms, so that the window goes on meanwhile.
        """
        return iter(())

    def refresh(self, changed: AbstractSet[Topic]) -> None:
        """Ask anew for what shows these topics."""

    def left(self) -> None:
        """Another page is shown, or the window is closed: stop timers, forget questions."""

    def go(self, where: Mapping[str, str]) -> None:
        """Show a certain thing: `navigator.open("timeline", day="2026-06-30")` ends here."""

    def commands(self) -> Sequence[Command]:
        """What can be done here by name and by shortcut."""
        return ()


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A line of the side bar. `title`: source text, marked; `module` has `build(services)`.

    `below`: at its foot; not `listed`: reached in other ways.
    """

    key: str
    title: str
    icon: str
    module: str
    below: bool = False
    listed: bool = True

    @property
    def loaded(self) -> bool:
        """Whether its module is imported already."""
        return self.module in sys.modules

    def load(self) -> None:
        """Import its module, in whatever thread."""
        import_module(self.module)

    def make(self, services: object) -> Page:
        """The page, still to be furnished."""
        page = import_module(self.module).build(services)
        assert isinstance(page, Page)
        return page
