"""Which shell of a terminal, which program in front, which folder and file; on a made-up process table."""

import pytest

from app.tracking.multiplexers import Screen, Tmux
from app.tracking.terminals import Terminals, Work
from tests.app.tracking.project_fakes import TABLES, FakeProcesses


class Used:
    """When each terminal was used last, set by hand."""

    def __init__(self, **times: int) -> None:
        self.times = {int(name[1:]): time for name, time in times.items()}

    def __call__(self, tty: int | None) -> tuple[int, int]:
        return self.times.get(tty or 0, 0), 0


def terminals(processes, *, used=None, tmux=None, screen=None) -> Terminals:
    used = used or Used()
    return Terminals(
        processes,
        TABLES.terminals,
        home="/home/u",
        used=used,
        tmux=tmux or Tmux(processes, run=lambda _: None, used=used),
        screen=screen or Screen(processes, sockets=lambda _: (), used=used),
    )


@pytest.fixture
def table() -> FakeProcesses:
    made = FakeProcesses()
    made.add(100, "xterm", tty=1)
    made.add(101, "bash", parent=100, tty=2, front=101, cwd="/home/u/alpha")
    return made


def test_a_shell(table):
    assert terminals(table).work(100, 0, None) == Work("/home/u/alpha")


def test_a_program_in_the_foreground(table):
    table.add(101, "bash", parent=100, tty=2, front=102, cwd="/home/u/alpha")
    table.add(102, "make", parent=101, tty=2, front=102, cwd="/home/u/alpha/build")
    assert terminals(table).work(100, 0, None) == Work("/home/u/alpha/build")


def test_nested_shells(table):
    table.add(101, "bash", parent=100, tty=2, front=103, cwd="/home/u/alpha")
    table.add(102, "zsh", parent=101, tty=2, front=103, cwd="/home/u/beta")
    table.add(103, "fish", parent=102, tty=2, front=103, cwd="/home/u/gamma")
    assert terminals(table).work(100, 0, None) == Work("/home/u/gamma")


def test_a_foreground_program_that_is_gone_leaves_the_shell(table):
    table.add(101, "bash", parent=100, tty=2, front=999, cwd="/home/u/alpha")
    assert terminals(table).work(100, 0, None) == Work("/home/u/alpha")


def test_ssh_is_another_machine(table):
    table.add(101, "bash", parent=100, tty=2, front=102, cwd="/home/u/alpha")
    for name in ("ssh", "mosh-client"):
        table.add(102, name, parent=101, tty=2, front=102, cwd="/home/u/alpha")
        assert terminals(table).work(100, 0, "u@server: ~/alpha") is None


def test_sudo_before_ssh_is_seen_through(table):
    table.add(101, "bash", parent=100, tty=2, front=102, cwd="/home/u/alpha")
    table.add(102, "sudo", parent=101, tty=2, front=102)
    table.add(103, "ssh", parent=102, tty=2, front=102)
    assert terminals(table).work(100, 0, None) is None


def test_another_users_folder_is_taken_from_around_it(table):
    table.add(101, "bash", parent=100, tty=2, front=102, cwd="/home/u/alpha")
    table.add(102, "sudo", parent=101, tty=2, front=102)
    table.add(103, "make", parent=102, tty=2, front=102)
    assert terminals(table).work(100, 0, None) == Work("/home/u/alpha")
    # With a terminal of its own, as sudo has by default today.
    table.add(103, "sudo", parent=102, tty=7, front=104)
    table.add(104, "make", parent=103, tty=7, front=104)
    assert terminals(table).work(100, 0, None) == Work("/home/u/alpha")


def test_script_has_a_terminal_of_its_own(table):
    table.add(101, "bash", parent=100, tty=2, front=102, cwd="/home/u/alpha")
    table.add(102, "script", parent=101, tty=2, front=102, cwd="/home/u/alpha")
    table.add(103, "bash", parent=102, tty=7, front=103, cwd="/home/u/beta")
    assert terminals(table).work(100, 0, None) == Work("/home/u/beta")


