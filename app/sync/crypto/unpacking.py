"""MessagePack from somebody else, read as one type or refused."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from app.sync.crypto.refusals import BadBody

T = TypeVar("T")


def unpacked(body: bytes | msgspec.Raw, decoder: msgspec.msgpack.Decoder[T], what: str) -> T:
    """The value. Raises `BadBody` for anything else, too deep or not UTF-8; `what` begins its sentence."""
    try:
        return decoder.decode(body)
    except (msgspec.MsgspecError, RecursionError, ValueError, OverflowError):
        # msgspec's own words could quote what is inside.
        raise BadBody(f"{what} is not in its form.") from None
