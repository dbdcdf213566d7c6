"""The name of the machine's time zone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

_MARK = "zoneinfo/"


def zone_name(environ: Mapping[str, str], link: Path = Path("/etc/localtime")) -> str:
    """As IANA names it ("Europe/Berlin") where that can be told, else the offset now ("UTC+01:00")."""
    given = environ.get("TZ", "").lstrip(":")
    if given and "/" in given and not given.startswith("/"):
        return given
    if given:
        return given if given.isalpha() else _offset()
    try:
        target = str(link.readlink())
    except OSError:
        return _offset()
    return target.split(_MARK, 1)[1] if _MARK in target else _offset()


def _offset() -> str:
    return str(datetime.now().astimezone().tzinfo)
