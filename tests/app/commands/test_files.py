from __future__ import annotations

import errno
from pathlib import Path

import pytest

from app.commands.files import write_private
from app.errors import DevPulseError


def test_written_whole_and_for_its_owner_only(tmp_path):
    file = tmp_path / "out.txt"
    write_private(file, ["one ", "two"])
    write_private(file, ["three"])
    assert file.read_text() == "three"
    assert file.stat().st_mode & 0o777 == 0o600
    write_private(file, b"\0bytes")
    assert file.read_bytes() == b"\0bytes"
    assert list(tmp_path.iterdir()) == [file]


def test_what_fails_in_the_middle_leaves_the_old_file(tmp_path):
    file = tmp_path / "out.txt"
    write_private(file, ["old"])

    def parts():
        yield "new"
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(DevPulseError, match="could not be written"):
        write_private(file, parts())
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_a_read_only_disk_is_told_in_words(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(DevPulseError, match="could not be written"):
        write_private(tmp_path / "none" / "out.txt", ["x"])
