"""GNOME Terminal and Konsole as they are: windows and tabs of one process, each with its own shell."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator

import pytest

from app.tracking.platform.linux_processes import LinuxProcesses
from tests.app.tracking.project_fakes import resolver, sample
from tests.desktop.desktop import Desktop, Panel
from tests.desktop.waiting import wait_until

pytestmark = pytest.mark.display


class Person:
    """A desktop with three repositories, and what the resolver says about a terminal's window."""

    def __init__(self, desktop: Desktop) -> None:
        self.desktop = desktop
        self.hands = desktop.hands
        self.alpha, self.beta, self.gamma = map(desktop.repository, ("alpha", "beta", "gamma"))
        self.resolver = resolver(LinuxProcesses(), desktop.home)

    def seen(self, window: int, window_class: str, pid: int) -> str | None:
        place = self.resolver.resolve(sample(window_class, self.hands.title(window), pid=pid, window=window))
        return None if place is None else place.name

    def at(self, window: int, window_class: str, pid: int, name: str) -> None:
        wait_until(
            lambda: self.seen(window, window_class, pid) == name,
            f"{name} in {self.hands.title(window)!r}, not {self.seen(window, window_class, pid)}",
            timeout_s=30,
        )


@pytest.fixture(scope="module")
def person() -> Iterator[Person]:
    with Desktop(panel=Panel.NONE, login=False) as desktop:
        yield Person(desktop)


def test_gnome_terminal_with_two_windows_and_a_tab_in_one_process(person: Person) -> None:
    # The server would be started by the session bus; a private one is started by hand.
    name = ["--app-id", "org.devpulse.Test"]
    server = person.desktop.family.start(
        "gnome-terminal", ["/usr/libexec/gnome-terminal-server", *name], person.desktop.environ
    )
    wait_until(
        lambda: "org.devpulse.Test" in person.desktop.session_bus.names(), "GNOME Terminal", timeout_s=30
    )
    windows: list[int] = []
    for folder in (person.alpha, person.beta):
        subprocess.run(
            ["gnome-terminal", *name, "--window", "--working-directory", folder],
            env=person.desktop.environ, check=True, timeout=30,
        )  # fmt: skip
        windows.append(person.hands.wait_window(class_name="gnome-terminal", known=windows))
    first, second = windows
    kind = ("Gnome-terminal", server.pid)
    person.at(first, *kind, "alpha")
    person.at(second, *kind, "beta")
    person.hands.focus(first)
    person.hands.line(f"cd {person.gamma}")
    person.at(first, *kind, "gamma")
    person.hands.key("ctrl+shift+t")
    wait_until(lambda: len(LinuxProcesses().children(server.pid)) == 3, "the tab's shell")
    person.hands.line(f"cd {person.alpha}")
    person.at(first, *kind, "alpha")
    person.hands.key("ctrl+Prior")
    person.at(first, *kind, "gamma")
    person.at(second, *kind, "beta")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("konsole") is None, reason="Konsole brings all of KDE's libraries along")
def test_konsole_with_two_tabs(person: Person) -> None:
    konsole = person.desktop.family.start(
        "konsole", ["konsole", "--workdir", str(person.alpha)], person.desktop.environ
    )
    window = person.hands.wait_window(class_name="konsole", timeout_s=60)
    kind = ("konsole", konsole.pid)
    person.at(window, *kind, "alpha")
    person.hands.focus(window)
    person.hands.line(f"cd {person.beta}")
    person.at(window, *kind, "beta")
    person.hands.key("ctrl+shift+t")
    wait_until(lambda: len(LinuxProcesses().children(konsole.pid)) == 2, "the tab's shell")
    person.hands.line(f"cd {person.gamma}")
    person.at(window, *kind, "gamma")
    person.hands.key("shift+Left")
    person.at(window, *kind, "beta")
    konsole.terminate()
    konsole.wait(20)
