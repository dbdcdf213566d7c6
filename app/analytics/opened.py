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
    """Opens texts by their ids. Without a cipher none can be opened."""

    def __init__(self, cipher: Cipher | None, most: int = MOST) -> None:
        self._cipher = cipher
        self._most = most
        self._open: OrderedDict[int, str | None] = OrderedDict()

    def of(self, moment: Moment, ids: Iterable[int]) -> dict[int, str | None]:
        """Each id with its text; None for 0, for what is gone, and for what cannot be opened."""
        wanted = dict.fromkeys(ids)
        missing = iter([i for i in wanted if i and i not in self._open])
        fresh: dict[int, str | None] = {}
        while chunk := list(islice(missing, _AT_ONCE)):
            marks = ",".join("?" * len(chunk))
            query = f"SELECT id, sealed FROM texts WHERE id IN ({marks})"  # noqa: S608 - only marks
            fresh.update((identity, self._opened(sealed)) for identity, sealed in moment.rows(query, *chunk))
        found = {i: fresh.get(i, self._open.get(i)) for i in wanted}
        self._keep(fresh)
        return found

    def forget(self) -> None:
        """Keep none any more: texts were erased."""
        self._open.clear()

    def _opened(self, sealed: bytes) -> str | None:
        if self._cipher is None:
            return None
        try:
            return self._cipher.open(sealed)
        except KeyUnavailable:
            return None

    def _keep(self, fresh: dict[int, str | None]) -> None:
        self._open.update(fresh)
        while len(self._open) > self._most:
            self._open.popitem(last=False)
