"""zstd (RFC 8878), with an end to what a small hostile input may become."""

from __future__ import annotations

import sys

from app.sync.crypto.refusals import BadBody

if sys.version_info >= (3, 14):
    from compression.zstd import DecompressionParameter, ZstdDecompressor, ZstdError
    from compression.zstd import compress as zstd_compress
else:
    from backports.zstd import DecompressionParameter, ZstdDecompressor, ZstdError
    from backports.zstd import compress as zstd_compress

LEVEL = 9
# A month of the busiest kind is 5 MB.
MOST_BYTES = 16 << 20
# A larger window than the content needs would be a way to take memory.
_WINDOW_LOG = 24


def compress(body: bytes) -> bytes:
    """One frame at level 9."""
    return zstd_compress(body, LEVEL)


def decompress(frame: bytes, most: int = MOST_BYTES) -> bytes:
    """The inverse. Raises `BadBody` for what is no whole single frame, or more than `most` bytes."""
    decompressor = ZstdDecompressor(options={DecompressionParameter.window_log_max: _WINDOW_LOG})
    try:
        body = decompressor.decompress(frame, most + 1)
    except ZstdError:
        raise BadBody("It is not well compressed.") from None
    if len(body) > most:
        raise BadBody(f"It has more than {most} bytes.")
    if not decompressor.eof or decompressor.unused_data:
        raise BadBody("It is not well compressed.")
    return body
