"""Words in the person's language, with the values put in."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta

from PyQt6.QtCore import QCoreApplication, QLocale

_LONGEST = 48


CONTEXT = "DevPulse"
# Texts of the lower floors, with their values put in already; `app.ui.said`.
SAID = "DevPulse.said"


def tr(text: str, /, **values: object) -> str:
    """`text` in the person's language, its `{names}` replaced by `values`."""
    return QCoreApplication.translate(CONTEXT, text).format(**values)


def number(value: int) -> str:
    """A whole number with its thousands set apart as the person's language does it."""
    locale = QLocale()
    # Where no language is chosen, the program speaks English.
    return f"{value:,}" if locale.language() == QLocale.Language.C else locale.toString(value)


def percent(share: float) -> str:
    """A share of 1 as `25 %`, which does not break across lines."""
    return f"{share * 100:.0f}\u00a0%"


def mark(text: str) -> str:
    """`text` itself: marks a source text that is translated later, by `tr(variable)`."""
    return text


def name(value: object, longest: int = _LONGEST) -> str:
    """A name from outside, fit for one line of a menu: no control characters, and not too long."""
    visible = "".join(" " if unicodedata.category(c).startswith(("C", "Z")) else c for c in str(value))
    line = " ".join(visible.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def moment(iso: object, now: datetime) -> str:
    """An ISO time as a person near `now` says it: `14:32`, `tomorrow, 06:00`, `2026-03-02, 06:00`.

    "" for what is no time.
    """
    try:
        at = datetime.fromisoformat(str(iso)).astimezone(now.tzinfo)
    except (ValueError, OverflowError):
        return ""
    clock = f"{at:%H:%M}"
    if at.date() == now.date():
        return clock
    if at.date() == (now + timedelta(days=1)).date():
        return tr("tomorrow, {time}", time=clock)
    return f"{at:%Y-%m-%d}, {clock}"