def test_an_editors_own_terminal_is_a_side_room(table):
    table.add(101, "bash", parent=100, tty=2, front=102, cwd="/home/u/alpha")
    table.add(102, "nvim", parent=101, tty=2, front=102, cwd="/home/u/alpha", argv=["nvim"])
    table.add(103, "bash", parent=102, tty=7, front=103, cwd="/home/u/beta")
    assert terminals(table).work(100, 0, None) == Work("/home/u/alpha")


def test_a_deleted_folder(table):
    table.add(101, "bash", parent=100, tty=2, front=101, cwd="/home/u/alpha (deleted)")
    assert terminals(table).work(100, 0, None) == Work("/home/u/alpha")


def test_a_helper_between_window_and_shell():
    made = FakeProcesses()
    made.add(100, "ptyxis")
    made.add(101, "ptyxis-agent", parent=100)
    made.add(102, "bash", parent=101, tty=2, front=102, cwd="/home/u/alpha")
    assert terminals(made).work(100, 0, None) == Work("/home/u/alpha")


def test_nothing_to_see():
    made = FakeProcesses()
    assert terminals(made).work(100, 0, None) is None
    made.add(100, "xterm")
    assert terminals(made).work(100, 0, None) is None
    made.add(101, "bash", parent=100, tty=2, front=101)
    assert terminals(made).work(100, 0, None) is None


def test_a_family_without_end_ends():
    made = FakeProcesses()
    made.add(100, "xterm", parent=101)
    made.add(101, "helper", parent=100)
    assert terminals(made).work(100, 0, None) is None
    made.add(101, "sudo", parent=100, tty=2, front=101)
    made.add(102, "sudo", parent=101, tty=3, front=102)
    made.add(103, "sudo", parent=102, tty=2, front=103)
    made.add(104, "sudo", parent=103, tty=3, front=102)
    terminals(made).work(100, 0, None)


@pytest.fixture
def tabs() -> FakeProcesses:
    made = FakeProcesses()
    made.add(100, "gnome-terminal-server")
    for number, name in enumerate(("alpha", "beta", "gamma")):
        pid = 110 + number
        made.add(pid, "bash", parent=100, tty=10 + number, front=pid, cwd=f"/home/u/src/{name}")
    return made


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("u@host: ~/src/beta", "beta"),
        ("/home/u/src/gamma", "gamma"),
        ("alpha : bash — Konsole", "alpha"),
        ("~/src/beta — fish", "beta"),
        ("gamma", "gamma"),
    ],
)
def test_the_title_tells_the_tab(tabs, title, name):
    assert terminals(tabs, used=Used(t10=1, t11=2, t12=3)).work(100, 0, title) == Work(f"/home/u/src/{name}")


@pytest.mark.parametrize("title", [None, "", "Terminal", "alphabet", "~/src/beta2", "x~/src/gamma-2"])
def test_else_the_tab_typed_in_last(tabs, title):
    assert terminals(tabs, used=Used(t10=1, t11=9, t12=3)).work(100, 0, title) == Work("/home/u/src/beta")


def test_the_program_in_the_title_tells_the_tab(tabs):
    tabs.add(110, "bash", parent=100, tty=10, front=120, cwd="/home/u/src/alpha")
    tabs.add(120, "htop", parent=110, tty=10, front=120, cwd="/home/u/src/alpha")
    assert terminals(tabs, used=Used(t11=9)).work(100, 0, "htop") == Work("/home/u/src/alpha")


def test_the_window_narrows_the_tabs(tabs):
    for pid, window in ((110, 7), (111, 8), (112, 8)):
        tabs.made[pid].environ = {"WINDOWID": str(window)}
    used = Used(t10=9, t11=1, t12=2)
    assert terminals(tabs, used=used).work(100, 7, None) == Work("/home/u/src/alpha")
    assert terminals(tabs, used=used).work(100, 8, None) == Work("/home/u/src/gamma")
    assert terminals(tabs, used=used).work(100, 8, "~/src/beta") == Work("/home/u/src/beta")
    # A window that none names: a tab was moved.
    assert terminals(tabs, used=used).work(100, 99, None) == Work("/home/u/src/alpha")


