from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from app.sync.crypto.compression import MOST_BYTES, compress, decompress
from app.sync.crypto.refusals import BadBody, Refused


@given(st.binary(max_size=3000))
def test_what_was_compressed_comes_back(body: bytes) -> None:
    assert decompress(compress(body)) == body


@contextmanager
def memory(most: int) -> Iterator[None]:
    """Fail where more than `most` further bytes are taken."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    with open("/proc/self/statm") as file:  # noqa: PTH123
        used = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def test_a_small_frame_that_would_become_everything_is_refused_in_little_memory() -> None:
    bomb = zstd.compress(bytes(128 << 20), 1)
    assert len(bomb) < 20_000
    with memory(64 << 20), pytest.raises(BadBody, match=r".") as told:
        decompress(bomb)
    assert str(MOST_BYTES) in told.value.detail


def test_the_most_there_may_be_is_let_through_and_one_more_is_not() -> None:
    assert decompress(compress(bytes(1000)), 1000) == bytes(1000)
    with pytest.raises(BadBody):
        decompress(compress(bytes(1001)), 1000)


def test_a_window_beyond_what_is_needed_is_refused() -> None:
    parameters = {zstd.CompressionParameter.window_log: 27, zstd.CompressionParameter.content_size_flag: 0}
    compressor = zstd.ZstdCompressor(options=parameters)
    wide = compressor.compress(b"x" * 100) + compressor.flush()
    with pytest.raises(BadBody):
        decompress(wide)


def test_a_frame_cut_short_followed_by_more_or_of_a_dictionary_is_refused() -> None:
    frame = compress(b"what was done" * 50)
    for wrong in (frame[:-1], frame + b"\0", frame + frame, b"", b"no frame", frame[:5]):
        with pytest.raises(BadBody):
            decompress(wrong)


@given(st.data())
def test_any_changed_byte_is_read_or_refused_in_words(data: st.DataObject) -> None:
    frame = bytearray(compress(b"what was done " * 20))
    frame[data.draw(st.integers(0, len(frame) - 1))] ^= data.draw(st.integers(1, 255))
    with suppress(Refused):
        assert len(decompress(bytes(frame))) <= MOST_BYTES
