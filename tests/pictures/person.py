"""A made-up person at work: days with mail, meetings, stretches in one project, breaks and lunch. Pure.

The same seed gives the same days. Times are minutes of a local day; `Piece` is one window in front, or
idle time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

BRANCHES = ("main", "retry-queue", "fix/timeouts", "feature/import", "release-2.4", "spike/search")


@dataclass(frozen=True, slots=True)
class Work:
    """A project: its language, the files worked on, and how much of the person's time it gets."""

    name: str
    language: str
    suffix: str
    files: tuple[str, ...]
    weight: float
    first_year: int = 0


# `first_year`: years before the last day at which work on it began, 0 for always; what is older came first.
PROJECTS = (
    Work("harbor-api", "Python", "py", ("queue", "retry", "routes", "models", "limits", "storage"), 9, 3),
    Work("harbor-web", "TypeScript", "tsx", ("Berths", "Table", "Session", "chart", "api"), 5, 2),
    Work("ledger", "Rust", "rs", ("book", "entry", "balance", "import", "main"), 6, 5),
    Work("mailroom", "Go", "go", ("parse", "deliver", "bounce", "server"), 4, 4),
    Work("atlas-tiles", "C++", "cpp", ("tile", "index", "projection", "cache"), 3, 5),
    Work("field-notes", "Markdown", "md", ("handbook", "decisions", "onboarding"), 1.5, 5),
    Work("dotfiles", "Shell", "sh", ("install", "profile", "backup"), 0.6, 5),
    Work("night-train", "Rust", "rs", ("engine", "timetable", "map"), 0, 5),
)
_AT_HOME = 7


@dataclass(frozen=True, slots=True)
class Piece:
    """Minutes of the day, from and to; without an application it is idle time."""

    start: float
    end: float
    application: str = ""
    title: str = ""
    category: str = ""
    project: int | None = None
    branch: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """A focus session the person started, in minutes of the day."""

    start: float
    planned: int
    project: int
    interruptions: int


@dataclass(frozen=True, slots=True)
class Day:
    pieces: tuple[Piece, ...]
    sessions: tuple[Session, ...]


