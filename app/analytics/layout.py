"""Text in columns for a terminal: aligned, cut to the width, free of control characters."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

_BLOCKS = " ▏▎▍▌▋▊▉█"


def plain(text: str) -> str:
    """`text` without control and direction characters: a window's title must not steer the terminal."""
    return "".join(c if unicodedata.category(c) not in _STEERING else " " for c in text)


_STEERING = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def columns_of(text: str) -> int:
    """Terminal columns `text` takes: two for wide characters, none for combining ones."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def cut(text: str, width: int) -> str:
    """`text` in at most `width` columns, with an ellipsis where something is missing."""
    if columns_of(text) <= width:
        return text
    if width <= 0:
        return ""
    end = next(n for n in range(len(text)) if columns_of(text[: n + 1]) > width - 1)
    return f"{text[:end].rstrip()}…"


def padded(text: str, width: int, *, right: bool = False) -> str:
    """`text` in exactly `width` columns."""
    shown = cut(text, width)
    gap = " " * (width - columns_of(shown))
    return gap + shown if right else shown + gap


def bar(share: float, width: int) -> str:
    """A bar of `share` (0 to 1) of `width` columns, in eighths of a column."""
    eighths = round(max(0.0, min(1.0, share)) * width * 8)
    if share > 0 and eighths == 0:
        eighths = 1
    full, rest = divmod(eighths, 8)
    return "█" * full + (_BLOCKS[rest] if rest else "")


def table(rows: Sequence[Sequence[str]], *, width: int, header: Sequence[str] = ()) -> str:
    """Rows under each other, two spaces between columns; the widest column gives way to the width."""
    lines = [[plain(cell) for cell in row] for row in ([header, *rows] if header else rows)]
    if not lines:
        return ""
    widths = [max(columns_of(line[i]) for line in lines) for i in range(len(lines[0]))]
    over = sum(widths) + 2 * (len(widths) - 1) - width
    if over > 0:
        widest = widths.index(max(widths))
        widths[widest] = max(8, widths[widest] - over)
    return "\n".join(
        "  ".join(padded(cell, w) for cell, w in zip(line, widths, strict=True)).rstrip() for line in lines
    )
