"""The agent: built here from its parts, started from the bottom up, stopped from the top down.

The main thread runs Qt: tray, notifications, login manager. The tracker's thread runs the loop: windows,
input, journal, control socket. They speak by `Loop.post` one way and by Qt signals the other.
"""

# PyQt6's own stubs leave the type of every signal unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import base64
import json
import logging
import os
import signal
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack
from types import FrameType
from typing import Any

from PyQt6.QtCore import QCoreApplication, QObject, QProcess, QSocketNotifier, QTimer, pyqtSignal
from PyQt6.sip import voidptr

from app import config, logs, memory, startup
from app.children import PACKAGE_HOME, Children, command
from app.clock import Clock, SystemClock
from app.control import Server
from app.ending import Deadline
from app.errors import AlreadyRunning, DatabaseCorrupt, DevPulseError, StorageBusy
from app.loop import Loop
from app.models import backups
from app.models.exclusive import exclusive
from app.models.focus_sessions import StoredSession
from app.paths import Paths
from app.tracking.checks import checks
from app.tracking.pipeline import Project
from app.tracking.platform.base import Sources
from app.tracking.platform.select import select_sources
from app.tracking.requests import Requests
from app.tracking.service import Hooks, Service
from app.tracking.sync_schedule import SyncSchedule
from app.ui.application import create_application, draws
from app.ui.display import DisplayWatch, install_display_guard, restart
from app.ui.tray.face import Face
from app.worker import Worker

logger = logging.getLogger(__name__)

# A command that reads the pulse holds the lock for a moment.
_LOCK_WITHIN_S = 2.0
_HAND_BACK_AFTER_MS = 2_000
# Who begins a day meets several projects in a row, and each look at them is a process.
_IDENTIFY_AFTER_S = 15.0
_FIRST_BACKUP_AFTER_S = 120.0
_LOOK_FOR_BACKUP_S = 3_600.0
# A database that is found damaged sooner after a start was not mended by starting.
_TRUST_AFTER_S = 60.0
# From the wish to end until it is over, and from the moment all is stored.
_END_WITHIN_S = 15.0
_CLOSE_WITHIN_S = 5.0
_SIGNALS = ("SIGTERM", "SIGINT", "SIGHUP")


def main(paths: Paths) -> int:
    """Run the agent of this home until it is told to quit; returns the exit code.

    Raises `AlreadyRunning`, and `StorageError` when there is nothing to record into.
    """
    startup.make_folders(paths)
    with ExitStack() as stack:
        try:
            stack.enter_context(exclusive(paths.lock, wait_s=_LOCK_WITHIN_S))
        except StorageBusy as error:
            raise AlreadyRunning(
                "DevPulse is running already.", advice="`devpulse status` shows what it records."
            ) from error
        settings = config.load(paths.settings)
        logs.start(
            paths.logs,
            level=settings.text("logs.level"),
            kept_days=settings.number("storage.logs_kept_days"),
        )
        stack.callback(logs.stop)
        return Agent(paths, settings).run()


class Bridge(QObject):
    """What the tracker's thread tells Qt's."""

    status = pyqtSignal(object)
    focus_ended = pyqtSignal(object)
    reminder = pyqtSignal(object)
    refused = pyqtSignal(str)
    ready = pyqtSignal()
    failed = pyqtSignal()
    stored_for_sleep = pyqtSignal()
    ended = pyqtSignal()
    begin_anew = pyqtSignal(str)


