"""The looks of the application, as its charts wear them."""

from __future__ import annotations

from app.ui.chart_colors import chart_colors
from app.ui.theme import tokens

LIGHT, DARK = chart_colors(tokens.LIGHT), chart_colors(tokens.DARK)
