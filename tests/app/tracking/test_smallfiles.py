"""Nothing that lies on the disk makes the readers wait, loop or raise."""

import os
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tracking.smallfiles import RemoteMounts, is_folder, read_small, real_path


def _near(_: str) -> bool:
    return False


def test_a_regular_file_is_read_up_to_the_limit(tmp_path):
    file = tmp_path / "file"
    file.write_bytes(b"x" * 100)
    assert read_small(str(file), 10) == b"x" * 10
    assert read_small(str(file), 1000) == b"x" * 100


def test_everything_else_is_none_at_once(tmp_path):
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket"))
        for name in ("fifo", "loop", "socket", "missing", ".", "bad\0name", "x" * 5000):
            assert read_small(f"{tmp_path}/{name}", 10) is None
    assert read_small("/dev/zero", 10) is None


def test_a_file_that_turned_into_a_pipe_meanwhile_is_left_alone(tmp_path, monkeypatch):
    fifo, file = tmp_path / "fifo", tmp_path / "file"
    os.mkfifo(fifo)
    file.write_text("x")
    opened = os.open
    monkeypatch.setattr(os, "open", lambda path, flags: opened(str(fifo), flags))
    assert read_small(str(file), 10) is None


def test_folders(tmp_path):
    assert is_folder(str(tmp_path))
    assert not is_folder(f"{tmp_path}/missing")
    assert not is_folder("bad\0name")


def test_links_are_followed(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "link").symlink_to("a/b")
    (tmp_path / "absolute").symlink_to(tmp_path / "link")
    base = os.path.realpath(tmp_path)
    assert real_path(f"{tmp_path}/absolute/../b/./x", _near) == f"{base}/a/b/x"
    assert real_path("/", _near) == "/"
    assert real_path("/../..", _near) == "/"


@pytest.mark.parametrize("path", ["relative", "", "/a\0b"])
def test_what_is_no_absolute_path_is_none(path):
    assert real_path(path, _near) is None


def test_a_circle_of_links_ends(tmp_path):
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert real_path(f"{tmp_path}/a/x", _near) is None


def test_a_link_to_a_remote_disk_is_not_followed(tmp_path):
    (tmp_path / "link").symlink_to("/remote/deep")
    asked: list[str] = []

    def remote(path: str) -> bool:
        asked.append(path)
        return path == "/remote"

    assert real_path(f"{tmp_path}/link/x", remote) is None
    assert "/remote/deep" not in asked


@given(st.text(alphabet="ab./", max_size=40))
def test_paths_without_links_come_out_as_the_system_sees_them(path):
    assert real_path("/nowhere-at-all/" + path, _near) == os.path.normpath("/nowhere-at-all/" + path)


TABLE = """\
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
90 27 0:50 / /mnt/my\\040share rw shared:1 - nfs4 server:/x rw
91 27 0:51 / /home rw - nfs server:/home rw
92 27 0:52 / /media/phone rw - fuse.sshfs phone:/ rw
93 27 0:53 / /mnt/auto rw - autofs systemd-1 rw
broken line
94 27 - nfs
"""


def test_remote_mounts_are_told_except_the_one_of_the_home(tmp_path):
    table = tmp_path / "mountinfo"
    table.write_text(TABLE)
    remote = RemoteMounts("/home/u", table=str(table))
    assert remote("/mnt/my share")
    assert remote("/media/phone")
    assert remote("/mnt/auto")
    assert not remote("/home")
    assert not remote("/")


def test_a_new_mount_is_seen_after_a_while(tmp_path):
    table = tmp_path / "mountinfo"
    now = 0.0
    remote = RemoteMounts("/home/u", table=str(table), monotonic=lambda: now)
    assert not remote("/media/phone")
    table.write_text(TABLE)
    assert not remote("/media/phone")
    now = 11.0
    assert remote("/media/phone")
