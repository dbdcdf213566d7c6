"""Private windows are told by name, title and start."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.paths import resources
from app.tracking.browsing import Browsers, started_private

FIREFOX, CHROME, EDGE = ("firefox",), ("google chrome",), ("microsoft edge",)


@pytest.fixture(scope="module")
def browsers() -> Browsers:
    return Browsers.load(resources())


@pytest.mark.parametrize(
    ("names", "title"),
    [
        (FIREFOX, "Mozilla Firefox Private Browsing"),
        (FIREFOX, "Page — Mozilla Firefox Private Browsing"),
        (FIREFOX, "Page - Mozilla Firefox (Private Browsing)"),
        (FIREFOX, "Page — Mozilla Firefox Privater Modus"),
        (FIREFOX, "Page - Mozilla Firefox (Navigation privée)"),
        (FIREFOX, "Page — Navegação Privada Mozilla Firefox"),
        (FIREFOX, "Страница — Приватный просмотр Mozilla Firefox"),
        (FIREFOX, "Priwatny modus Strona – Mozilla Firefox"),
        (FIREFOX, "ページ — Mozilla Firefox プライベートブラウジング"),
        (FIREFOX, "页面 - Mozilla Firefox （隐私浏览）"),
        (FIREFOX, "Page — Mozilla Firefox words of a language nobody listed"),
        (FIREFOX, "Page — Mozilla Firefox — (Private Browsing)"),
        (FIREFOX, "Page — Mozilla Firefox — unlisted words"),
        (FIREFOX, "Page — Firefox Developer Edition Private Browsing"),
        (("librewolf",), "Page — LibreWolf Private Browsing"),
        (EDGE, "Page - [InPrivate] - Microsoft Edge"),
        (EDGE, "Page - InPrivate - Microsoft Edge"),
        (CHROME, "Page - Google Chrome (Incognito)"),
        (CHROME, "Seite - Google Chrome (Inkognito)"),
        (CHROME, "New Incognito Tab - Google Chrome"),
        (CHROME, "Neuer Inkognito-Tab - Google Chrome"),
        (("chromium",), "新しいシークレット タブ - Chromium"),
        (("brave",), "New Private Tab - Brave"),
        (("falkon",), "Page - Falkon (Private Browsing)"),
        (("tor browser",), "About Tor"),
        (("mullvad browser",), ""),
    ],
)
def test_private_windows(browsers: Browsers, names: tuple[str, ...], title: str) -> None:
    assert browsers.is_private(names, title)


@pytest.mark.parametrize(
    ("names", "title"),
    [
        (FIREFOX, "Page — Mozilla Firefox"),
        (FIREFOX, "Mozilla Firefox"),
        (FIREFOX, "Private Browsing — Wikipedia — Mozilla Firefox"),
        (FIREFOX, "Page — Work profile — Mozilla Firefox"),
        (FIREFOX, "Page — Firefox Developer Edition"),
        (FIREFOX, "Page — Mozilla Firefox ESR"),
        (FIREFOX, "Picture-in-Picture"),
        (FIREFOX, ""),
        (CHROME, "How to use incognito mode - Google Chrome"),
        (CHROME, "New Tab - Google Chrome"),
        (EDGE, "Page - Personal - Microsoft Edge"),
        (("xterm",), "New Incognito Tab"),
        (("code",), "notes — Mozilla Firefox Private Browsing"),
    ],
)
def test_other_windows(browsers: Browsers, names: tuple[str, ...], title: str) -> None:
    assert not browsers.is_private(names, title)


def test_new_tabs_tell_of_their_window(browsers: Browsers) -> None:
    assert browsers.is_new_tab("New Tab - Google Chrome")
    assert browsers.is_new_tab("Neuer Tab")
    assert not browsers.is_new_tab("New Tab - a page - Google Chrome")
    assert not browsers.is_new_tab("Page - Google Chrome")
    assert not browsers.is_new_tab("New Incognito Tab - Google Chrome")
    assert browsers.is_unmarked(CHROME)
    assert not browsers.is_unmarked(FIREFOX)


@pytest.mark.parametrize(
    ("argv", "private"),
    [
        (["chromium", "--incognito"], True),
        (["msedge.exe", "-inprivate"], True),
        (["epiphany", "--incognito-mode"], True),
        (["chromium", "--guest"], True),
        (["chromium", "https://x.org/--incognito"], False),
        (["chromium", "incognito"], False),
        (["--incognito"], False),
        ([], False),
        # Chromium 156 joins its arguments to one, as programs do that rename their process.
        (["/usr/lib/chromium/chromium --no-first-run --incognito --new-window http://localhost/"], True),
        (["/usr/lib/chromium/chromium --no-first-run http://localhost/incognito"], False),
    ],
)
def test_the_start_tells(argv: list[str], private: bool) -> None:
    assert started_private(argv) is private


@pytest.mark.parametrize("text", ["[]", "{}", "nonsense", '{"applications": "firefox"}'])
def test_a_damaged_table_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "browsers.json").write_text(text)
    with pytest.raises(ValueError):
        Browsers.load(tmp_path)