class Agent:
    """Both threads of one run."""

    def __init__(self, paths: Paths, settings: config.Settings) -> None:
        self._paths = paths
        self._settings = settings
        self._clock: Clock = SystemClock()
        self._loop = Loop()
        self._bridge = Bridge()
        self._sources = select_sources(os.environ, self._loop)
        self._tracking: Tracking | None = None
        self._worker = Worker(
            self._loop,
            self._build_tracking,
            on_ready=self._bridge.ready.emit,
            on_failed=self._bridge.failed.emit,
        )
        self._tray_kind = "none"
        self._deadline = Deadline(logs.today(paths.logs))

    def run(self) -> int:
        """Work until told to quit. Raises what kept the agent from starting."""
        # A signal that is sent before somebody listens is lost, and one may ask to quit at once.
        self._connect()
        self._worker.start()
        application = create_application(["devpulse"])
        face = self._make_face(application) if draws(application) else None
        self._connect_face(face)
        guard = install_display_guard(self._display_changed)
        watch = None if face else DisplayWatch(self._display_changed)
        with _Signals(_end_loop):
            application.exec()
        stored = self._store()
        del watch
        guard.release()
        if face is not None:
            face.close()
        self._sources.session.stop()
        self._loop.close()
        self._deadline.lift()
        if self._worker.failure is not None:
            raise self._worker.failure
        logger.info("the agent has ended")
        return 0 if stored else 1

    def _store(self) -> bool:
        """End the tracker's thread; tells whether that has stored everything."""
        self._deadline.set(_END_WITHIN_S)
        stored = self._worker.stop()
        if not stored:
            logger.error("the tracker did not end in time; the last seconds may be missing")
        logger.info("the end begins; by force if it takes longer than %d s", _CLOSE_WITHIN_S)
        self._deadline.set(_CLOSE_WITHIN_S)
        return stored

    def _build_tracking(self) -> Tracking:
        self._tracking = Tracking(
            self._paths,
            self._loop,
            self._clock,
            self._sources,
            self._settings,
            self._bridge,
            tray_kind=lambda: self._tray_kind,
            deadline=self._deadline,
        )
        return self._tracking

    def _make_face(self, application: QCoreApplication) -> Face:
        return Face(
            application,
            self._ask,
            settings=self._settings_now,
            after_menu=self._hand_back,
            open_window=_open_window,
        )

    def _connect(self) -> None:
        bridge = self._bridge
        bridge.failed.connect(_end_loop)
        bridge.ended.connect(_end_loop)
        bridge.begin_anew.connect(self._begin_anew)
        bridge.ready.connect(self._listen_to_session)
        bridge.stored_for_sleep.connect(self._sources.session.release_sleep)
        bridge.ready.connect(lambda: QTimer.singleShot(_HAND_BACK_AFTER_MS, self._hand_back))

    def _connect_face(self, face: Face | None) -> None:
        if face is None:
            return

        def show(status: dict[str, Any]) -> None:
            face.show(status)
            self._tray_kind = face.tray_kind

        bridge = self._bridge
        bridge.status.connect(show)
        bridge.focus_ended.connect(face.focus_ended)
        bridge.reminder.connect(face.remind)
        bridge.refused.connect(face.refused)

    def _listen_to_session(self) -> None:
        assert self._tracking is not None
        self._sources.session.start(self._tracking.service.session_event)

    def _ask(self, name: str, /, **values: Any) -> None:
        if self._tracking is not None:
            self._loop.post(lambda: self._answer(name, values))

    def _answer(self, name: str, values: dict[str, Any]) -> None:
        assert self._tracking is not None
        try:
            self._tracking.requests.handle(name, values)
        except DevPulseError as error:
            self._bridge.refused.emit(error.told())

    def _settings_now(self) -> config.Settings:
        return self._settings if self._tracking is None else self._tracking.service.settings

    def _hand_back(self) -> None:
        if self._settings_now().switch("memory.hand_back"):
            memory.hand_back()

    def _display_changed(self) -> None:
        """A display went away or came: Qt cannot change its mind about it."""
        self._begin_anew("the display has changed")

    def _begin_anew(self, why: str) -> None:
        logger.info("%s; the agent begins anew", why)
        self._worker.stop()
        logs.stop()
        restart()


def _open_window(page: str) -> None:
    """Have another process show the windows; detached, so that neither waits for the other's end."""
    program, *words = command(*(("--page", page) if page else ()))
    started, _ = QProcess.startDetached(program, words, str(PACKAGE_HOME))
    if not started:
        logger.error("the windows could not be started")


