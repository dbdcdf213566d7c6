"""The agent's second thread: a loop with what `build` made for it, begun and ended in order."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Protocol

from app.errors import DevPulseError
from app.loop import Loop, describe

logger = logging.getLogger(__name__)


class Work(Protocol):
    """What lives in the thread."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


class Worker:
    """Runs `build()` and what it returns in a thread of its own, until `stop`.

    `on_ready()` and `on_failed()` are called in that thread; `failure` then says why.
    """

    def __init__(
        self,
        loop: Loop,
        build: Callable[[], Work],
        *,
        on_ready: Callable[[], None],
        on_failed: Callable[[], None],
    ) -> None:
        self._loop = loop
        self._build = build
        self._on_ready = on_ready
        self._on_failed = on_failed
        self._thread = threading.Thread(target=self._run, name="tracker", daemon=True)
        self.failure: DevPulseError | None = None

    def start(self) -> None:
        self._thread.start()

    def stop(self, within_s: float = 10.0) -> bool:
        """End the loop and wait until all is stored; False when that took too long."""
        self._loop.stop()
        if self._thread is not threading.current_thread() and self._thread.ident is not None:
            self._thread.join(within_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            work = self._build()
        except DevPulseError as error:
            self._fail(error)
            return
        except Exception as error:  # noqa: BLE001 - the edge of a thread: Qt's thread tells it
            logger.error("the start failed: %s", describe(error))
            self._fail(
                DevPulseError("DevPulse could not start; the fault is its own.", detail=describe(error))
            )
            return
        try:
            work.start()
            self._on_ready()
            self._loop.run()
        except Exception as error:  # noqa: BLE001 - as above
            logger.error("the tracker failed: %s", describe(error))
            self._fail(DevPulseError("DevPulse failed; the fault is its own.", detail=describe(error)))
        finally:
            self._stop(work)

    def _stop(self, work: Work) -> None:
        try:
            work.stop()
        except Exception as error:  # noqa: BLE001 - what could be stored is stored
            logger.error("the end failed: %s", describe(error))

    def _fail(self, error: DevPulseError) -> None:
        self.failure = error
        self._on_failed()
