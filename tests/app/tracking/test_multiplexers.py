"""Asking tmux seldom, and finding screen's windows without asking; on a made-up process table."""

import os

import pytest

from app.tracking.commandline import options
from app.tracking.multiplexers import Screen, Tmux, run_briefly
from app.tracking.platform.base import Process
from app.tracking.ttys import last_used, pts_path, would_show_more
from tests.app.tracking.project_fakes import FakeProcesses


class Asked:
    """A tmux server that notes its questions."""

    def __init__(self, answer: str | None) -> None:
        self.answer = answer
        self.questions: list[list[str]] = []

    def __call__(self, argv):
        self.questions.append(list(argv))
        return self.answer


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


CLIENT = Process(10, 1, "tmux: client", foreground=10, terminal=5)


@pytest.fixture
def table() -> FakeProcesses:
    made = FakeProcesses()
    made.add(10, "tmux: client", tty=5, cwd="/home/u", argv=["tmux"])
    made.add(20, "bash", tty=6)
    made.add(21, "bash", tty=7)
    return made


def test_the_clients_own_pane_is_taken(table):
    asked = Asked("9 99\n10 20\n11 21\n")
    assert Tmux(table, run=asked).pane(CLIENT, None) == 20


@pytest.mark.parametrize(
    ("argv", "environ", "socket"),
    [
        (["tmux"], {}, f"/tmp/tmux-{os.getuid()}/default"),
        (["tmux", "attach", "-t", "x"], {}, f"/tmp/tmux-{os.getuid()}/default"),
        (["tmux", "-L", "work"], {}, f"/tmp/tmux-{os.getuid()}/work"),
        (["tmux", "-2uLwork", "new"], {}, f"/tmp/tmux-{os.getuid()}/work"),
        (["tmux", "-S", "/run/my.sock", "attach"], {}, "/run/my.sock"),
        (["tmux", "-S", "my.sock"], {}, "/home/u/my.sock"),
        (["tmux"], {"TMUX_TMPDIR": "/run/u"}, f"/run/u/tmux-{os.getuid()}/default"),
        (["tmux", "attach"], {"TMUX": "/tmp/a,b/sock,12,0"}, "/tmp/a,b/sock"),
        (["tmux", "-L", "work"], {"TMUX": "/tmp/x,12,0"}, f"/tmp/tmux-{os.getuid()}/work"),
        (["tmux", "-f", "-L"], {}, f"/tmp/tmux-{os.getuid()}/default"),
    ],
)
def test_the_socket(table, argv, environ, socket):
    table.add(10, "tmux: client", tty=5, cwd="/home/u", argv=argv, environ=environ)
    asked = Asked("10 20\n")
    Tmux(table, run=asked).pane(CLIENT, None)
    assert asked.questions[0][:3] == ["tmux", "-S", socket]


def test_it_is_asked_again_only_when_there_is_a_reason(table):
    asked, clock, used = Asked("10 20\n"), Clock(), [(1, 1)]
    tmux = Tmux(table, run=asked, used=lambda _: used[0], monotonic=clock, wall_ns=lambda: 10**12)
    for _ in range(5):
        assert tmux.pane(CLIENT, "one") == 20
    assert len(asked.questions) == 1
    clock.now = 1000.0  # nobody typed since
    assert tmux.pane(CLIENT, "one") == 20
    assert len(asked.questions) == 1
    used[0] = (2, 1)
    asked.answer = "10 21\n"
    assert tmux.pane(CLIENT, "one") == 21
    assert tmux.pane(CLIENT, "two") == 21
    assert len(asked.questions) == 3


def test_what_was_typed_in_the_same_eight_seconds_is_not_missed(table):
    asked, clock = Asked("10 20\n"), Clock()
    # The terminal's times are kept to 8 s, so equal times do not mean that nobody typed.
    now = 800 * 10**9
    tmux = Tmux(
        table, run=asked, used=lambda _: (now + 1, now), monotonic=clock, wall_ns=lambda: now + 7 * 10**9
    )
    assert tmux.pane(CLIENT, "one") == 20
    asked.answer = "10 21\n"
    clock.now = 9.0
    assert tmux.pane(CLIENT, "one") == 20
    clock.now = 11.0
    assert tmux.pane(CLIENT, "one") == 21


def test_a_pane_that_is_gone_is_asked_for(table):
    asked = Asked("10 20\n")
    tmux = Tmux(table, run=asked, used=lambda _: (1, 1), monotonic=Clock())
    tmux.pane(CLIENT, None)
    del table.made[20]
    asked.answer = "10 21\n"
    assert tmux.pane(CLIENT, None) == 21


