from __future__ import annotations

from datetime import UTC, date, datetime, time

import numpy as np

from app.analytics.labels import Names
from app.analytics.questions import Questions
from app.analytics.series import BLOCK
from app.analytics.timeline import Blocks, borders, without_gaps
from app.models.keys import load_key
from app.paths import Paths
from app.ui.pages.timeline.lanes import APPLICATIONS, PROJECTS, SESSIONS, day_lanes, fitting
from app.ui.pages.timeline.missed import usual_stretch
from app.ui.pages.timeline.recorded import Recorded, chosen
from app.ui.theme.tokens import LIGHT
from tests.app.ui.pages.little_home import DAY, HOUR, NOW, at
from tests.fakes.clock import ManualClock


def recorded_of(paths: Paths, day: date = DAY) -> Recorded:
    questions = Questions(paths.database, load_key(paths).cipher(), ManualClock(NOW))
    try:
        return Recorded(questions.day(day))
    finally:
        questions.close()


def ids(recorded: Recorded) -> list[int]:
    return [int(one) for one in recorded.ids]


def test_rows_are_what_was_recorded(home: Paths) -> None:
    recorded = recorded_of(home)
    assert len(recorded) == 7
    assert recorded.row_of(ids(recorded)[3]) == 3
    assert recorded.row_of(5) is None
    block = recorded.block(ids(recorded)[0])
    assert block is not None
    assert block.start_ms == at(9)


def test_a_selection_in_one_look(home: Paths) -> None:
    recorded = recorded_of(home)
    found = chosen(recorded, ids(recorded)[:3])
    assert found is not None
    assert found.active_ms == 2 * HOUR
    assert (found.start_ms, found.end_ms) == (at(9), at(11))
    assert found.project is not None
    assert found.application is None  # several
    assert found.neighbours
    assert not chosen(recorded, [ids(recorded)[0], ids(recorded)[2]]).neighbours  # type: ignore[union-attr]
    assert not chosen(recorded, ids(recorded)[2:4]).neighbours  # type: ignore[union-attr] - idle is no neighbour
    assert chosen(recorded, [1]) is None


def test_the_wall_clock_and_back(home: Paths) -> None:
    recorded = recorded_of(home)
    assert recorded.wall(at(9.5)) == datetime.combine(DAY, time(9, 30))
    assert recorded.moment(datetime.combine(DAY, time(9, 30))) == at(9.5)
    assert recorded.offset_s(at(9.5)) == 0


def test_a_day_of_travel_reads_the_clock_it_was_recorded_by() -> None:
    spans = np.zeros(2, BLOCK)
    noon = round(datetime(2026, 6, 30, 12, tzinfo=UTC).timestamp() * 1000)
    spans["id"], spans["start"], spans["end"] = (
        (1, 2),
        (noon, noon + 4 * HOUR),
        (noon + HOUR, noon + 5 * HOUR),
    )
    spans["offset"] = (7_200, -14_400)
    low, high = borders(spans, (noon // (24 * HOUR)), (7_200, -14_400))
    view = _View(without_gaps(spans, low, high), low, high)
    recorded = Recorded(view)  # type: ignore[arg-type]
    assert recorded.wall(noon).hour == 14
    assert recorded.wall(noon + 4 * HOUR).hour == 12
    assert recorded.moment(datetime.combine(DAY, time(14))) == noon


class _View:
    def __init__(self, blocks: Blocks, low: int, high: int) -> None:
        self.blocks, self.start_ms, self.end_ms, self.names = blocks, low, high, Names()


def test_what_is_free_can_be_added(home: Paths) -> None:
    recorded = recorded_of(home)
    assert recorded.free(at(11), at(13)) == 2 * HOUR  # idle time gives way
    assert recorded.free(at(9), at(10)) == 0
    assert recorded.free(at(15.5), at(17)) == HOUR
    assert recorded.gap_at(at(12)) == (at(11.5), at(13))
    assert recorded.gap_at(at(9.5)) is None


def test_the_longest_gap_is_offered(home: Paths) -> None:
    assert usual_stretch(recorded_of(home)) == (at(11.5), at(13))
    assert usual_stretch(recorded_of(home, date(2026, 6, 29))) == (at(8, -1), at(9, -1))
    assert usual_stretch(recorded_of(home, date(2026, 6, 1)))[0] == at(9, -29)


def test_lanes_hold_every_span_and_no_empty_one(home: Paths) -> None:
    lanes = {lane.key: lane for lane in day_lanes(recorded_of(home), LIGHT).lanes}
    assert list(lanes) == [APPLICATIONS, PROJECTS, SESSIONS]
    assert len(lanes[APPLICATIONS].blocks) == 7
    assert len(lanes[PROJECTS].blocks) == 5
    idle = lanes[APPLICATIONS].idle
    assert idle is not None
    assert lanes[APPLICATIONS].series[idle].name == "Idle"
    assert {one.color for one in lanes[PROJECTS].series} == {"#4477aa", "#ee6677"}
    yesterday = day_lanes(recorded_of(home, date(2026, 6, 29)), LIGHT)
    assert [lane.key for lane in yesterday.lanes] == [APPLICATIONS, PROJECTS]
    assert day_lanes(recorded_of(home, date(2026, 6, 1)), LIGHT).empty


def test_what_is_shown_first_are_whole_hours(home: Paths) -> None:
    assert fitting(recorded_of(home), NOW) == (at(9), at(18))
    assert fitting(recorded_of(home, date(2026, 6, 29)), None) == (at(9, -1), at(13, -1))
    assert fitting(recorded_of(home, date(2026, 6, 1)), None) == (at(0, -29), at(24, -29))
