"""The front door: which role this process plays."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NoReturn


def main(words: Sequence[str] | None = None) -> int:
    """Run `devpulse WORDS`; returns the exit code."""
    given = sys.argv[1:] if words is None else list(words)
    try:
        return _agent() if given == ["--tray"] else _command_line(given)
    except KeyboardInterrupt:  # while still loading: there is nothing to tell
        return 130


def _command_line(words: Sequence[str]) -> int:
    # The agent does without argparse; it lives all day, and every page counts.
    from app.cli import main as command_line

    return command_line(words)


def _agent() -> NoReturn:
    from app.commands.outcome import told
    from app.ending import end
    from app.paths import Paths

    paths = Paths.discover()

    def run() -> int:
        from app.agent import main as agent

        return agent(paths)

    end(told(run, err=sys.stderr, logs=paths.logs))


if __name__ == "__main__":
    sys.exit(main())