@pytest.mark.parametrize("answer", [None, "", "nonsense", "10 x", "10", "10 -3", "10 ²", "\0\n" * 50])
def test_no_answer_is_not_asked_for_again_at_once(table, answer):
    asked, clock = Asked(answer), Clock()
    tmux = Tmux(table, run=asked, monotonic=clock)
    for _ in range(5):
        assert tmux.pane(CLIENT, "t") is None
    assert len(asked.questions) == 1
    clock.now = 0.6  # a server that had only begun to start
    asked.answer = "10 20"
    assert tmux.pane(CLIENT, "t") == 20


def test_who_never_answers_is_asked_ever_less_often(table):
    asked, clock = Asked(None), Clock()
    tmux = Tmux(table, run=asked, monotonic=clock)
    for second in range(600):
        clock.now = float(second)
        tmux.pane(CLIENT, f"title {second}")
    assert 10 < len(asked.questions) < 20


def test_without_an_answer_the_last_one_holds_while_its_pane_lives(table):
    asked, clock = Asked("10 20"), Clock()
    tmux = Tmux(table, run=asked, monotonic=clock)
    assert tmux.pane(CLIENT, "t") == 20
    asked.answer = None
    assert tmux.pane(CLIENT, "another") == 20
    del table.made[20]
    clock.now = 1.0
    assert tmux.pane(CLIENT, "another") is None


def test_only_so_many_clients_are_remembered(table):
    tmux = Tmux(table, run=Asked(None))
    for pid in range(1000, 1100):
        tmux.pane(Process(pid, 1, "tmux: client", terminal=5), None)
    assert len(tmux._answers) <= 32


def test_a_command_that_fails_hangs_or_is_missing():
    assert run_briefly(["echo", "hi"]) == "hi\n"
    assert run_briefly(["false"]) is None
    assert run_briefly(["sleep", "60"]) is None
    assert run_briefly(["no-such-program-here"]) is None
    assert run_briefly(["bad\0word"]) is None


def screen_table() -> FakeProcesses:
    made = FakeProcesses()
    made.add(10, "screen", tty=5, argv=["screen", "-r", "work"], environ={"USER": "u"})
    for server in (30, 40):
        made.add(server, "screen")
        made.add(server + 1, "bash", parent=server, tty=server)
    return made


@pytest.mark.parametrize(
    ("argv", "sockets", "pane"),
    [
        (["screen", "-r", "work"], ["30.work", "40.play"], 31),
        (["screen", "-x", "40"], ["30.work", "40.play"], 41),
        (["screen", "-r"], ["40.play"], 41),
        (["screen", "-r"], ["30.work", "40.play"], None),
        (["screen", "-r", "work"], ["99.work"], None),
        (["screen"], [], None),
        (["screen"], ["strange", ".x", "²."], None),
    ],
)
def test_a_screen_attached_later_is_found_by_its_socket(argv, sockets, pane):
    made = screen_table()
    made.made[10].argv = argv
    client = made.read(10)
    assert client is not None
    assert Screen(made, sockets=lambda _: sockets).pane(client) == pane


def test_the_sockets_of_attached_sessions(tmp_path):
    made = screen_table()
    for name, mode in (("30.work", 0o700), ("40.play", 0o600)):
        (tmp_path / name).touch()
        (tmp_path / name).chmod(mode)
    made.made[10].argv = ["screen", "-r"]
    made.made[10].environ = {"SCREENDIR": str(tmp_path)}
    client = made.read(10)
    assert client is not None
    assert Screen(made).pane(client) == 31
    made.made[10].environ = {"SCREENDIR": str(tmp_path / "missing")}
    assert Screen(made).pane(client) is None
    made.made[10].environ = {"USER": "../../x"}
    assert Screen(made).pane(client) is None
    made.made[10].environ = {}
    assert Screen(made).pane(client) is None


def test_ttys():
    assert pts_path((136 << 8) | 7) == "/dev/pts/7"
    assert pts_path(os.makedev(137, 1)) == "/dev/pts/257"
    assert pts_path(os.makedev(4, 1)) is None
    assert pts_path(-1) is None
    assert pts_path(0) is None
    assert last_used(None) == (0, 0)
    assert last_used(os.makedev(143, 255)) == (0, 0)
    master, slave = os.openpty()
    try:
        assert last_used(os.fstat(slave).st_rdev) > (0, 0)
    finally:
        os.close(master)
        os.close(slave)


def test_a_terminals_times_settle_after_eight_seconds():
    second = 10**9
    assert not would_show_more((800 * second, 0), 807 * second)
    assert would_show_more((800 * second, 0), 808 * second)
    assert not would_show_more((0, 0), 808 * second)
    assert not would_show_more((900 * second, 0), 808 * second)


def test_options():
    assert options(["-ab", "-cx", "y", "-d"], with_value="c", without_value="ab") == (
        {"a": "", "b": "", "c": "x"},
        ["y", "-d"],
    )
    assert options(["-c"], with_value="c") == ({"c": ""}, [])
    assert options(["-q", "x"], with_value="c") == ({}, ["x"])
    assert options(["--", "-c"], with_value="c") == ({}, ["--", "-c"])
