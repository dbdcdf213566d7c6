"""Widgets made in the tests' own process are drawn nowhere; real displays are in programs of their own."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"
