"""`make demo`: a minute of real work on a virtual desktop, tracked, and the report beside the truth."""

from __future__ import annotations

import shutil
import signal
import sys
from pathlib import Path

from tests.demo.comparison import compare, table, worst
from tests.demo.story import PRESENTS, SECRET, play, set_up, show_report
from tests.desktop.agent import Agent
from tests.desktop.desktop import Desktop
from tests.desktop.needs import MissingPrograms
from tests.desktop.panels import Panel
from tests.desktop.traces import files_with

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "build" / "demo"
LARGEST_PICTURE = 150_000

INTRODUCTION = """\
DevPulse, a demonstration of about a minute and a half.

A desktop is started that nobody sees: a window manager, a panel, terminals in git repositories, a text
editor and a browser. A program moves the pointer and types as a person would, and notes with a stopwatch
what it does. DevPulse's own agent records it, in a home of its own: yours is not touched.
"""


def main(words: list[str]) -> int:
    """Play it; with `--images` the pictures also go to docs/images. 1 when the report is not true to 1 s."""
    sys.stdout.reconfigure(line_buffering=True)  # pyright: ignore[reportAttributeAccessIssue]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    PICTURES.mkdir(parents=True, exist_ok=True)
    print(INTRODUCTION)
    try:
        off = _played()
    except MissingPrograms as missing:
        print(missing, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Everything that was started has ended.")
        return 130
    if "--images" in words:
        _publish()
    return 0 if off <= 1.0 else 1


def _played() -> float:
    """Play, print, and return by how many seconds the report is off (infinite, if it tells secrets)."""
    print("Setting the desktop up ...")
    with Desktop(panel=Panel.TINT2) as desktop:
        stage = set_up(desktop)
        with Agent(desktop) as agent:
            print("DevPulse is recording. Now the work begins:\n")
            day = play(desktop, agent, stage, PICTURES, print)
            desktop.picture(PICTURES / "desktop.png")
            report = agent.report()
            text = agent.command("report")
            show_report(desktop, agent, PICTURES)
            traces = [*files_with(agent.home, PRESENTS), *files_with(agent.home, SECRET)]
        sections = compare(report, day)
    print("\nWhat `devpulse report` says:\n")
    print("\n".join(f"  {line}" for line in text.rstrip().splitlines()))
    print("\nThe same beside what was really done:\n")
    print(table(sections))
    off = worst(sections)
    print(f"\nThe largest difference is {off:.1f} s. The password manager, the private window and the pause")
    print(f"are in no report. Files of DevPulse that hold a title of theirs: {', '.join(traces) or 'none'}.")
    print(f"\nPictures of the desktop: {PICTURES.relative_to(ROOT)}/")
    print("Everything that was started has ended. `make run` starts DevPulse for you.")
    return float("inf") if traces else off


def _publish() -> None:
    """Those that the documentation shows already, anew."""
    for shown in sorted((ROOT / "docs" / "images").glob("*.png")):
        picture = PICTURES / shown.name
        if picture.exists() and picture.stat().st_size < LARGEST_PICTURE:
            shutil.copyfile(picture, shown)
            print(f"docs/images/{shown.name}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
