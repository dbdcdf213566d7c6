from __future__ import annotations

import os
from pathlib import Path

from app.paths import Paths


def test_a_home_of_its_own_is_its_owners_only(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        paths = Paths.discover({"DEVPULSE_HOME": str(tmp_path / "deep" / "home")}).create()
    finally:
        os.umask(before)
    made = [
        tmp_path / "deep",
        tmp_path / "deep" / "home",
        paths.config,
        paths.data,
        paths.logs,
        paths.runtime,
    ]
    assert [oct(folder.stat().st_mode & 0o777) for folder in made] == ["0o700"] * 6
    assert paths.create() == paths
