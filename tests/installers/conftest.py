"""The set-up scripts are run by path, so they import what lies beside them."""

from __future__ import annotations

import sys
from pathlib import Path

SCRIPTS = str(Path(__file__).resolve().parents[2] / "installers")
if SCRIPTS not in sys.path:
    sys.path.append(SCRIPTS)
