"""A number as it is told: its value in words, and what is beside it. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One number; `key` names its explanation (explained.py). `better`: whether what is beside it is good
    news, None for neither."""

    key: str
    value: str
    beside: str = ""
    better: bool | None = None
