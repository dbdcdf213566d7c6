from __future__ import annotations

import pytest

from app.config import Settings
from app.loop import Loop
from app.models.values import Activity, FilteredSample, Hidden, Place, WindowSample
from app.tracking.pipeline import Pipeline, Project
from app.tracking.platform.base import Hold, SessionEvent
from app.tracking.recorder import Recorder
from app.tracking.tracker import Moment, Tracker
from tests.fakes.clock import ManualClock
from tests.fakes.ledger import FakeLedger, FakePulse
from tests.fakes.sources import FakeMachine

CODE, WEB, SECRET = WindowSample("code", "a.py"), WindowSample("web", "page"), WindowSample("secret", "x")


class Filter:
    def __init__(self) -> None:
        self.everything: Hidden | None = None

    def apply(self, sample: WindowSample) -> FilteredSample | Hidden:
        if self.everything is not None:
            return self.everything
        if sample.application == "secret":
            return Hidden.EXCLUDED_APPLICATION
        return FilteredSample(sample.application, sample.title)

    def passed_path(self, filtered: FilteredSample, path: str | None) -> str | None:
        return path


class Resolver:
    branch = "main"

    def resolve(self, sample: FilteredSample) -> Place | None:
        return Place("demo", "/demo", branch=self.branch) if sample.application == "code" else None


class Categories:
    def category_of(self, activity: Activity, project: str | None, local: object) -> int | None:
        return None


class Bench:
    """A tracker on a machine of our own; time is turned by hand and ticks are asked for."""

    def __init__(self, **settings: object) -> None:
        self.clock, self.ledger, self.machine = ManualClock(), FakeLedger(), FakeMachine()
        self.loop = Loop(monotonic=lambda: self.clock.now().awake_ms / 1000)
        self.filter, self.resolver = Filter(), Resolver()
        self.suspended = False
        self.told: list[Moment] = []
        self.stored_for_sleep = 0
        self.pipeline = Pipeline(
            privacy=self.filter,
            resolver=self.resolver,
            project_of=lambda place: Project(1, place.name),
            categories=Categories(),
        )
        given = {"tracking.idle_after_s": 60, **{k.replace("__", "."): v for k, v in settings.items()}}
        self.tracker = Tracker(
            loop=self.loop,
            clock=self.clock,
            sources=self.machine.sources,
            pipeline=self.pipeline,
            recorder=Recorder(self.ledger, FakePulse(), self.clock, lambda _: None),
            settings=Settings(given),
            suspended=lambda: self.suspended,
            on_change=self.told.append,
            on_beat=lambda _: None,
            on_stored_for_sleep=self._stored,
        )

    def _stored(self) -> None:
        self.stored_for_sleep += 1

    def start(self) -> Bench:
        self.tracker.start()
        return self

    def wait(self, seconds: float, *, typing: bool = True) -> None:
        """Time passes second by second, and the loop does what is due."""
        for _ in range(round(seconds)):
            self.clock.advance(1)
            self.machine.input.idle = 0 if typing else self.machine.input.idle + 1000
            self.loop.run_once(0)

    def show(self, sample: WindowSample | None, seconds: float = 0) -> None:
        self.machine.windows.show(sample)
        self.wait(seconds)

    def session(self, event: SessionEvent) -> None:
        self.tracker.session(event)
        self.loop.run_once(0)

    def stop(self) -> list[tuple[str, float]]:
        self.tracker.stop()
        self.loop.close()
        return self.ledger.told


@pytest.fixture
def bench() -> Bench:
    return Bench().start()


def test_windows_become_spans(bench: Bench) -> None:
    bench.show(CODE, 10)
    bench.show(WEB, 5)
    assert bench.stop() == [("code", 10), ("web", 5)]


def test_a_branch_that_changes_under_the_window_is_noticed_within_a_second(bench: Bench) -> None:
    bench.show(CODE, 10)
    bench.resolver.branch = "feature"
    bench.wait(10)
    bench.stop()
    spans = bench.ledger.spans.values()
    found = [(span.activity.branch, span.duration_ms) for span in spans if span.activity]
    assert found[0][0] == "main" and 10_000 <= found[0][1] <= 11_000
    assert found[1] == ("feature", 20_000 - found[0][1])


def test_an_excluded_application_leaves_a_gap_and_a_count(bench: Bench) -> None:
    bench.show(CODE, 10)
    bench.show(SECRET, 20)
    bench.show(CODE, 5)
    assert bench.pipeline.hidden[Hidden.EXCLUDED_APPLICATION] == 1
    assert bench.stop() == [("code", 10), ("code", 5)]


def test_no_window_is_nothing(bench: Bench) -> None:
    bench.show(CODE, 10)
    bench.show(None, 20)
    assert bench.stop() == [("code", 10)]


def test_idle_counts_from_the_last_input(bench: Bench) -> None:
    bench.show(CODE, 100)
    bench.wait(60, typing=False)
    bench.machine.input.go_idle(60_000)
    bench.wait(40, typing=False)
    bench.machine.input.touch()
    bench.wait(5)
    assert bench.stop() == [("code", 100), ("idle", 100), ("code", 5)]


def test_idle_needs_no_ticks(bench: Bench) -> None:
    bench.show(CODE, 10)
    bench.wait(60, typing=False)
    bench.machine.input.go_idle(60_000)
    asked = 0

    def count(sample: WindowSample) -> FilteredSample:
        nonlocal asked
        asked += 1
        return FilteredSample(sample.application, sample.title)

    bench.filter.apply = count  # type: ignore[method-assign]
    bench.wait(600, typing=False)
    assert asked == 0
    bench.stop()


