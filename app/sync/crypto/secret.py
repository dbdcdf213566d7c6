"""Bytes that must not be seen: hidden in repr, not pickled, not copied, compared in constant time, wiped."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import NoReturn, Self

# Where randomness comes from: `os.urandom`, or a test's own.
Random = Callable[[int], bytes]


class Secret:
    """A key, a seed, a token. Wipe it by `wipe()` or `with`; what `reveal` gave away stays in memory.

    Python copies bytes where it likes, so wiping shortens how long a secret lies about; it promises no more.
    """

    __slots__ = ("_bytes",)
    __hash__ = None  # type: ignore[assignment] # a hash would be one more thing derived from it

    def __init__(self, value: bytes | bytearray | memoryview) -> None:
        self._bytes: bytearray | None = bytearray(value)

    @classmethod
    def random(cls, size: int, random: Random) -> Self:
        """A fresh one of `size` bytes."""
        return cls(random(size))

    def view(self) -> memoryview:
        """The bytes without a copy, for libraries that take a buffer; read-only."""
        return memoryview(self._held()).toreadonly()

    def reveal(self) -> bytes:
        """A copy of the bytes, for what takes nothing else."""
        return bytes(self._held())

    def wipe(self) -> None:
        """Overwrite the bytes. Any later use raises ValueError."""
        if self._bytes is not None:
            self._bytes[:] = bytes(len(self._bytes))
            self._bytes = None

    def _held(self) -> bytearray:
        if self._bytes is None:
            raise ValueError("this secret was wiped")
        return self._bytes

    def __len__(self) -> int:
        return len(self._held())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._held(), other._held())

    def __repr__(self) -> str:
        return "Secret(wiped)" if self._bytes is None else f"Secret({len(self._bytes)} bytes)"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.wipe()

    def __del__(self) -> None:
        # A constructor that raised has left no bytes.
        if getattr(self, "_bytes", None) is not None:
            self.wipe()

    def __reduce_ex__(self, _protocol: object) -> NoReturn:
        raise TypeError("a secret is neither pickled nor copied")
