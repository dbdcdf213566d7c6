"""Work off the GUI thread: ask a question, or change something; the answer comes back in the GUI thread.

`BackgroundQuery` asks: an answer that a newer question has overtaken is dropped, and one that is known for
this revision of the data is given at once. `BackgroundCommand` changes: one change at a time, with progress
and cancel, and what comes back says what changed.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

from PyQt6 import sip
from PyQt6.QtCore import QObject, Qt, pyqtSignal

from app.errors import DevPulseError
from app.loop import describe
from app.ui.freshness import Topic

logger = logging.getLogger(__name__)

T = TypeVar("T")

_THREADS = 2
_MOST_REMEMBERED = 128


class Cancelled(Exception):
    """The person cancelled; whoever changes data leaves it as it was."""


class _Door(QObject):
    """Carries a call from any thread into the GUI thread."""

    called = pyqtSignal(object)

    def __init__(self) -> None:
        super().__init__()
        self.called.connect(lambda call: call(), Qt.ConnectionType.QueuedConnection)  # pyright: ignore[reportCallIssue]


class Background:
    """The threads of the windows' process: some for questions, one for changes.

    `revision()`: grows when stored data changes; an answer is remembered for one revision only.
    """

    def __init__(self, revision: Callable[[], int]) -> None:
        self._revision = revision
        self._asking = ThreadPoolExecutor(_THREADS, thread_name_prefix="ask")
        self._changing = ThreadPoolExecutor(1, thread_name_prefix="change")
        self._door = _Door()
        self._known: OrderedDict[Hashable, tuple[int, object]] = OrderedDict()
        self._closed = False
        self._open = 0

    @property
    def idle(self) -> bool:
        """Whether nothing is asked or changed now, and every answer is given. Belongs to the GUI thread."""
        return not self._open

    def revision(self) -> int:
        return self._revision()

    def known(self, key: Hashable) -> tuple[object] | None:
        """The answer to `key` in a tuple, if it is of this revision."""
        found = self._known.get(key)
        if found is None or found[0] != self._revision():
            return None
        self._known.move_to_end(key)
        return (found[1],)

    def remember(self, key: Hashable, revision: int, answer: object) -> None:
        self._known[key] = (revision, answer)
        self._known.move_to_end(key)
        while len(self._known) > _MOST_REMEMBERED:
            self._known.popitem(last=False)

    def ask(self, work: Callable[[], T], done: Callable[[Future[T]], None]) -> Future[T]:
        """Run `work` on a thread for questions; `done` later, in the GUI thread."""
        return self._submit(self._asking, work, done)

    def change(self, work: Callable[[], T], done: Callable[[Future[T]], None]) -> Future[T]:
        """Run `work` when all changes before it are through; `done` later, in the GUI thread."""
        return self._submit(self._changing, work, done)

    def call_in_gui(self, call: Callable[[], None]) -> None:
        """Have `call` run in the GUI thread, from any thread."""
        if not self._closed:
            self._door.called.emit(call)

    def close(self) -> None:
        """No more answers; a change that runs is brought to its end."""
        self._closed = True
        self._asking.shutdown(wait=False, cancel_futures=True)
        self._changing.shutdown(wait=True, cancel_futures=False)

    def _submit(
        self, pool: ThreadPoolExecutor, work: Callable[[], T], done: Callable[[Future[T]], None]
    ) -> Future[T]:
        if self._closed:
            # A timer may still ring while the window goes; nobody waits for an answer any more.
            gone: Future[T] = Future()
            gone.cancel()
            return gone

        def ended(future: Future[T]) -> None:
            self._open -= 1
            if not future.cancelled():
                done(future)

        self._open += 1
        future = pool.submit(work)
        future.add_done_callback(lambda f: self.call_in_gui(lambda: ended(f)))
        return future


class BackgroundQuery(QObject):
    """One question a view asks again and again. Belongs to the view: when that goes, no answer comes."""

    busy_changed = pyqtSignal(bool)

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._asked = 0
        self._future: Future[object] | None = None

    @property
    def busy(self) -> bool:
        return self._future is not None

    def ask(
        self,
        question: Callable[[], T],
        then: Callable[[T], None],
        *,
        failed: Callable[[DevPulseError], None] | None = None,
        key: Hashable = None,
    ) -> None:
        """Ask off the GUI thread; `then(answer)` in it. Overtakes what this query asked before.

        `key` names the question with all its parameters; with it, an answer known for this revision of
        the data is given before `ask` returns. Without `failed` an error is only logged.
        """
        self.forget()
        known = None if key is None else self._background.known(key)
        if known is not None:
            then(known[0])  # type: ignore[arg-type] - the key names the question, and so its type
            return
        number, revision = self._asked, self._background.revision()

        def done(future: Future[T]) -> None:
            answer = _result(future, "question")
            if not isinstance(answer, _Failure) and key is not None:
                self._background.remember(key, revision, answer)
            if sip.isdeleted(self) or number != self._asked:
                return
            self._future = None
            self.busy_changed.emit(False)
            if not isinstance(answer, _Failure):
                then(answer)
            elif failed is not None:
                failed(answer.error)

        self._future = self._background.ask(question, done)  # type: ignore[assignment]
        self.busy_changed.emit(True)

    def forget(self) -> None:
        """Want no answer to what was asked."""
        self._asked += 1
        if self._future is not None:
            self._future.cancel()
            self._future = None
            self.busy_changed.emit(False)


@dataclass(frozen=True, slots=True)
class Done:
    """What a change did. `told`: one sentence for the person; `undo`: takes it back (off the GUI thread)."""

    changed: frozenset[Topic]
    told: str = ""
    undo: Callable[[], Done | None] | None = None
    value: object = field(default=None, repr=False)


class Progress:
    """What a running change tells, and how it learns that it is to stop. Used from the change's thread."""

    def __init__(self, tell: Callable[[float, str], None]) -> None:
        self._tell = tell
        self._stop = threading.Event()

    def tell(self, share: float, words: str = "") -> None:
        """How far it is, 0 to 1 (-1: unknown), and at what. Raises `Cancelled` when that is wanted."""
        self.check()
        self._tell(share, words)

    def check(self) -> None:
        """Raises `Cancelled` when the person wants no more of it."""
        if self._stop.is_set():
            raise Cancelled

    @property
    def cancelled(self) -> bool:
        return self._stop.is_set()

    def cancel(self) -> None:
        self._stop.set()


