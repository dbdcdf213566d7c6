"""What every question reads from: one connection, the answers it keeps, the texts it has opened."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from pathlib import Path
from typing import TypeVar, cast

from app.analytics.answers import Answers
from app.analytics.labels import Names
from app.analytics.moment import Moment, Reader
from app.analytics.opened import OpenedTexts
from app.models.cipher import Cipher

T = TypeVar("T")


class Source:
    """The database at `path` by a connection of its own; one question at a time, from any thread."""

    def __init__(self, path: Path, cipher: Cipher | None) -> None:
        self.reader = Reader(path)
        self.texts = OpenedTexts(cipher)
        self._answers = Answers()

    def ask(self, question: Hashable, answer: Callable[[Moment], T]) -> T:
        """The answer at this moment; kept under `question` until somebody writes to the database."""
        with self.reader.moment() as moment:
            return self.within(moment, question, answer)

    def within(self, moment: Moment, question: Hashable, answer: Callable[[Moment], T]) -> T:
        """The same, as a part of another answer of the same moment."""
        # Each question has one function that answers it, so the type is that of its answer.
        return cast("T", self._answers.get(moment, question, answer))

    def names(self, moment: Moment) -> Names:
        """All names and colours."""
        return self.within(moment, ("names",), lambda m: m.names())

    def close(self) -> None:
        """Give the connection back; a later question opens another."""
        self.reader.close()
