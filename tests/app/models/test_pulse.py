from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import StorageError
from app.models.pulse import SIZE, Beat, Pulse


@pytest.fixture
def path(tmp_path):
    return tmp_path / "pulse"


def test_reads_what_was_written_in_place(path):
    pulse = Pulse(path)
    for n in range(100):
        pulse.write(n, 10**13 + n)
        assert Pulse(path).read() == Beat(n, 10**13 + n)
    assert path.stat().st_size == SIZE == 24
    assert path.stat().st_mode & 0o777 == 0o600
    pulse.close()
    pulse.write(2**60, 5)
    assert pulse.read() == Beat(2**60, 5)
    pulse.close()


def test_none_before_the_first_beat_and_after_the_last(path):
    pulse = Pulse(path)
    assert pulse.read() is None
    pulse.write(1, 2)
    pulse.clear()
    assert pulse.read() is None
    pulse.close()


@given(st.binary(max_size=60))
def test_garbage_is_no_beat(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("pulse") / "pulse"
    path.write_bytes(content)
    assert Pulse(path).read() is None


@given(st.integers(0, 23), st.integers(1, 255))
def test_a_torn_beat_is_no_beat(tmp_path_factory, position, mask):
    path = tmp_path_factory.mktemp("pulse") / "pulse"
    pulse = Pulse(path)
    pulse.write(123456, 1_700_000_000_000)
    pulse.close()
    content = bytearray(path.read_bytes())
    content[position] ^= mask
    path.write_bytes(content)
    assert Pulse(path).read() is None


def test_a_folder_in_its_place_is_told(path):
    path.mkdir()
    with pytest.raises(StorageError):
        Pulse(path).write(1, 2)
    assert Pulse(path).read() is None
