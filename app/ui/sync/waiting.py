"""What of the account waits for the person, in a few words: for the side bar and the tray. Pure, and
light."""

from __future__ import annotations

from app.ui.words import tr


def waiting_words(conflicts: int, alarms: int) -> str:
    """What of the account waits for the person; "" for nothing."""
    if alarms:
        return tr("an alarm to read")
    if not conflicts:
        return ""
    if conflicts == 1:
        return tr("1 conflict waits for your choice")
    return tr("{count} conflicts wait for your choice", count=conflicts)
