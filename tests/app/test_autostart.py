import configparser
import re
import shlex
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import autostart
from app.errors import StorageError
from app.paths import Paths


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"HOME": str(tmp_path), "DEVPULSE_HOME": str(tmp_path / "my home"), "XDG_CONFIG_HOME": ""}


@pytest.fixture
def paths(environ: dict[str, str]) -> Paths:
    return Paths.discover(environ)


def test_the_file_comes_and_goes(paths: Paths, environ: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / ".config" / "autostart" / "devpulse.desktop"
    autostart.apply(False, paths, environ)
    assert not file.parent.exists()
    autostart.apply(True, paths, environ)
    entry = configparser.RawConfigParser()
    entry.optionxform = str  # type: ignore[assignment]
    entry.read(file)
    words = shlex.split(entry["Desktop Entry"]["Exec"])
    assert words[:2] == ["env", f"DEVPULSE_HOME={tmp_path}/my home"]
    assert words[-1] == "--tray"
    autostart.apply(True, paths, environ)
    autostart.apply(False, paths, environ)
    assert not file.exists()


def test_what_somebody_else_put_there_stays(paths: Paths, environ: dict[str, str], tmp_path: Path) -> None:
    file = autostart.place(environ)
    file.parent.mkdir(parents=True)
    file.write_text("[Desktop Entry]\nExec=devpulse --tray\n")
    for on in (True, False):
        autostart.apply(on, paths, environ)
        assert file.read_text() == "[Desktop Entry]\nExec=devpulse --tray\n"


def test_a_folder_that_cannot_be_made_is_told(paths: Paths, environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / ".config").write_text("a file")
    with pytest.raises(StorageError, match="Starting with the system"):
        autostart.apply(True, paths, environ)


def read(quoted: str) -> str:
    """One word of an Exec key, as the specification tells a desktop to read it."""
    text = quoted.replace("\\\\", "\\")
    if text.startswith('"'):
        text = re.sub(r"\\(.)", r"\1", text[1:-1])
    return text.replace("%%", "%")


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1))
def test_no_word_is_taken_apart(word: str) -> None:
    quoted = autostart._quoted(word)
    assert read(quoted) == word
    assert quoted.startswith('"') or not set(word) & set(' $`"\\;&')
