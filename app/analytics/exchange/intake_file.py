"""An export's file, read line by line: its frame, its order, and where in it something is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from app.analytics.exchange.records import (
    FOOTER,
    FORMAT,
    HEADER,
    KINDS,
    LONGEST_LINE,
    Record,
    record_of,
    refused,
)
from app.errors import ImportRefused

# The beginning of every header, whichever version wrote it.
_BEGINNING = f'{{"format":"{FORMAT}","version":'


def is_export(file: BinaryIO) -> bool:
    """Whether a file begins like an export of ours; reads its first line."""
    return file.readline(LONGEST_LINE).startswith(_BEGINNING.encode())


def records(file: BinaryIO) -> Iterator[tuple[int, str, Record]]:
    """Line number, kind and fields of each record. Raises `ImportRefused` with line and reason."""
    _check_header(_decoded(file.readline(LONGEST_LINE), 1).rstrip("\r\n"))
    number, last_kind, more = 1, 0, True
    while True:
        number += 1
        line = _decoded(file.readline(LONGEST_LINE), number).rstrip("\r\n")
        if line == FOOTER:
            break
        if not line:
            raise refused(number, "the file ends early, or has an empty line")
        if not more:
            raise refused(number - 1, "the comma at its end is missing")
        more = line.endswith(",")
        kind, fields = record_of(line.removesuffix(","), number)
        if KINDS.index(kind) < last_kind:
            raise refused(number, f"a {kind} stands after what belongs behind it")
        last_kind = KINDS.index(kind)
        yield number, kind, fields
    if file.read(1024).strip():
        raise refused(number + 1, "something follows the end")


def _check_header(line: str) -> None:
    if line == HEADER:
        return
    if line.startswith(_BEGINNING):
        raise ImportRefused(
            "This export was written by a newer DevPulse.",
            detail="Nothing was imported.",
            advice="Update DevPulse on this machine, then import again.",
        )
    raise ImportRefused(
        "This file is not an export of DevPulse.",
        detail="Line 1 is not the line an export begins with. Nothing was imported.",
        advice="Files are made by `devpulse export FILE`; other programs may have changed their lines.",
    )


def _decoded(line: bytes, number: int) -> str:
    if len(line) >= LONGEST_LINE:
        raise refused(number, "it is too long")
    try:
        return line.decode()
    except UnicodeDecodeError:
        raise refused(number, "it is not UTF-8 text") from None
