"""What a command is given: where the data lies, where to speak, and what time it is."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TextIO

from app.clock import Clock, SystemClock
from app.paths import Paths


@dataclass(frozen=True, slots=True)
class Context:
    """The surroundings of one command; tests make one with streams they can read.

    `isatty`: whether `out` is a terminal a person looks at. Answers to questions come from `input`.
    """

    paths: Paths
    out: TextIO
    err: TextIO
    input: TextIO
    clock: Clock
    environ: Mapping[str, str]
    isatty: bool = False

    @classmethod
    def of_process(cls) -> Context:
        """The surroundings of this process."""
        for stream in (sys.stdout, sys.stderr):
            # A title in a language the terminal cannot show must not end a report half way.
            reconfigure = getattr(stream, "reconfigure", None)
            if reconfigure is not None:
                reconfigure(errors="replace")
        return cls(
            paths=Paths.discover(),
            out=sys.stdout,
            err=sys.stderr,
            input=sys.stdin,
            clock=SystemClock(),
            environ=os.environ,
            isatty=sys.stdout.isatty(),
        )

    @property
    def width(self) -> int:
        """Columns of the terminal; 80 where there is none."""
        return max(40, shutil.get_terminal_size().columns) if self.isatty else 80

    def local_now(self) -> datetime:
        """The time on the person's clock, without a zone."""
        return datetime.fromtimestamp(self.clock.now().wall_ms / 1000, UTC).astimezone().replace(tzinfo=None)

    def say(self, text: str = "") -> None:
        """A line for the person."""
        self.out.write(f"{text}\n")

    def say_json(self, value: Any) -> None:
        """A value for a program, indented so that a person can read it too."""
        json.dump(value, self.out, indent=2, ensure_ascii=False)
        self.out.write("\n")

    def warn(self, text: str) -> None:
        """A line beside the result, on the error stream."""
        self.err.write(f"{text}\n")

    def confirmed(self, question: str) -> bool:
        """Ask a yes-or-no question; no answer at all means no."""
        self.err.write(f"{question} [y/N] ")
        self.err.flush()
        return self.input.readline().strip().lower() in ("y", "yes")
