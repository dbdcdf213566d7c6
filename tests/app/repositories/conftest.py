"""Real repositories for the tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.app.tracking.conftest import Git


@pytest.fixture
def git(tmp_path: Path) -> Git:
    return Git(tmp_path / "git-home")
