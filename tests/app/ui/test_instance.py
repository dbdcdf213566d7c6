import os
import stat
import subprocess
import sys
import time
from pathlib import Path

from PyQt6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.ui.instance import Instance

ROOT = Path(__file__).resolve().parents[3]


def start_second(path: Path) -> "subprocess.Popen[str]":
    script = (
        "import sys; from pathlib import Path; from app.ui.instance import Instance; "
        "print(Instance(Path(sys.argv[1])).take({'page': 'timeline', 'where': {'day': '2026-06-30'}}))"
    )
    return subprocess.Popen(
        [sys.executable, "-c", script, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def test_a_second_start_hands_its_wish_to_the_first(tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "run" / "windows.sock"
    first, owner, wishes = Instance(path), QObject(), []
    assert first.take({})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    first.listen(wishes.append, owner)
    second = start_second(path)
    qtbot.waitUntil(lambda: bool(wishes), timeout=20_000)
    assert second.communicate(timeout=20)[0].strip() == "False"
    assert wishes == [{"page": "timeline", "where": {"day": "2026-06-30"}}]
    first.close()
    assert not path.exists()


def test_the_place_of_a_killed_process_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "run" / "windows.sock"
    script = (
        "import sys, time; from pathlib import Path; from app.ui.instance import Instance; "
        "i = Instance(Path(sys.argv[1])); assert i.take({}); print('there', flush=True); time.sleep(60)"
    )
    killed = subprocess.Popen(
        [sys.executable, "-c", script, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert killed.stdout is not None
    assert killed.stdout.readline().strip() == "there"
    killed.kill()
    killed.wait()
    killed.stdout.close()
    assert path.exists()
    again = Instance(path)
    assert again.take({})
    again.close()


def test_one_that_hangs_does_not_keep_a_person_from_their_window(tmp_path: Path) -> None:
    path = tmp_path / "run" / "windows.sock"
    hanging = Instance(path)
    assert hanging.take({})
    begun = time.monotonic()
    assert Instance(path).take({})
    assert time.monotonic() - begun < 30
    hanging.close()


def test_what_is_no_wish_only_raises_the_window(tmp_path: Path, qtbot: QtBot) -> None:
    import socket

    path = tmp_path / "run" / "windows.sock"
    first, owner, wishes = Instance(path), QObject(), []
    assert first.take({})
    first.listen(wishes.append, owner)
    for line in (b"nonsense\n", b"[1]\n"):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as other:
            other.connect(os.fspath(path))
            other.sendall(line)
            qtbot.waitUntil(lambda: bool(wishes))
        assert wishes.pop() == {}
    first.close()
