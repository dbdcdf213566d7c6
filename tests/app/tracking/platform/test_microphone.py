from __future__ import annotations

import os
import subprocess
import time
from dataclasses import dataclass, field

import pytest

from app.loop import Loop
from app.tracking.platform import microphone
from app.tracking.platform.base import Hold
from app.tracking.platform.holds import ChildHoldSource

PATIENCE_S = 30.0


@dataclass
class Source:
    index: int
    name: str


@dataclass
class Output:
    source: int
    client: int = 3
    corked: int = 0
    resample_method: str | None = "copy"
    proplist: dict[str, str] = field(default_factory=dict)


SOURCES = [Source(0, "alsa_output.pci.monitor"), Source(1, "alsa_input.usb"), Source(2, "null.monitor")]


@pytest.mark.parametrize(
    ("outputs", "recorded"),
    [
        ([], False),
        ([Output(1)], True),
        ([Output(0), Output(2)], False),
        ([Output(1, corked=1)], False),
        ([Output(1, corked=1), Output(1)], True),
        ([Output(9)], False),
        ([Output(1, client=0xFFFFFFFF)], False),
        ([Output(1, resample_method="peaks")], False),
        ([Output(1, resample_method=None)], True),
        ([Output(1, proplist={"application.id": "org.PulseAudio.pavucontrol"})], False),
        ([Output(1, proplist={"application.id": "us.zoom.Zoom"})], True),
    ],
)
def test_which_streams_are_a_call(outputs, recorded):
    assert microphone.recorded_from(SOURCES, outputs) is recorded


@dataclass
class SoundServer:
    environ: dict[str, str]

    def pactl(self, *words: str) -> str:
        return subprocess.run(
            ["pactl", *words],
            env=self.environ, check=True, capture_output=True, text=True, timeout=PATIENCE_S,
        ).stdout  # fmt: skip

    def record(self, device: str) -> subprocess.Popen[bytes]:
        """A program that records, once the server knows it."""
        before = len(self.pactl("list", "short", "source-outputs").splitlines())
        program = subprocess.Popen(
            ["parec", "-d", device, "--raw", "/dev/null"],
            env=self.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until = time.monotonic() + PATIENCE_S
        while len(self.pactl("list", "short", "source-outputs").splitlines()) <= before:
            assert time.monotonic() < until
            time.sleep(0.05)
        return program


@pytest.fixture
def sound(tmp_path):
    """A pulseaudio of our own with a microphone that hears silence, and a loudspeaker."""
    socket = tmp_path / "pulse"
    environ = {
        **os.environ,
        "HOME": str(tmp_path),
        "XDG_RUNTIME_DIR": str(tmp_path),
        "PULSE_RUNTIME_PATH": str(tmp_path / "run"),
        "PULSE_SERVER": f"unix:{socket}",
    }
    modules = (
        f"module-native-protocol-unix socket={socket} auth-anonymous=1",
        "module-null-sink sink_name=loudspeaker",
        "module-null-source source_name=microphone",
    )
    server = subprocess.Popen(
        [
            "pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--system=no",
            "--disable-shm=yes", *(word for module in modules for word in ("-L", module)),
        ],
        env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    until = time.monotonic() + PATIENCE_S
    while not socket.exists():
        assert server.poll() is None, "pulseaudio did not start"
        assert time.monotonic() < until
        time.sleep(0.05)
    yield SoundServer(environ)
    server.kill()
    server.wait()


def look(sound: SoundServer) -> tuple[frozenset[Hold], int]:
    """What the real child finds, and how much it could not see."""
    loop = Loop()
    source = ChildHoldSource(loop, sound.environ)
    answers: list[frozenset[Hold]] = []
    source.check(frozenset({Hold.MICROPHONE}), answers.append)
    until = time.monotonic() + PATIENCE_S
    while not answers and time.monotonic() < until:
        loop.run_once(0.2)
    loop.close()
    return answers[0], len(source.limits)


def test_a_real_sound_server(sound):
    assert look(sound) == (frozenset(), 0)
    desktop = sound.record("loudspeaker.monitor")
    assert look(sound) == (frozenset(), 0)
    call = sound.record("microphone")
    assert look(sound) == (frozenset({Hold.MICROPHONE}), 0)
    for program in (call, desktop):
        program.kill()
        program.wait()
    until = time.monotonic() + PATIENCE_S
    while look(sound)[0]:
        assert time.monotonic() < until


def test_no_sound_server(monkeypatch, tmp_path):
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/none")
    assert microphone.in_use(timeout_s=2) is None


def test_no_library_to_ask_with(monkeypatch):
    def missing(_: str) -> object:
        raise OSError("libpulse.so.0: cannot open shared object file")

    monkeypatch.setattr(microphone.importlib, "import_module", missing)
    assert microphone.in_use(timeout_s=2) is None
