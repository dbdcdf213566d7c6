"""What stands behind the "i" of each chart of the Trends page."""

from __future__ import annotations

from collections.abc import Mapping

from app.ui.theme.icons import Icons
from app.ui.widgets.info import InfoButton
from app.ui.words import mark, tr

_ALL: Mapping[str, tuple[str, ...]] = {
    "stack": (
        mark(
            "Active time: you were present, and a window was recorded. "
            "Idle, locked and paused time is left out."
        ),
        mark(
            "The dark marks show the period before. A period that still runs is compared with as many days."
        ),
        mark("A bar leads to its day, or into its week or month."),
    ),
    "week": (
        mark("When in the week you are active: the time of each hour, all weeks of the range together."),
        mark("Hours are those of the wall clock where you were."),
        mark(
            "Best hours: the three hours in a row with most time in productive categories, "
            "on average over the days you were active; from five such days on."
        ),
    ),
    "years": (
        mark("Active time of each day. The four colours are the quarters of the days that have any."),
        mark("A day leads to its timeline."),
    ),
    "score": (
        mark("0 to 100, the sum of three parts, from one hour of active time on."),
        mark("Deep work, up to 50: the share of time in focus blocks, full from one half."),
        mark("Calm, up to 25: context switches in an hour, full up to 6, nothing from 30."),
        mark("Whole stretches, up to 25: the share of time in stretches of 5 minutes or more."),
        mark("The strong line is the moving average: over 7 days, 4 weeks or 3 months."),
    ),
    "fragmentation": (
        mark("The share of active time in stretches shorter than 5 minutes. Less is calmer."),
        mark("Context switches: how often you went to another project, or another application within one."),
    ),
}


def about(icons: Icons, key: str, title: str) -> InfoButton:
    """The "i" of a chart."""
    return InfoButton(icons, title, "\n\n".join(tr(words) for words in _ALL[key]))
