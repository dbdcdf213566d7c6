"""Sets the wall clock of one Python process by the seconds in a file; its monotonic clock goes on.

Found by the interpreter itself when this folder is on PYTHONPATH. libfaketime would do for any program,
but its clock_nanosleep refuses what Python 3.11's time.sleep asks of it.
"""

import os
import time
from pathlib import Path

_OFFSET = Path(os.environ["DEVPULSE_TEST_CLOCK"])
_real_time_ns = time.time_ns


def _time_ns() -> int:
    return _real_time_ns() + int(_OFFSET.read_text()) * 1_000_000_000


time.time_ns = _time_ns
time.time = lambda: _time_ns() / 1e9
