"""Sealed texts, opened when they are shown; the latest stay open in memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from itertools import islice

from app.analytics.moment import Moment
from app.errors import KeyUnavailable
from app.models.cipher import Cipher

MOST = 20_000
_AT_ONCE = 500


class OpenedTexts:
    """Opens texts by their ids. Without a cipher none can be opened.

    What is kept is found by the sealed text, not by the id: the id of an erased text is given to another one.
    """

    def __init__(self, cipher: Cipher | None, most: int = MOST) -> None:
        self._cipher = cipher
        self._most = most
        self._open: OrderedDict[bytes, str | None] = OrderedDict()

    def of(self, moment: Moment, ids: Iterable[int]) -> dict[int, str | None]:
        """Each id with its text; None for 0, for what is gone, and for what cannot be opened."""
        found: dict[int, str | None] = dict.fromkeys(ids)
        rest = iter([identity for identity in found if identity])
        while chunk := list(islice(rest, _AT_ONCE)):
            marks = ",".join("?" * len(chunk))
            query = f"SELECT id, sealed FROM texts WHERE id IN ({marks})"  # noqa: S608 - only marks
            found.update((identity, self._opened(sealed)) for identity, sealed in moment.rows(query, *chunk))
        while len(self._open) > self._most:
            self._open.popitem(last=False)
        return found

    def _opened(self, sealed: bytes) -> str | None:
        if self._cipher is None:
            return None
        if sealed not in self._open:
            try:
                self._open[sealed] = self._cipher.open(sealed)
            except KeyUnavailable:
                self._open[sealed] = None
        return self._open[sealed]