class Person:
    """Remembers which projects matter at the time; give it the days in their order."""

    def __init__(self, last: date, seed: int = 7) -> None:
        self._last = last
        self._random = Random(seed)
        self._main, self._second = 0, 2
        self._quarter: tuple[int, int] | None = None
        self._energy, self._noise = 0.0, 0.0
        self._at = 0.0
        self._pieces: list[Piece] = []
        self._sessions: list[Session] = []

    def day(self, day: date) -> Day:
        """What was done on that day; nothing on most weekends, holidays and days off."""
        self._pieces, self._sessions = [], []
        self._turn_to_projects(day)
        self._energy = 0.8 * self._energy + self._random.uniform(-0.5, 0.5)
        self._noise = 0.3 * self._random.betavariate(2, 3)
        if day.weekday() < 5 and not self._off(day):
            self._workday(day)
        elif self._random.random() < 0.4:
            self._evening()
        return Day(tuple(self._pieces), tuple(self._sessions))

    def _turn_to_projects(self, day: date) -> None:
        quarter = (day.year, (day.month - 1) // 3)
        if quarter == self._quarter:
            return
        self._quarter = quarter
        age = (self._last - day).days / 365.25
        known = [n for n, one in enumerate(PROJECTS) if one.first_year >= age and one.weight]
        weights = [PROJECTS[n].weight for n in known]
        self._main = self._random.choices(known, weights)[0] if age > 0.5 else 0
        others = [n for n in known if n != self._main]
        self._second = self._random.choices(others, [PROJECTS[n].weight for n in others])[0]

    def _off(self, day: date) -> bool:
        if (day.month, day.day) >= (12, 23) or (day.month, day.day) <= (1, 2):
            return True
        away = 225 + day.year % 5 * 3
        return away <= day.timetuple().tm_yday < away + 14 or (
            day != self._last and self._random.random() < 0.04
        )

    def _workday(self, day: date) -> None:
        r = self._random
        self._at = r.gauss(8 * 60 + 40, 18)
        end = r.gauss(17 * 60 + 40, 25) + 25 * self._energy - (60 if day.weekday() == 4 else 0)
        self._mail(r.uniform(6, 18))
        steps: list[Callable[[], None]] = [
            self._long_stretch,
            self._pause,
            self._reviewing,
            self._long_stretch,
        ]
        if day.weekday() in (0, 2, 4):
            steps.insert(0, lambda: self._meeting(15, "Stand-up"))
        if r.random() < 0.35:
            steps.append(self._chatting)
        for step in steps:
            step()
            if self._at > 12 * 60 + 20:
                break
        while self._at < 11 * 60 + 40:
            self._long_stretch()
        self._at += r.uniform(32, 58)  # lunch, the screen locked
        afternoon = [self._long_stretch, self._chatting, self._pause, self._second_project, self._reviewing]
        r.shuffle(afternoon)
        if day.weekday() in (1, 3):
            name = r.choice(("Planning", "Architecture", "Release 2.4", "Customer call"))
            afternoon.insert(1, lambda: self._meeting(r.choice((30, 45, 60)), name))
        while self._at < end - 12:
            (afternoon.pop(0) if afternoon else self._long_stretch)()
        self._mail(r.uniform(3, 9))

    def _evening(self) -> None:
        """A weekend's hour or two on something of one's own, and a film."""
        r = self._random
        self._at = r.uniform(14, 19) * 60
        self._stretch(_AT_HOME, r.uniform(30, 95))
        if r.random() < 0.6:
            self._put(r.uniform(25, 70), "vlc", "A film", "Video")

    def _long_stretch(self) -> None:
        """Undisturbed work on what matters most now, now and then with the timer."""
        r = self._random
        project = self._main if r.random() < 0.75 else self._second
        length = max(20.0, min(92.0, r.gauss(50 + 10 * self._energy, 16)))
        if r.random() < 0.55:
            planned = 50 if length > 48 else 25
            self._sessions.append(Session(self._at + 0.5, planned, project, r.choice((0, 0, 0, 1, 2))))
        self._stretch(project, length)
        if r.random() < 0.5:
            self._pause()

    def _second_project(self) -> None:
        self._stretch(self._second, self._random.uniform(15, 45))

    def _stretch(self, number: int, minutes: float) -> None:
        r, project = self._random, PROJECTS[number]
        branch = BRANCHES[(number + int(self._at) // 97) % len(BRANCHES)]
        files = r.sample(project.files, k=min(3, len(project.files)))
        until = self._at + minutes
        editor = "code" if number % 3 else "pycharm"
        while self._at < until:
            kind = r.random()
            if kind < 0.62:
                file = r.choice(files)
                title = f"{file}.{project.suffix} — {project.name}"
                self._put(r.uniform(0.7, 6), editor, title, "Coding", number, branch)
            elif kind < 0.84:
                title = f"{project.name}: {r.choice(('make test', 'git diff', 'git rebase -i main', 'run'))}"
                self._put(r.uniform(0.3, 2.2), "gnome-terminal", title, "Terminal", number, branch)
            elif kind < 0.95:
                self._browse(r.uniform(0.2, 1.4), "Documentation")
            else:
                self._put(r.uniform(0.15, 0.9), "slack", f"#{project.name}", "Chat")
            if r.random() < self._noise:
                self._asked()

    def _asked(self) -> None:
        """Somebody wants something: an answer, and often something to look up for it."""
        r = self._random
        self._put(r.uniform(0.8, 4.5), "slack", "#harbor", "Chat")
        if r.random() < 0.5:
            self._browse(r.uniform(0.5, 3), "Research")

    def _reviewing(self) -> None:
        r = self._random
        until = self._at + r.uniform(12, 32)
        while self._at < until:
            self._browse(r.uniform(1, 6), "Code review", self._second if r.random() < 0.5 else self._main)
            if r.random() < 0.4:
                self._put(
                    r.uniform(0.4, 2), "gnome-terminal", "git log", "Version control", self._main, "main"
                )

    def _chatting(self) -> None:
        until = self._at + self._random.uniform(6, 20)
        while self._at < until:
            self._put(self._random.uniform(0.6, 4), "slack", "#harbor", "Chat")
            self._browse(self._random.uniform(0.3, 2), "Research")

    def _mail(self, minutes: float) -> None:
        self._put(minutes, "thunderbird", "Inbox", "Mail")

    def _meeting(self, minutes: float, name: str) -> None:
        self._put(minutes + self._random.uniform(-2, 5), "zoom", name, "Meetings")

    def _pause(self) -> None:
        """A coffee: most of it idle time."""
        start = self._at
        self._at += self._random.uniform(4, 13)
        self._pieces.append(Piece(start, self._at))

    def _browse(self, minutes: float, category: str, project: int | None = None) -> None:
        name, url = self._random.choice(_PAGES[category])
        self._put(minutes, "firefox", name, category, project, url=url)

    def _put(
        self, minutes: float, application: str, title: str, category: str, project: int | None = None,
        branch: str = "", url: str = "",
    ) -> None:  # fmt: skip
        start, self._at = self._at, self._at + minutes
        self._pieces.append(Piece(start, self._at, application, title, category, project, branch, url))


_PAGES = {
    "Documentation": (
        ("asyncio — Python documentation", "https://docs.python.org/3/library/asyncio.html"),
        ("std::collections — Rust", "https://doc.rust-lang.org/std/collections/"),
        ("SQLite: CREATE INDEX", "https://sqlite.org/lang_createindex.html"),
    ),
    "Code review": (
        ("Retry with a bound · harbor-api", "https://git.example.org/harbor-api/pulls/214"),
        ("Berths in a table · harbor-web", "https://git.example.org/harbor-web/pulls/88"),
    ),
    "Research": (
        ("Queues and backpressure", "https://example.org/queues"),
        ("Tail latency, explained", "https://example.com/tail"),
    ),
}


def days(person: Person, wanted: list[date]) -> Iterator[tuple[date, Day]]:
    """Each of these days, in their order."""
    for one in wanted:
        yield one, person.day(one)
