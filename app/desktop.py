"""The windows' process: built here from its parts, shown, and gone with its last window.

It reads the database itself and follows the agent over the control socket; closing it gives all its memory
back, and no chart can stall the tracker.
"""

# PyQt6's own stubs leave the type of every signal unknown.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from app import config, logs, startup
from app.paths import Paths
from app.ui.display import Display
from app.ui.instance import Instance

if TYPE_CHECKING:
    from PyQt6.QtCore import QCoreApplication

    from app.clock import Clock
    from app.ui.live import Agent
    from app.ui.preferences import Preferences
    from app.ui.services import Services
    from app.ui.shell.page import PageEntry
    from app.ui.shell.window import MainWindow
    from app.ui.sync.program import Program


@dataclass(frozen=True, slots=True)
class Wish:
    """What a start asks for: a page by its key ("" for the last one), and what it shows there."""

    page: str = ""
    where: Mapping[str, str] | None = None

    def as_json(self) -> dict[str, Any]:
        return {"page": self.page, "where": dict(self.where or {})}

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Wish:
        """The inverse of `as_json`, from another process."""
        where = told.get("where")
        pairs = cast("dict[str, object]", where).items() if isinstance(where, dict) else ()
        return cls(str(told.get("page") or ""), {str(k): str(v) for k, v in pairs})


def main(paths: Paths, display: Display, wish: Wish, ensure_agent: Callable[[], object]) -> int:
    """Show the windows until they are closed; returns the exit code.

    `ensure_agent`: starts the agent where none runs, and waits for it; called off the GUI thread. Raises
    `StorageError` when the home's folders cannot be made.
    """
    startup.make_folders(paths)
    instance = Instance(paths.windows_socket)
    if not instance.take(wish.as_json()):
        return 0
    try:
        from app.clock import SystemClock
        from app.ui.application import create_windows_application
        from app.ui.faults import survive
        from app.ui.live import Live

        application = create_windows_application(["devpulse"], display)
        settings = config.load(paths.settings)
        logs.start(
            paths.logs,
            level=settings.text("logs.level"),
            kept_days=settings.number("storage.logs_kept_days"),
            console=None,
        )
        live = Live(paths.socket)
        # Type checkers do not see that a class's signals are bound in its objects.
        agent = cast("Agent", live)
        windows = assemble(application, paths=paths, clock=SystemClock(), agent=agent)
        survive(windows.services.changes.failed.emit)
        return windows.run(instance, live, wish, ensure_agent)
    finally:
        instance.close()
        logs.stop()


@dataclass(frozen=True, slots=True)
class Windows:
    """All parts of the process, held together; `close` lets them go in order."""

    application: QCoreApplication
    services: Services
    window: MainWindow
    preferences: Preferences
    close: Callable[[], None]

    def run(self, instance: Instance, live: Any, wish: Wish, ensure_agent: Callable[[], object]) -> int:
        """Show the window, follow the agent, and work until the window is closed."""
        from app.ui.opening import Opening

        opening = Opening(self.services, self.window, live, ensure_agent)
        instance.listen(lambda told: opening.show(Wish.of(told).page, Wish.of(told).where), self.window)
        opening.begin(wish.page, wish.where)
        self.window.closed.connect(self.application.quit)
        code = self.application.exec()
        opening.end()
        live.stop()
        self.close()
        return code


def assemble(
    application: QCoreApplication,
    *,
    paths: Paths,
    clock: Clock,
    agent: Agent,
    pages: Sequence[PageEntry] | None = None,
    look: str | None = None,
    program: Program | None = None,
) -> Windows:
    """Build the process around an application. `look`: light or dark, instead of the person's setting.

    `program`: what runs commands about the account, instead of `devpulse` itself.
    """
    from app.models.data_version import DataVersion
    from app.ui.background import Background
    from app.ui.changes import Changes
    from app.ui.edits import Edits
    from app.ui.freshness import Freshness
    from app.ui.library import Library
    from app.ui.pages.catalog import PAGES
    from app.ui.preferences import Preferences
    from app.ui.services import Services
    from app.ui.settings_store import SettingsStore
    from app.ui.shell.navigation import WindowNavigator
    from app.ui.shell.window import MainWindow
    from app.ui.sync.program import Commands
    from app.ui.sync.session import SyncSession
    from app.ui.theme.icons import Icons
    from app.ui.theme.system import qt_says_dark
    from app.ui.theme.theme import Theme
    from app.ui.translation import Translation

    version = DataVersion(paths.database)
    freshness = Freshness(version)
    background = Background(lambda: freshness.revision)
    settings = SettingsStore(paths.settings, freshness)
    theme = Theme(application, wish=look or settings.text("appearance.theme"), system_dark=qt_says_dark())
    translation = Translation(application)
    translation.use(settings.text("appearance.language"))
    library = Library(paths, clock)
    changes = Changes(background, freshness, agent)
    navigator = WindowNavigator()

    def key() -> str:
        given = library.given_key
        return "" if given is None else base64.b64encode(given.value).decode()

    sync = SyncSession(paths, program or Commands(paths, key), settings, freshness, changes)
    services = Services(
        theme=theme,
        icons=Icons(theme),
        background=background,
        freshness=freshness,
        changes=changes,
        edits=Edits(library, changes),
        agent=agent,
        library=library,
        settings=settings,
        navigator=navigator,
        clock=clock,
        paths=paths,
        home=Path.home(),
        sync=sync,
    )
    window = MainWindow(services, PAGES if pages is None else pages)
    navigator.lead(window)
    preferences = Preferences(
        settings,
        paths,
        theme,
        translation,
        language_changed=window.rebuild,
        failed=services.changes.failed.emit,
    )

    def close() -> None:
        sync.stop()
        background.close()
        version.close()
        library.close()

    return Windows(application, services, window, preferences, close)
