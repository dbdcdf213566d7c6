"""Titles with canary words under every level of detail: what may not be kept is nowhere."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.desktop.agent import Agent
from tests.desktop.desktop import Desktop
from tests.desktop.traces import files_with
from tests.desktop.windows import Window
from tests.end2end import stored

pytestmark = pytest.mark.display

WORD = "Kanarienvogel"
PROJECT = "Haubenmeise"


@pytest.fixture(scope="module")
def windows(desktop: Desktop) -> Iterator[dict[str, Window]]:
    repository = desktop.repository(PROJECT)
    open_ = desktop.programs.terminal
    yield {
        "blank": open_(desktop.home),
        "titled": open_(repository, title=f"Notes on the {WORD}"),
        "drop": open_(repository, title=f"Payroll of {WORD}"),
        "replace": open_(repository, title=f"Mail from {WORD}@example.org to Ada"),
        "token": open_(repository, title=f"export TOKEN=ghp_{WORD}1234567890"),
        "chat": open_(repository, application="Slack", title=f"{WORD} | Slack"),
        "other": open_(repository, application="Gimp", title=f"{WORD}.png"),
    }


@pytest.fixture(autouse=True)
def _nothing_to_see(desktop: Desktop, windows: dict[str, Window]) -> None:
    """Every agent of this module starts while a window without any word is active."""
    desktop.hands.focus(windows["blank"].id)


def _export(agent: Agent) -> str:
    file = agent.home / "export.json"
    agent.request("flush")
    agent.command("export", str(file))
    text = file.read_text()
    file.unlink()
    json.loads(text)
    return text


def _applications(agent: Agent) -> set[str | None]:
    agent.request("flush")
    return {span.application for span in stored.spans(agent.paths.database) if not span.idle}


def _visit(agent: Agent, window: Window, **wanted: Any) -> None:
    agent.desktop.hands.focus(window.id)
    agent.wait_current(**wanted)
    agent.stay(1.2)


def _no_trace(agent: Agent, word: str) -> None:
    assert word.casefold() not in _export(agent).casefold()
    agent.quit()
    assert [name for name in files_with(agent.home, word) if "settings" not in name] == []
    assert word.casefold() not in agent.log().casefold()


@pytest.mark.parametrize("detail", ["applications", "projects"])
def test_without_titles_no_title_is_anywhere(
    make_agent: Callable[..., Agent], windows: dict[str, Window], detail: str
) -> None:
    agent = make_agent(settings={"privacy.detail": detail, "logs.level": "debug"})
    agent.start()
    project = PROJECT if detail == "projects" else None
    _visit(agent, windows["titled"], application="XTerm", project=project, title=None)
    _visit(agent, windows["other"], application="GIMP", title=None)
    assert agent.report()["active_seconds"] > 2
    _no_trace(agent, WORD)


def test_applications_only_keeps_no_project(
    make_agent: Callable[..., Agent], windows: dict[str, Window]
) -> None:
    agent = make_agent(settings={"privacy.detail": "applications"})
    agent.start()
    _visit(agent, windows["titled"], project=None)
    assert PROJECT not in _export(agent)


def test_titles_are_sealed_in_every_file(
    make_agent: Callable[..., Agent], windows: dict[str, Window]
) -> None:
    agent = make_agent(settings={"privacy.detail": "titles", "logs.level": "debug"})
    agent.start()
    _visit(agent, windows["titled"], project=PROJECT)
    assert f"Notes on the {WORD}" in _export(agent)
    agent.quit()
    assert files_with(agent.home, WORD) == []
    assert WORD not in agent.log()


@pytest.mark.parametrize(
    ("window", "application"),
    [("drop", "XTerm"), ("replace", "XTerm"), ("token", "XTerm"), ("chat", "Slack")],
)
def test_the_default_rules_keep_secrets_out(
    make_agent: Callable[..., Agent], windows: dict[str, Window], window: str, application: str
) -> None:
    agent = make_agent(settings={"logs.level": "debug"})
    agent.start()
    agent.request("pause")
    agent.desktop.hands.focus(windows[window].id)
    agent.request("resume")
    _visit(agent, windows[window], application=application)
    assert agent.report()["active_seconds"] > 1
    _no_trace(agent, WORD)


def test_the_allow_list_keeps_everything_else_out(
    make_agent: Callable[..., Agent], windows: dict[str, Window]
) -> None:
    settings = {"privacy.allow_list_only": True, "privacy.allowed_applications": ["slack"]}
    agent = make_agent(settings={**settings, "logs.level": "debug"})
    agent.start()
    agent.desktop.hands.focus(windows["other"].id)
    agent.stay(1.5)
    assert agent.current() == {}
    assert agent.report()["active_seconds"] == 0
    _visit(agent, windows["chat"], application="Slack")
    assert _applications(agent) == {"Slack"}


def test_a_rule_given_while_it_runs_holds_at_once(agent: Agent, windows: dict[str, Window]) -> None:
    _visit(agent, windows["titled"], project=PROJECT)
    agent.command("settings", "set", "privacy.excluded_applications", json.dumps(["gimp", "xterm"]))
    agent.request("reload")
    agent.stay(1)
    assert agent.current() == {}
    agent.desktop.hands.focus(windows["other"].id)
    agent.stay(1)
    assert agent.current() == {}
    assert _applications(agent) == {"XTerm"}


@pytest.mark.parametrize("way", ["keys", "command"])
def test_private_browsing_is_never_recorded(
    desktop: Desktop, make_agent: Callable[..., Agent], way: str
) -> None:
    browser = desktop.programs.browser(desktop.page("Open page"), "Open page")
    agent = make_agent(settings={"logs.level": "debug"})
    agent.start()
    page, title = desktop.page(f"About {WORD}"), f"About {WORD}"
    if way == "keys":
        private = desktop.programs.private_window(browser, page, title)
    else:
        private = desktop.programs.browser(page, title, private=True)
    desktop.hands.focus(private.id)
    agent.stay(2)
    assert agent.current() == {}
    desktop.hands.focus(browser.id)
    agent.wait_current(application="Chromium")
    desktop.hands.focus(private.id)
    agent.stay(1)
    assert agent.current() == {}
    desktop.programs.close(browser)
    _no_trace(agent, WORD)


def test_a_private_window_older_than_the_agent_shows_no_title(
    desktop: Desktop, make_agent: Callable[..., Agent]
) -> None:
    """Chromium does not say of it that it is private, so it passes as a browser, and without its title."""
    browser = desktop.programs.browser(desktop.page("Open page"), "Open page")
    private = desktop.programs.private_window(browser, desktop.page(f"About {WORD}"), f"About {WORD}")
    agent = make_agent(settings={"logs.level": "debug"})
    agent.start()
    desktop.hands.focus(private.id)
    agent.stay(2)
    assert agent.current().get("title") is None
    desktop.programs.close(browser)
    _no_trace(agent, WORD)