@pytest.mark.parametrize(
    ("argv", "open_files", "title", "file"),
    [
        (["vim", "notes.py"], [], "", "/home/u/alpha/notes.py"),
        (["vim", "+12", "-R", "src/x.c"], [], "", "/home/u/alpha/src/x.c"),
        (["vim"], ["/home/u/beta/.main.rs.swp"], "", "/home/u/beta/main.rs"),
        (["vim"], ["/home/u/beta/.main.rs.swo", "/x/y.log"], "", "/home/u/beta/main.rs"),
        (["nvim"], ["/home/u/.local/state/nvim/swap/%home%u%beta%init.lua.swp"], "", "/home/u/beta/init.lua"),
        (["vim"], ["/a/.one.py.swp", "/b/.two.py.swp"], "one.py (/a) - VIM", "/a/one.py"),
        (["vim", "a.py", "b.py"], [], "a.py (~/alpha) - VIM", "/home/u/alpha/a.py"),
        (["vim"], [], "", None),
        (["vim", "--", "-strange-"], [], "", "/home/u/alpha/-strange-"),
        (["vim", "https://example.org/x.py"], [], "", None),
    ],
)
def test_the_file_in_an_editor(table, argv, open_files, title, file):
    table.add(101, "bash", parent=100, tty=2, front=102, cwd="/home/u/alpha")
    table.add(102, "vim", parent=101, tty=2, front=102, cwd="/home/u/alpha", argv=argv, files=open_files)
    assert terminals(table).work(100, 0, title) == Work("/home/u/alpha", file)


def test_git_with_its_editor_is_work_in_that_folder(table):
    table.add(101, "bash", parent=100, tty=2, front=102, cwd="/home/u/alpha")
    table.add(102, "git", parent=101, tty=2, front=102, cwd="/home/u/alpha")
    table.add(103, "vim", parent=102, tty=2, front=102, cwd="/home/u/alpha")
    assert terminals(table).work(100, 0, None) == Work("/home/u/alpha")


def test_through_tmux_inside_tmux(table):
    table.add(101, "bash", parent=100, tty=2, front=102, cwd="/home/u")
    table.add(102, "tmux: client", parent=101, tty=2, front=102, cwd="/home/u", argv=["tmux"])
    table.add(200, "bash", parent=1, tty=20, front=201, cwd="/home/u")
    table.add(201, "tmux: client", parent=200, tty=20, front=201, argv=["tmux", "-L", "inner"])
    table.add(300, "zsh", parent=1, tty=30, front=300, cwd="/home/u/beta")
    told = {"102": "102 200\n", "201": "99 1\n201 300\n"}
    asked: list[str] = []

    def run(argv):
        asked.append(argv[2])
        return told["201" if argv[2].endswith("inner") else "102"]

    tmux = Tmux(table, run=run, used=Used())
    assert terminals(table, tmux=tmux).work(100, 0, None) == Work("/home/u/beta")
    assert [path.rsplit("/", 1)[1] for path in asked] == ["default", "inner"]


def test_tmux_that_does_not_answer_is_nothing_known(table):
    table.add(101, "bash", parent=100, tty=2, front=102, cwd="/home/u/alpha")
    table.add(102, "tmux: client", parent=101, tty=2, front=102, cwd="/home/u/alpha")
    assert terminals(table).work(100, 0, None) is None


def test_through_screen(table):
    table.add(101, "bash", parent=100, tty=2, front=102, cwd="/home/u")
    table.add(102, "screen", parent=101, tty=2, front=102)
    table.add(103, "screen", parent=102)
    table.add(104, "bash", parent=103, tty=20, front=104, cwd="/home/u/alpha")
    table.add(105, "bash", parent=103, tty=21, front=105, cwd="/home/u/beta")
    used = Used(t20=5, t21=6)
    assert terminals(table, used=used).work(100, 0, None) == Work("/home/u/beta")
