"""The search for repositories, by the command a person could run as well, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import threading
from dataclasses import dataclass
from typing import IO, Any

from app.children import PACKAGE_HOME, command
from app.errors import DevPulseError
from app.ui.background import Cancelled, Done, Progress
from app.ui.freshness import Topic
from app.ui.words import number, tr

_ENDS_WITHIN_S = 5.0
_LOOK_EVERY_S = 0.2


@dataclass(frozen=True, slots=True)
class Found:
    """How many repositories were found, and how many of them are new projects."""

    repositories: int
    new: int


def scan(progress: Progress) -> Done:
    """Run `devpulse projects scan` over the folders of the settings. Raises `DevPulseError`, `Cancelled`."""
    child = subprocess.Popen(  # noqa: S603 - our own program, no word of it from outside
        command("projects", "scan", "--progress", "--json"),
        cwd=PACKAGE_HOME,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert child.stdout is not None
    assert child.stderr is not None
    told: list[str] = []
    answer: list[str] = []
    readers = (
        threading.Thread(target=_listen, args=(child.stderr, told, progress), daemon=True),
        threading.Thread(target=_read, args=(child.stdout, answer), daemon=True),
    )
    for reader in readers:
        reader.start()
    _wait(child, progress)
    for reader in readers:
        reader.join(_ENDS_WITHIN_S)
    if child.returncode:
        raise DevPulseError(tr("The search for repositories failed."), detail="\n".join(told), advice="")
    found = _found("".join(answer))
    return Done(frozenset({Topic.PROJECTS}), _words(found), value=found)


def _wait(child: subprocess.Popen[str], progress: Progress) -> None:
    while True:
        try:
            child.wait(_LOOK_EVERY_S)
        except subprocess.TimeoutExpired:
            if progress.cancelled:
                _end(child)
                raise Cancelled from None
        else:
            return


def _end(child: subprocess.Popen[str]) -> None:
    """What was found until now stays: each repository is stored as it is found."""
    child.terminate()
    try:
        child.wait(_ENDS_WITHIN_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _listen(lines: IO[str], told: list[str], progress: Progress) -> None:
    """Numbers are how far it is; everything else is told to the person."""
    for line in lines:
        numbers = line.split()
        if len(numbers) == 2 and all(one.isdecimal() for one in numbers):
            folders, found = (int(one) for one in numbers)
            words = tr(
                "{folders} folders, {found} repositories", folders=number(folders), found=number(found)
            )
            try:
                progress.tell(-1, words)
            except Cancelled:
                continue
        elif line.strip():
            told.append(line.strip())


def _read(output: IO[str], into: list[str]) -> None:
    into.append(output.read())


def _found(answer: str) -> Found:
    try:
        rows: list[dict[str, Any]] = json.loads(answer or "[]")
    except ValueError:
        rows = []
    return Found(len(rows), sum(bool(row.get("new")) for row in rows))


def _words(found: Found) -> str:
    if not found.repositories:
        return tr("No repositories found in your folders")
    if not found.new:
        return tr("{count} repositories found, all known already", count=found.repositories)
    return tr("{count} repositories found, {new} new", count=found.repositories, new=found.new)
