"""Made-up spans: as the journal takes them, and as the pure functions do."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from app.analytics.series import ACTIVE, BLOCK, IDLE
from app.models.values import Activity, Span, State

MINUTE = 60_000
HOUR = 60 * MINUTE
# Midnight UTC of Wednesday 4 March 2026.
MIDNIGHT = 1_772_582_400_000
DAY = MIDNIGHT // (24 * HOUR)


def span(start_s, seconds, *, offset=0, idle=False, switched=False, project=None, category=None, app="Code",
         branch=None, language=None, title=None):  # fmt: skip
    """A span that begins so many seconds after `MIDNIGHT`."""
    activity = None
    if not idle:
        activity = Activity(app, title=title, project_id=project, category_id=category, branch=branch,
                            language=language)  # fmt: skip
    begin = MIDNIGHT + int(start_s * 1000)
    state = State.IDLE if idle else State.ACTIVE
    return Span(begin, begin + int(seconds * 1000), offset, state, activity, switched)


def row_of(minutes):
    """Each `(from, to, project or "idle")`, in minutes of the day; an application may follow."""
    rows = np.zeros(len(minutes), BLOCK)
    for n, (begin, end, what, *application) in enumerate(minutes):
        rows[n]["id"] = n + 1
        rows[n]["start"], rows[n]["end"] = MIDNIGHT + int(begin * MINUTE), MIDNIGHT + int(end * MINUTE)
        rows[n]["kind"] = IDLE if what == "idle" else ACTIVE
        rows[n]["project"] = 0 if what == "idle" else what
        rows[n]["application"] = application[0] if application else 1
    return rows


# Spans of one machine, one after the other, over three days.
@st.composite
def one_after_the_other(draw, offsets=(0,)):
    at = draw(st.integers(-26 * 3600, 3600))
    found = []
    for _ in range(draw(st.integers(0, 25))):
        at += draw(st.sampled_from([0, 0, 0, 1, 30, 119, 120, 1800, 20_000]))
        length = draw(st.sampled_from([0, 1, 20, 60, 119, 120, 299, 300, 1500, 5000, 30_000]))
        found.append(
            span(at, length, offset=draw(st.sampled_from(offsets)), idle=draw(st.integers(0, 9)) == 0,
                 switched=draw(st.booleans()), project=draw(st.sampled_from([None, 1, 1, 2])),
                 category=draw(st.sampled_from([None, 1, 2])), app=draw(st.sampled_from(["Code", "vim"])),
                 branch=draw(st.sampled_from([None, "main", "topic"])),
                 language=draw(st.sampled_from([None, "Python"])))
        )  # fmt: skip
        at += length
    return found
