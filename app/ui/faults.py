"""What happens when the windows' own code fails: it is logged without a value, told; the window goes on."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from types import TracebackType

from app.errors import DevPulseError
from app.loop import describe

logger = logging.getLogger(__name__)


def survive(told: Callable[[DevPulseError], None]) -> None:
    """Without this, an exception in a slot ends the process (PyQt6 aborts)."""

    def fault(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        logger.error("a fault in the window: %s", describe(error.with_traceback(trace)))
        told(
            DevPulseError(
                "Something in this window failed.",
                detail=f"A fault of DevPulse ({kind.__name__}); nothing recorded is lost.",
                advice="The log file tells where.",
            )
        )

    sys.excepthook = fault
