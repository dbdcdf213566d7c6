"""How a run of the program ends: its exit code, and its last words."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from app.errors import DevPulseError

INTERRUPTED = 130  # 128 + SIGINT, as a shell counts
PIPE_CLOSED = 141  # 128 + SIGPIPE


def told(run: Callable[[], int], *, err: TextIO, logs: Path, as_json: bool = False) -> int:
    """Run, and turn whatever happens into an exit code and words on `err`.

    A known error is told in its own words; a bug of ours in one plain sentence, its place in the log.
    """
    try:
        return run()
    except DevPulseError as error:
        _tell(error, err, as_json=as_json)
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return PIPE_CLOSED
    except Exception as error:  # noqa: BLE001 - the last edge: nothing below may end in a traceback
        return _told_bug(error, err, logs, as_json=as_json)


def quiet_exit(stream: TextIO) -> None:
    """Let go of a closed pipe, so that the interpreter's last flush does not complain about it."""
    try:
        stream.flush()
    except (BrokenPipeError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def _tell(error: DevPulseError, err: TextIO, *, as_json: bool) -> None:
    if as_json:
        err.write(json.dumps(error.as_json(), ensure_ascii=False) + "\n")
    else:
        err.write(f"{error.told()}\n")


def _told_bug(error: BaseException, err: TextIO, logs: Path, *, as_json: bool) -> int:
    from app import logs as log_files
    from app.loop import describe

    kept = log_files.note(logs, "error", f"a command failed: {describe(error)}")
    bug = DevPulseError(
        "DevPulse failed at this; the fault is its own.",
        detail=f"What went wrong: {describe(error)}. What was recorded is safe.",
        advice=f"Please report it with the lines in {kept}." if kept else "Please report it.",
    )
    _tell(bug, err, as_json=as_json)
    return 1
