"""Homes with years of history, made once in `build/` and kept for every benchmark that asks for them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from app.models.database import SCHEMA_VERSION

ROOT = Path(__file__).resolve().parents[2]


def home_of(years: int) -> Path:
    """A DEVPULSE_HOME with so many years, two million activities each."""
    home = ROOT / "build" / f"history-{years}y-schema-{SCHEMA_VERSION}"
    if not (home / "made").exists():
        shutil.rmtree(home, ignore_errors=True)
        subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.history", "--years", str(years), "--home", str(home)],
            cwd=ROOT, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        (home / "made").touch()
    return home
