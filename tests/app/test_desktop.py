"""The windows' process before it has a window."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.desktop import Wish, main
from app.errors import StorageError
from app.paths import Paths
from app.ui.display import Display


def test_a_home_that_cannot_be_made_is_told_in_words(tmp_path: Path) -> None:
    in_the_way = tmp_path / "home"
    in_the_way.write_text("a file, where the home belongs")
    paths = Paths.discover({"DEVPULSE_HOME": str(in_the_way)})
    with pytest.raises(StorageError):
        main(paths, Display("offscreen", ""), Wish(), lambda: None)
