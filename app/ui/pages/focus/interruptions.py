"""What interrupted the latest session: how often, for how long, and by what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.analytics.interruptions import Interruption
from app.analytics.labels import By
from app.analytics.sessions import Session
from app.durations import told
from app.ui.explained import explanation
from app.ui.labelled import name_of
from app.ui.services import Services
from app.ui.theme.palette import tabular
from app.ui.widgets.card import Card
from app.ui.widgets.info import InfoButton
from app.ui.widgets.labels import ElidedLabel, label
from app.ui.words import tr

_MOST = 6


def by_cause(found: Sequence[Interruption]) -> list[tuple[str, int, int]]:
    """Name, number and ms of each cause, most time first."""
    times: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    for one in found:
        cause = tr("Away from the keyboard") if one.idle else name_of(one.application, By.APPLICATION)
        times[cause] += one.duration_ms
        counts[cause] += 1
    return [(cause, counts[cause], ms) for cause, ms in times.most_common()]


class InterruptionsCard(Card):
    """Of the session that runs, or the last one."""

    def __init__(self, services: Services) -> None:
        about = explanation("interruptions")
        super().__init__(tr("What interrupted"), beside=InfoButton(services.icons, about.title, about.words))
        self._which = label("", "muted", wrap=True)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        self.body.addWidget(self._which)
        self.body.addLayout(self._rows)
        self.body.addStretch(1)

    def show_session(self, session: Session | None, found: Sequence[Interruption]) -> None:
        """Show what interrupted this session."""
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        if session is None:
            self._which.setText(tr("After your first session you see here what took you away from it."))
            return
        began = datetime.fromtimestamp(session.started_ms / 1000, UTC) + timedelta(
            seconds=session.utc_offset_s
        )
        project = name_of(session.project, By.PROJECT)
        words = tr("In the session of {time}, {project}.", time=f"{began:%H:%M}", project=project)
        self._which.setText(words if found else f"{words} {tr('Nothing did.')}")
        for cause, count, ms in by_cause(found)[:_MOST]:
            self._rows.addWidget(_Row(cause, count, ms))


class _Row(QWidget):
    def __init__(self, cause: str, count: int, ms: int) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        times = label(tr("once") if count == 1 else tr("{count} times", count=count), "muted")
        length = label(told(ms / 1000))
        length.setFont(tabular(length.font()))
        row.addWidget(ElidedLabel(cause), 1)
        row.addWidget(times)
        row.addWidget(length)
