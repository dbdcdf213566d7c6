"""From a zellij client to its panes, on a made-up process table: the program itself is not in Debian."""

import os

import pytest

from app.tracking.terminals import Terminals, Work
from app.tracking.zellij import Zellij, all_processes
from tests.app.tracking.project_fakes import TABLES, FakeProcesses

SOCKETS = "/run/user/1000/zellij/0.41.2"


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def table() -> FakeProcesses:
    made = FakeProcesses()
    made.add(1, "init", parent=0)
    made.add(5, "xterm")
    made.add(6, "bash", parent=5, tty=1, front=10, cwd="/home/u")
    made.add(10, "zellij", parent=6, tty=1, front=10, cwd="/home/u", argv=["zellij"])
    return made


def serve(table, pid, session, *panes):
    table.add(pid, "zellij", cwd="/", argv=["/usr/bin/zellij", "--server", f"{SOCKETS}/{session}"])
    for number, folder in enumerate(panes, 1):
        table.add(pid + number, "bash", parent=pid, tty=pid + number, cwd=folder)


def made(table, **more) -> Zellij:
    return Zellij(table, everything=lambda: tuple(table.made), **more)


def panes(table, title="", **more):
    return [pane.pid for pane in made(table, **more).panes(table.read(10), title)]


def test_the_only_session_is_the_clients(table):
    assert panes(table) == []
    serve(table, 20, "brave-panda", "/a", "/b")
    table.add(29, "helper", parent=20)
    assert panes(table) == [21, 22]


@pytest.mark.parametrize(
    "argv",
    [["attach", "work"], ["a", "work"], ["-s", "work"], ["--session", "work"], ["--session=work"],
     ["attach", "--create", "work"], ["-l", "compact", "attach", "-c", "work"]],
)  # fmt: skip
def test_the_session_that_the_command_line_names(table, argv):
    serve(table, 20, "play", "/a")
    serve(table, 30, "work", "/b")
    table.add(10, "zellij", parent=6, tty=1, argv=["zellij", *argv])
    assert panes(table) == [31]


def test_the_session_that_the_title_shows(table):
    serve(table, 20, "brave-panda", "/a")
    serve(table, 30, "shy-otter", "/b")
    assert panes(table, "Zellij (shy-otter) - ~/code") == [31]
    assert panes(table, "something else") == [], "better none than the wrong one"


def test_clients_and_broken_words_are_no_servers(table):
    table.add(40, "zellij", argv=["zellij", "--server"])
    table.add(41, "zellij", argv=[])
    table.add(42, "other", argv=["other", "--server", "x"])
    assert panes(table) == []


def test_a_server_is_remembered_and_looked_for_again_when_it_is_gone(table):
    clock, looks = Clock(), []

    def everything():
        looks.append(clock.now)
        return tuple(table.made)

    zellij = Zellij(table, everything=everything, monotonic=clock)
    client = table.read(10)
    assert zellij.panes(client, None) == []
    serve(table, 20, "work", "/a")
    assert zellij.panes(client, None) == []
    clock.now = 10.0
    for _ in range(3):
        assert [pane.pid for pane in zellij.panes(client, None)] == [21]
    assert looks == [0.0, 10.0]
    del table.made[20], table.made[21]
    serve(table, 50, "next", "/b")
    clock.now = 11.0
    assert [pane.pid for pane in zellij.panes(client, None)] == [51]


def test_many_clients_do_not_pile_up(table):
    zellij = made(table)
    for number in range(100, 200):
        table.add(number, "zellij", argv=["zellij"])
        zellij.panes(table.read(number), None)
    assert len(zellij._found) == 32


def test_from_the_window_to_the_folder_of_the_pane_used_last(table):
    serve(table, 20, "work", "/code/alpha", "/code/beta")
    used = {21: (2, 2), 22: (1, 1)}
    terminals = Terminals(
        table, TABLES.terminals, home="/home/u", zellij=made(table), used=lambda tty: used.get(tty, (0, 0))
    )
    assert terminals.work(5, 0, "Zellij (work)") == Work("/code/alpha")
    used[22] = (3, 3)
    assert terminals.work(5, 0, "Zellij (work)") == Work("/code/beta")
    assert terminals.work(5, 0, "Zellij (work) - alpha") == Work("/code/alpha")
    del table.made[20]
    assert terminals.work(5, 0, "Zellij (work)") is None


def test_every_process_of_this_machine(tmp_path):
    assert os.getpid() in all_processes()
    assert all_processes(str(tmp_path / "none")) == ()
