"""Disks that are full, limited, or cannot be written."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.desktop import namespaces
from tests.desktop.agent import Agent
from tests.desktop.desktop import Desktop
from tests.desktop.waiting import wait_until
from tests.desktop.windows import Window
from tests.end2end import stored

pytestmark = pytest.mark.display


def test_a_full_disk_stops_recording_only_while_it_is_full(
    desktop: Desktop, make_agent: Callable[..., Agent], first: Window, second: Window, tmp_path: Path
) -> None:
    namespaces.check()
    agent = make_agent()
    agent.wrapper = namespaces.small_disk(agent.home, "3m")
    agent.start(wait=False)
    agent.look_inside()
    agent.wait_state("tracking", "idle")
    agent.go_to(first, "alpha")
    agent.stay(1)
    before = stored.spans(agent.copy_of_database(tmp_path))
    filler = agent.home / "filler"
    with pytest.raises(OSError, match="No space"), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    # The database's log has room of its own left: it is full some switches later.
    for _ in range(60):
        if agent.status()["problems"]:
            break
        desktop.hands.focus(second.id)
        agent.stay(0.5)
        desktop.hands.focus(first.id)
        agent.stay(0.5)
        # New titles need new pages.
        desktop.hands.line("PROMPT_COMMAND= PS1='$ '; printf '\\e]0;%s\\a' " + os.urandom(60).hex())
    wait_until(lambda: agent.status()["problems"], "the full disk to be told")
    filler.unlink()
    agent.go_to(second, "beta")
    agent.stay(1)
    wait_until(lambda: not agent.status()["problems"], "the problem to be over", timeout_s=60)
    database = agent.copy_of_database(tmp_path)
    stored.check_sound(database)
    after = {span.id: span for span in stored.spans(database)}
    assert all(after[span.id].start_ms == span.start_ms for span in before)
    assert list(after.values())[-1].project == "beta"
    agent.terminate()


def test_a_limit_on_files_is_like_a_full_disk(
    desktop: Desktop, agent: Agent, first: Window, second: Window
) -> None:
    agent.go_to(first, "alpha")
    agent.request("flush")
    limits = resource.prlimit(agent.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(agent.pid, resource.RLIMIT_FSIZE, (1024, limits[1]))
    for _ in range(3):
        desktop.hands.focus(second.id)
        agent.stay(0.4)
        desktop.hands.focus(first.id)
        agent.stay(0.4)
    wait_until(lambda: agent.status()["problems"], "the problem to be told")
    resource.prlimit(agent.pid, resource.RLIMIT_FSIZE, limits)
    agent.go_to(second, "beta")
    wait_until(lambda: not agent.status()["problems"], "the problem to be over", timeout_s=60)
    agent.request("flush")
    stored.check_sound(agent.paths.database)


def test_a_data_folder_that_cannot_be_written_is_told(
    make_agent: Callable[..., Agent], first: Window
) -> None:
    namespaces.check()
    agent = make_agent()
    with agent:
        agent.go_to(first, "alpha")
    agent.wrapper = namespaces.read_only(agent.paths.data)
    agent.start(wait=False)
    assert agent.process is not None

    def told() -> bool:
        return not agent.running or bool(agent.answers() and agent.status()["problems"])

    wait_until(told, "the read-only folder to be told", timeout_s=30)
    if not agent.running:
        assert agent.process.returncode == 1
        assert "cannot be written" in agent.log()


def test_a_home_that_cannot_be_written_ends_the_start_with_words(
    desktop: Desktop, make_agent: Callable[..., Agent]
) -> None:
    namespaces.check()
    agent = make_agent()
    agent.wrapper = namespaces.read_only(agent.home)
    agent.start(wait=False)
    assert agent.process is not None
    assert agent.process.wait(30) == 1
    said = (desktop.family.logs / "agent.log").read_text()
    assert "Traceback" not in said
