"""The words the charts say, translated, with the values put in."""

from __future__ import annotations

from PyQt6.QtCore import QCoreApplication


def tr(text: str, **values: object) -> str:
    """`text` in the person's language, its `{names}` replaced by `values`."""
    return QCoreApplication.translate("Charts", text).format(**values)