class BackgroundCommand(QObject):
    """One change, run once: `progressed`, then one of `finished(Done)`, `failed(error)`, `cancelled`."""

    progressed = pyqtSignal(float, str)
    finished = pyqtSignal(object)
    failed = pyqtSignal(object)
    cancelled = pyqtSignal()

    def __init__(
        self,
        background: Background,
        work: Callable[[Progress], Done],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._background = background
        self._work = work
        self._progress = Progress(self._told)

    def start(self) -> None:
        """Run it off the GUI thread, after the changes before it."""
        self._background.change(lambda: self._work(self._progress), self._ended)

    def cancel(self) -> None:
        """Ask it to stop; it may be through already."""
        self._progress.cancel()

    def _told(self, share: float, words: str) -> None:
        self._background.call_in_gui(lambda: self.progressed.emit(share, words))

    def _ended(self, future: Future[Done]) -> None:
        error = future.exception()
        if isinstance(error, Cancelled):
            self.cancelled.emit()
            return
        answer = _result(future, "change")
        if isinstance(answer, _Failure):
            self.failed.emit(answer.error)
        else:
            self.finished.emit(answer)


@dataclass(frozen=True, slots=True)
class _Failure:
    error: DevPulseError


def _result(future: Future[T], what: str) -> T | _Failure:
    error = future.exception()
    if error is None:
        return future.result()
    if isinstance(error, DevPulseError):
        return _Failure(error)
    # The traceback's words may hold what the filter has passed but a log must not.
    logger.error("a %s failed: %s", what, describe(error))
    return _Failure(
        DevPulseError(
            "This could not be done.",
            detail=f"A fault of DevPulse ({type(error).__name__}); nothing recorded is lost.",
            advice="The log file tells where.",
        )
    )
