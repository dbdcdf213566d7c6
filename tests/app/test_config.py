from __future__ import annotations

import errno
import json
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import config
from app.config import Settings
from app.declarations import SETTINGS
from app.errors import StorageError


def test_nothing_given_is_all_defaults(tmp_path: Path) -> None:
    settings = config.load(tmp_path / "settings.json")
    assert settings.number("tracking.idle_after_s") == 180
    assert settings.problems == ()


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "config" / "settings.json"
    config.save(path, Settings().with_value("tracking.idle_after_s", 60))
    assert config.load(path).number("tracking.idle_after_s") == 60
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["settings.json"]


def test_unknown_keys_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"future.key": [1, 2], "tracking.idle_after_s": 60}))
    config.save(path, config.load(path).with_value("tracking.idle_after_s", 90))
    assert json.loads(path.read_text()) == {"future.key": [1, 2], "tracking.idle_after_s": 90}


def test_a_value_that_does_not_fit_is_told_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"tracking.idle_after_s": "soon"}))
    settings = config.load(path)
    assert settings.number("tracking.idle_after_s") == 180
    assert "tracking.idle_after_s" in settings.problems[0]
    config.save(path, settings.with_value("logs.level", "debug"))
    assert json.loads(path.read_text())["tracking.idle_after_s"] == "soon"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xff", b"[" * 100_000, b"null"])
def test_a_damaged_file_is_set_aside_and_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    settings = config.load(path)
    assert settings.problems
    asides = [entry for entry in tmp_path.iterdir() if entry != path]
    assert [entry.read_bytes() for entry in asides] == [content]
    # What the person had chosen is not known: it stays so at the next start too.
    assert "privacy.detail" in settings.rejected
    assert "privacy.detail" in config.load(path).rejected


def test_a_folder_in_the_file_s_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "settings.json").mkdir()
    assert config.load(tmp_path / "settings.json").problems


def test_a_disk_that_refuses_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.mkdir()
    with pytest.raises(StorageError):
        config.save(path, Settings())
    assert [entry.name for entry in tmp_path.iterdir()] == ["settings.json"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(sorted(SETTINGS)), JSON))
def test_any_content_loads_to_values_of_the_right_kind(content: dict[str, object]) -> None:
    settings = config._checked(content)
    for key, setting in SETTINGS.items():
        setting.checked(settings.get(key))


def test_a_read_only_disk_is_told_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_, **__):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(os, "open", refuse)
    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(StorageError, match="could not be saved"):
        config.save(tmp_path / "settings.json", Settings())
