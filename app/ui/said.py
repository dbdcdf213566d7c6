"""What the lower floors say, in the person's language: errors, problems of the agent, `doctor`."""

from __future__ import annotations

from PyQt6.QtCore import QCoreApplication

from app.errors import DevPulseError
from app.ui.words import SAID


def said(text: str) -> str:
    """An English text of a lower floor in the person's language."""
    return QCoreApplication.translate(SAID, text) if text else ""


def said_error(error: DevPulseError) -> str:
    """The whole error, one sentence group a line."""
    return "\n".join(said(part) for part in (error.title, error.detail, error.advice) if part)
