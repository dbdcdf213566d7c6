"""What a page is given: everything it may use, and nothing it has to look up."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.clock import Clock
from app.paths import Paths
from app.ui.background import Background
from app.ui.changes import Changes
from app.ui.edits import Edits
from app.ui.freshness import Freshness
from app.ui.library import Library
from app.ui.live import Agent
from app.ui.settings_store import SettingsStore
from app.ui.sync.session import SyncSession
from app.ui.theme.icons import Icons
from app.ui.theme.theme import Theme

if TYPE_CHECKING:
    from app.analytics.questions import Questions


class Navigator(Protocol):
    """Leads to another page."""

    def open(self, key: str, **where: str) -> None:
        """Show the page, at a certain thing if it is named (`Page.go`)."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """Handed to `build(services)` of each page.

    `questions`: use it only in a question for `BackgroundQuery`, or in a change: it may read the keyring.
    `clock`: the only source of the time. `settings`: what the person set. `home`: their home folder.
    `sync`: the account, where this machine is signed in to one.
    """

    theme: Theme
    icons: Icons
    background: Background
    freshness: Freshness
    changes: Changes
    edits: Edits
    agent: Agent
    library: Library
    settings: SettingsStore
    navigator: Navigator
    clock: Clock
    paths: Paths
    home: Path
    sync: SyncSession

    @property
    def questions(self) -> Questions:
        """The named questions of `app.analytics`."""
        return self.library.questions
