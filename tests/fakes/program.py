"""`devpulse` for windows under test: commands that answer what they are told to, at once or when told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PyQt6.QtCore import QObject, QTimer

from app.errors import DevPulseError
from app.ui.sync.program import Running


class FakeRunning(Running):
    """One that is under way until `answer`, `fail` or `cancel`. `said`: what it was handed, oldest first."""

    def __init__(self, words: tuple[str, ...], secrets: dict[str, str]) -> None:
        super().__init__()
        self.words = words
        self.secrets = secrets
        self.said: list[dict[str, Any]] = []
        self.over = False

    def say(self, line: Mapping[str, Any]) -> None:
        self.said.append(dict(line))

    def cancel(self) -> None:
        self.over = True

    def tell(self, told: dict[str, Any]) -> None:
        """Print this."""
        if not self.over:
            self.told.emit(told)

    def answer(self, told: dict[str, Any] | DevPulseError) -> None:
        """End with this."""
        if self.over:
            return
        self.over = True
        (self.failed if isinstance(told, DevPulseError) else self.finished).emit(told)


class FakeProgram(QObject):
    """`answers`: by the first words of a command, such as `"account devices"`; without one it stays under
    way.

    `ran`: all that was started, oldest first.
    """

    def __init__(self, answers: Mapping[str, dict[str, Any] | DevPulseError] | None = None) -> None:
        super().__init__()
        self.answers = dict(answers or {})
        self.ran: list[FakeRunning] = []

    def run(
        self, words: Sequence[str], secrets: Mapping[str, str] | None = None, *, open_ended: bool = False
    ) -> Running:
        running = FakeRunning(tuple(words), dict(secrets or {}))
        self.ran.append(running)
        answer = self._answer(words)
        if answer is not None:
            QTimer.singleShot(0, lambda: running.tell(answer) if open_ended else running.answer(answer))  # type: ignore[arg-type]
        return running

    def call(self, words: Sequence[str], secrets: Mapping[str, str] | None = None) -> dict[str, Any]:
        running = FakeRunning(tuple(words), dict(secrets or {}))
        running.over = True
        self.ran.append(running)
        answer = self._answer(words)
        if isinstance(answer, DevPulseError):
            raise answer
        return answer or {}

    def close(self) -> None:
        for running in self.ran:
            running.over = True

    def last(self, *words: str) -> FakeRunning:
        """The latest command that begins with these words."""
        return next(one for one in reversed(self.ran) if one.words[: len(words)] == words)

    def _answer(self, words: Sequence[str]) -> dict[str, Any] | DevPulseError | None:
        fitting = [key for key in self.answers if tuple(words[: len(key.split())]) == tuple(key.split())]
        return self.answers[max(fitting, key=len)] if fitting else None
