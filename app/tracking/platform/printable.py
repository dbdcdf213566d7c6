"""Texts that programs put on their windows, made fit to be shown anywhere. Pure."""

from __future__ import annotations


def printable(text: str) -> str:
    """Without control characters, which could steer a terminal that shows the title."""
    if text.isprintable():
        return text.strip()
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
