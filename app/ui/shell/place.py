"""Where the window was and what it showed, kept for its next opening."""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast


@dataclass(frozen=True, slots=True)
class WindowPlace:
    """`geometry`: Qt's own record, base64; `page`: the key of the page that was shown.

    `told_no_tray`: the person knows that this desktop shows no tray icons."""

    geometry: str = ""
    page: str = ""
    told_no_tray: bool = False


def load_place(path: Path) -> WindowPlace:
    """The place of the last time; the default when none is known."""
    try:
        kept: object = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return WindowPlace()
    fields = cast("dict[str, object]", kept) if isinstance(kept, dict) else {}
    return WindowPlace(
        str(fields.get("geometry") or ""), str(fields.get("page") or ""), bool(fields.get("told_no_tray"))
    )


def save_place(path: Path, place: WindowPlace) -> None:
    """Keep it. A disk that refuses is no matter."""
    fresh = path.with_suffix(".new")
    with contextlib.suppress(OSError):
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(asdict(place)), encoding="utf-8")
        fresh.replace(path)
