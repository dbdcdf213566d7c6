"""A rule tried on what was recorded before it is saved: off the GUI thread, the latest wins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from app.analytics.matching import Matches
from app.analytics.ranges import Days
from app.durations import told_in_minutes
from app.errors import DevPulseError
from app.tracking.conditions import read_conditions
from app.ui.background import BackgroundQuery
from app.ui.classify.wording import Condition
from app.ui.said import said, said_error
from app.ui.services import Services
from app.ui.words import number, tr

TRIED_DAYS = 90
_SETTLE_MS = 250


@dataclass(frozen=True, slots=True)
class Refused:
    """Why conditions cannot be used, in words."""

    reason: str


class Trial(QObject):
    """`told(Matches | Refused | None)`: what came of the latest conditions; None while it is being tried."""

    told = pyqtSignal(object)

    def __init__(self, services: Services, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._query = BackgroundQuery(services.background, self)
        self._wanted: tuple[Condition, ...] = ()
        self._number = 0
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(_SETTLE_MS)
        self._settled.timeout.connect(self._ask)

    def try_out(self, conditions: Sequence[Condition]) -> bool:
        """Try these soon; False, and told at once, when they cannot be used."""
        self.forget()
        self._wanted = tuple(conditions)
        try:
            read_conditions(self._wanted)
        except DevPulseError as error:
            self.told.emit(Refused(said(error.detail or error.title)))
            return False
        self.told.emit(None)
        self._settled.start()
        return True

    def forget(self) -> None:
        """Want no answer any more."""
        self._number += 1
        self._settled.stop()
        self._query.forget()

    def _ask(self) -> None:
        number, library = self._number, self._services.library
        test = read_conditions(self._wanted)

        def work() -> Matches:
            today = library.questions.today_date()
            days = Days(today - timedelta(days=TRIED_DAYS - 1), today)
            return library.inquiries.matches(test, days, lambda _done, _all: number == self._number)

        self._query.ask(work, self._answered, failed=lambda error: self.told.emit(Refused(said_error(error))))

    def _answered(self, matches: Matches) -> None:
        if matches.complete:
            self.told.emit(matches)


def told_words(answer: Matches | Refused | None) -> str:
    """What came of a trial, in one sentence."""
    if answer is None:
        return tr("Looking at what was recorded…")
    if isinstance(answer, Refused):
        return answer.reason
    if not answer.activities:
        return tr("Fits nothing of the last {days} days.", days=TRIED_DAYS)
    if answer.activities == 1:
        return tr(
            "Fits 1 activity of the last {days} days, {length}.",
            days=TRIED_DAYS,
            length=told_in_minutes(answer.active_ms / 1000),
        )
    return tr(
        "Fits {count} activities of the last {days} days, {length}.",
        count=number(answer.activities),
        days=TRIED_DAYS,
        length=told_in_minutes(answer.active_ms / 1000),
    )