class Tracking:
    """What lives in the tracker's thread: the service, the control socket, and work on a timer."""

    def __init__(
        self,
        paths: Paths,
        loop: Loop,
        clock: Clock,
        sources: Sources,
        settings: config.Settings,
        bridge: Bridge,
        *,
        tray_kind: Callable[[], str],
        deadline: Deadline,
    ) -> None:
        opened = startup.open_books(paths, clock)
        self._paths = paths
        self._loop = loop
        self._bridge = bridge
        self._tray_kind = tray_kind
        self._deadline = deadline
        self._key_told = opened.told
        self._children = Children(loop)
        self._unidentified: list[int] = []
        self._began = time.monotonic()
        self.service = Service(
            paths=paths,
            loop=loop,
            clock=clock,
            sources=sources,
            books=opened.books,
            settings=settings,
            hooks=Hooks(
                tell=self._tell,
                focus_completed=self._focus_completed,
                stored_for_sleep=bridge.stored_for_sleep.emit,
                new_project=self._met,
                remind=bridge.reminder.emit,
                replaced=self._replaced,
            ),
            problems=opened.problems,
        )
        self.requests = Requests(
            self.service,
            paths=paths,
            clock=clock,
            checks=self._checks,
            quit_agent=self._quit,
            synced=lambda outcome: self._server.publish("synced", outcome),
        )
        self._server = Server(paths.socket, loop, self.requests.handle)
        self._sync = SyncSchedule(
            loop,
            self._children.start,
            command("sync", "--automatic", "--secrets-stdin", "--json"),
            account=paths.account,
            automatic=lambda: self.service.settings.text("sync.when") == "automatic",
            busy=lambda: self.service.status()["state"] == "tracking",
            secrets=self._secrets,
        )

    def start(self) -> None:
        self.service.start()
        self._server.start()
        self._loop.call_later(_FIRST_BACKUP_AFTER_S, self._look_for_backup)
        self._sync.start()
        logger.info("tracking")

    def stop(self) -> None:
        self._server.stop()
        self.service.stop()
        self._children.stop()

    def _tell(self, status: dict[str, Any]) -> None:
        if any(isinstance(problem, DatabaseCorrupt) for problem in self.service.problems):
            self._damaged()
        self._bridge.status.emit(status)
        self._server.publish("status", status)

    def _damaged(self) -> None:
        """A new start looks the file over and recovers it; but not again and again."""
        startup.suspect(self._paths)
        if time.monotonic() - self._began > _TRUST_AFTER_S:
            self._began = time.monotonic()
            self._bridge.begin_anew.emit("the database is damaged")

    def _replaced(self) -> None:
        """The new start opens the other file, which may be of an older schema or have another key."""
        startup.suspect(self._paths)
        self._bridge.begin_anew.emit("another file is in the database's place")

    def _focus_completed(self, session: StoredSession, project: str | None) -> None:
        told = {
            "focused_seconds": session.focused_ms / 1000,
            "project": project,
            "interruptions": session.interruptions,
        }
        self._bridge.focus_ended.emit(told)
        self._server.publish("focus_ended", told)

    def _checks(self) -> list[dict[str, str]]:
        service = self.service
        return checks(
            service.sources,
            blind=service.blind,
            problems=service.problems,
            tray=self._tray_kind(),
            key=self._key_told,
        )

    def _met(self, project: Project) -> None:
        """Its first commit tells whether it is a known project that moved."""
        if self.service.locked:
            return  # the command could not open the project's folders
        if not self._unidentified:
            self._loop.call_later(_IDENTIFY_AFTER_S, self._identify)
        self._unidentified.append(project.id)

    def _identify(self) -> None:
        words = command("projects", "identify", *map(str, self._unidentified))
        self._unidentified.clear()
        self._children.start(words, lambda _: self.service.reload())

    def _secrets(self) -> bytes | None:
        """The data key for a command, by its standard input: it need not ask the keyring, nor a person."""
        key = self.service.reveal_key()
        return None if key is None else json.dumps({"key": base64.b64encode(key).decode()}).encode()

    def _look_for_backup(self) -> None:
        self._loop.call_later(_LOOK_FOR_BACKUP_S, self._look_for_backup)
        if backups.due(self._paths):
            self._children.start(command("data", "tidy", "--and-back-up"), self._backed_up)

    def _backed_up(self, code: int) -> None:
        if code:
            logger.warning("the daily backup failed; `devpulse data tidy` and `data backup` tell why")

    def _quit(self) -> None:
        self._deadline.set(_END_WITHIN_S)
        # The answer goes out first.
        self._loop.call_later(0.05, self._bridge.ended.emit)


def _end_loop() -> None:
    # Not by `quit`, which asks every window and ends when one refuses.
    QCoreApplication.exit(0)


def _heard(_: int, __: FrameType | None) -> None:
    """The wake-up descriptor does the work; without a handler Python would not write to it."""


class _Signals:
    """Lets SIGTERM and its like end Qt's loop, which Python's own handlers cannot interrupt."""

    def __init__(self, end: Callable[[], None]) -> None:
        self._end = end
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._notifier = QSocketNotifier(voidptr(self._reader.fileno()), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._woken)

    def __enter__(self) -> None:
        signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        for name in _SIGNALS:
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), _heard)

    def __exit__(self, *_: object) -> None:
        signal.set_wakeup_fd(-1)
        self._notifier.setEnabled(False)
        self._reader.close()
        self._writer.close()

    def _woken(self) -> None:
        self._reader.recv(64)
        self._end()