def test_a_call_keeps_the_person_present_until_it_ends(bench: Bench) -> None:
    bench.machine.holds.found = frozenset({Hold.MICROPHONE})
    bench.show(CODE, 10)
    bench.wait(60, typing=False)
    bench.machine.input.go_idle(60_000)
    bench.wait(120, typing=False)
    bench.machine.holds.found = frozenset()
    bench.wait(60, typing=False)
    told = bench.stop()
    assert told[0][0] == "code" and 180 <= told[0][1] <= 200
    assert told[1][0] == "idle"
    assert sum(seconds for _, seconds in told) == 250


def test_a_switched_off_reason_is_not_looked_for() -> None:
    bench = Bench(tracking__count_microphone=False).start()
    bench.machine.holds.found = frozenset({Hold.MICROPHONE})
    bench.show(CODE, 10)
    bench.wait(60, typing=False)
    bench.machine.input.go_idle(60_000)
    assert all(Hold.MICROPHONE not in wanted for wanted in bench.machine.holds.asked)
    assert bench.stop() == [("code", 10), ("idle", 60)]


def test_a_film_on_the_whole_screen_counts(bench: Bench) -> None:
    bench.show(WindowSample("mpv", "film", fullscreen=True), 10)
    bench.wait(60, typing=False)
    bench.machine.input.go_idle(60_000)
    bench.wait(60, typing=False)
    assert bench.stop() == [("mpv", 130)]


@pytest.mark.parametrize(
    ("gone", "back"),
    [
        (SessionEvent.LOCKED, SessionEvent.UNLOCKED),
        (SessionEvent.SWITCHED_AWAY, SessionEvent.SWITCHED_BACK),
    ],
)
def test_lock_and_switch_end_at_once_and_go_on_at_once(
    bench: Bench, gone: SessionEvent, back: SessionEvent
) -> None:
    bench.show(CODE, 10)
    bench.session(gone)
    bench.show(WEB, 30)
    bench.session(back)
    bench.wait(5)
    assert bench.stop() == [("code", 10), ("web", 5)]


def test_a_sleeping_machine_does_nothing(bench: Bench) -> None:
    bench.show(CODE, 10)
    bench.session(SessionEvent.SLEEPING)
    assert bench.stored_for_sleep == 1
    bench.clock.sleep(8 * 3600)
    bench.session(SessionEvent.WOKE)
    bench.wait(3)
    bench.machine.input.touch()
    bench.wait(10)
    told = bench.stop()
    assert [name for name, _ in told] == ["code", "idle", "code"]
    assert sum(seconds for _, seconds in told) == 23


def test_who_is_back_right_after_waking_is_noticed_without_an_alarm(bench: Bench) -> None:
    bench.show(CODE, 10)
    bench.session(SessionEvent.SLEEPING)
    bench.clock.sleep(60)
    bench.machine.input.idle = 3000
    bench.session(SessionEvent.WOKE)
    bench.wait(3, typing=False)
    bench.wait(10, typing=True)  # the X server never told of an idle person, so nor of one who is back
    told = bench.stop()
    assert [name for name, _ in told] == ["code", "idle", "code"]
    assert told[2][1] >= 8


def test_a_machine_that_woke_for_nobody_comes_to_rest(bench: Bench) -> None:
    bench.show(CODE, 10)
    bench.session(SessionEvent.SLEEPING)
    bench.clock.sleep(60)
    bench.session(SessionEvent.WOKE)
    bench.wait(120, typing=False)
    assert bench.tracker._timer is None
    bench.stop()


def test_pausing_records_nothing_not_even_idle(bench: Bench) -> None:
    bench.show(CODE, 10)
    bench.suspended, bench.filter.everything = True, Hidden.PAUSED
    bench.tracker.look_again()
    bench.wait(60, typing=False)
    bench.machine.input.go_idle(60_000)
    bench.wait(60, typing=False)
    bench.machine.input.touch()
    bench.suspended, bench.filter.everything = False, None
    bench.tracker.look_again()
    bench.wait(5)
    assert bench.stop() == [("code", 10), ("code", 5)]


def test_without_a_display_the_tracker_is_blind_but_lives() -> None:
    bench = Bench()
    bench.machine.windows.available = False
    bench.start()
    assert bench.tracker.moment.blind
    bench.wait(10)
    assert bench.stop() == []


def test_a_display_that_goes_ends_what_was_seen(bench: Bench) -> None:
    bench.show(CODE, 10)
    bench.machine.windows.lose()
    bench.wait(10)
    assert bench.tracker.moment.blind
    assert bench.stop() == [("code", 10)]


def test_what_is_told_changes_only_when_something_did(bench: Bench) -> None:
    bench.show(CODE, 10)
    count = len(bench.told)
    bench.wait(30)
    assert len(bench.told) == count
    bench.show(WEB)
    assert len(bench.told) == count + 1
    bench.stop()


def test_events_after_the_end_do_nothing(bench: Bench) -> None:
    bench.show(CODE, 10)
    bench.tracker.stop()
    bench.tracker.stop()
    bench.machine.windows.show(WEB)
    bench.tracker.session(SessionEvent.LOCKED)
    bench.loop.run_once(0)
    bench.loop.close()
    assert bench.ledger.told == [("code", 10)]
