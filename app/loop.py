"""A small event loop for the tracker's thread: sockets, timers, and calls from other threads.

asyncio would do, and costs the agent 10 MB of memory; this is what the agent needs of it.
"""

from __future__ import annotations

import heapq
import itertools
import logging
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable

logger = logging.getLogger(__name__)


class Timer:
    """A call that is due once; `cancel` is safe at any time."""

    __slots__ = ("_callback", "due")

    def __init__(self, due: float, callback: Callable[[], None]) -> None:
        self.due = due
        self._callback: Callable[[], None] | None = callback

    @property
    def pending(self) -> bool:
        return self._callback is not None

    def cancel(self) -> None:
        self._callback = None

    def fire(self) -> None:
        callback, self._callback = self._callback, None
        if callback is not None:
            callback()


class Loop:
    """Waits for readable and writable sockets, due timers and posted calls, in one thread.

    Everything but `post` and `stop` belongs to the loop's own thread. A callback that raises is
    logged and the loop goes on: one bad event must not end tracking.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._selector = selectors.DefaultSelector()
        self._order = itertools.count()
        self._timers: list[tuple[float, int, Timer]] = []
        self._posted: deque[Callable[[], None]] = deque()
        self._stopped = threading.Event()
        self._wake_in, self._wake_out = socket.socketpair()
        self._wake_in.setblocking(False)
        self._wake_out.setblocking(False)
        self._selector.register(self._wake_out, selectors.EVENT_READ, self._woken)
        self.failures = 0

    def watch(self, fd: int, callback: Callable[[], None], *, write: bool = False) -> None:
        """Call `callback` whenever `fd` is readable (with `write`: readable or writable)."""
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if write else 0)
        if fd in self._selector.get_map():
            self._selector.modify(fd, events, callback)
        else:
            self._selector.register(fd, events, callback)

    def unwatch(self, fd: int) -> None:
        """Stop watching; an fd that is not watched is fine."""
        if fd in self._selector.get_map():
            self._selector.unregister(fd)

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        """Call once, `seconds` of monotonic time from now."""
        timer = Timer(self._monotonic() + max(0.0, seconds), callback)
        heapq.heappush(self._timers, (timer.due, next(self._order), timer))
        return timer

    def post(self, callback: Callable[[], None]) -> None:
        """Run `callback` in the loop's thread, soon; from any thread."""
        self._posted.append(callback)
        self._wake()

    def stop(self) -> None:
        """End `run` after the current callback; from any thread."""
        self._stopped.set()
        self._wake()

    def run(self) -> None:
        """Work until `stop`; posted calls that are waiting then are still run."""
        while not self._stopped.is_set():
            self.run_once(None)
        self._run_posted()

    def run_once(self, longest_wait_s: float | None) -> None:
        """Wait for the next event, at most so long, and handle all that is ready."""
        wait = self._next_wait(longest_wait_s)
        for key, _ in self._selector.select(wait):
            # An earlier callback of this round may have closed a later one's socket.
            if self._selector.get_map().get(key.fd) is key:
                self._guarded(key.data)
        self._run_due()
        self._run_posted()

    def close(self) -> None:
        """Give the loop's own sockets back."""
        self._selector.close()
        self._wake_in.close()
        self._wake_out.close()

    def _next_wait(self, longest: float | None) -> float | None:
        if self._posted or self._stopped.is_set():
            return 0.0
        while self._timers and not self._timers[0][2].pending:
            heapq.heappop(self._timers)
        if not self._timers:
            return longest
        until = max(0.0, self._timers[0][0] - self._monotonic())
        return until if longest is None else min(until, longest)

    def _run_due(self) -> None:
        now = self._monotonic()
        while self._timers and self._timers[0][0] <= now:
            timer = heapq.heappop(self._timers)[2]
            self._guarded(timer.fire)

    def _run_posted(self) -> None:
        for _ in range(len(self._posted)):
            self._guarded(self._posted.popleft())

    def _guarded(self, callback: Callable[[], None]) -> None:
        try:
            callback()
        except Exception as error:  # noqa: BLE001 - see the class
            self.failures += 1
            # The traceback's frames may hold window titles: tell where, not what.
            logger.error("a callback failed: %s", describe(error))

    def _wake(self) -> None:
        try:
            self._wake_in.send(b"\0")
        except (BlockingIOError, OSError):
            return  # full: the loop is about to wake anyway; closed: it has ended

    def _woken(self) -> None:
        try:
            while self._wake_out.recv(4096):
                pass
        except BlockingIOError:
            return


def describe(error: BaseException) -> str:
    """The error's kind and the places it passed, innermost last, without any value or message.

    Messages and locals can quote what a window showed; file names, lines and kinds cannot.
    """
    places: list[str] = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return f"{type(error).__name__} at " + " > ".join(places)
