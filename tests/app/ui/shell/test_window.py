from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import QEvent, QObject, QRect, QSize, Qt
from PyQt6.QtWidgets import QApplication, QLineEdit, QListWidget, QWidget
from pytestqt.qtbot import QtBot

from app.ui.freshness import Topic
from app.ui.pages.catalog import PAGES
from app.ui.shell.notice import Notice
from app.ui.shell.window import first_place
from tests.app.ui.window import Opened, make_home, opened

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    make_home(folder, days=3)
    return folder


@pytest.fixture
def made(qtbot: QtBot, home: Path) -> Iterator[Opened]:
    from app.paths import Paths

    with opened(qtbot, Paths.discover({"DEVPULSE_HOME": str(home)})) as made:
        yield made


class Spy(QObject):
    """Notes every widget that is shown as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802 - Qt's name
        shown = event is not None and event.type() == QEvent.Type.Show
        if shown and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.append(type(watched).__name__)
        return False


def test_every_page_opens_by_key_and_nothing_flashes_up_beside_it(made: Opened, qtbot: QtBot) -> None:
    application, spy = QApplication.instance(), Spy()
    assert application is not None
    application.installEventFilter(spy)
    try:
        for place, entry in enumerate(PAGES, 1):
            if entry.listed and place <= 9:
                qtbot.keyClick(made.window, Qt.Key(Qt.Key.Key_0 + place), CTRL)
            else:
                made.window.open(entry.key)
            made.settle(qtbot)
            assert made.window.shown == entry.key
    finally:
        application.removeEventFilter(spy)
    assert spy.seen == []


def test_the_palette_finds_and_goes(made: Opened, qtbot: QtBot) -> None:
    made.window.open("settings")
    qtbot.keyClick(made.window, Qt.Key.Key_K, CTRL)
    field = made.window.focusWidget()
    assert isinstance(field, QLineEdit)
    qtbot.keyClicks(field, "privacy")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    made.settle(qtbot)
    assert made.window.shown in ("privacy", "settings")
    qtbot.keyClick(made.window, Qt.Key.Key_K, CTRL)
    field = made.window.focusWidget()
    assert isinstance(field, QLineEdit)
    qtbot.keyClicks(field, "no such thing as this")
    assert made.window._palette.findChild(QListWidget).isHidden()  # type: ignore[union-attr]
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert made.window._palette.isHidden()


def test_a_notice_stays_until_it_is_over(made: Opened, qtbot: QtBot) -> None:
    pressed: list[int] = []
    made.window.show_notice(Notice("Not recording.", "Start", lambda: pressed.append(1)))
    assert made.window._notice.isVisible()
    qtbot.keyClick(made.window._notice._button, Qt.Key.Key_Space)
    assert pressed == [1]
    made.window.show_notice(None)
    assert not made.window._notice.isVisible()


def test_a_page_is_refreshed_when_it_is_seen(made: Opened, qtbot: QtBot) -> None:
    made.window.open("privacy")
    made.settle(qtbot)
    page = made.window._built["privacy"].page
    refreshed: list[object] = []
    page.refresh = refreshed.append  # type: ignore[method-assign]
    made.services.freshness.tell({Topic.ACTIVITY})
    assert refreshed == [{Topic.ACTIVITY}]
    made.window.open("settings")
    made.services.freshness.tell({Topic.ACTIVITY})
    made.services.freshness.tell({Topic.SETTINGS, Topic.GOALS})
    assert len(refreshed) == 1
    made.window.open("privacy")
    assert refreshed[1] == {Topic.ACTIVITY, Topic.SETTINGS}


# What a person can reach by keyboard must say what it is.
def _silent(widget: QWidget) -> bool:
    text = "" if isinstance(widget, QLineEdit) else getattr(widget, "text", str)()
    return not (widget.accessibleName() or text)


def test_whatever_takes_the_keyboard_has_a_name(made: Opened, qtbot: QtBot) -> None:
    silent: set[str] = set()
    for entry in PAGES:
        made.window.open(entry.key)
        made.settle(qtbot)
        for widget in made.window.findChildren(QWidget):
            reachable = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible()
            inner = widget.objectName().startswith("qt_")
            if reachable and not inner and widget.focusProxy() is None and _silent(widget):
                silent.add(f"{entry.key}: {type(widget).__name__} in {type(widget.parent()).__name__}")
    assert silent == set()


def test_tab_leads_through_every_page_and_back(made: Opened, qtbot: QtBot) -> None:
    for entry in PAGES:
        made.window.open(entry.key)
        made.settle(qtbot)
        first = made.window._side_bar._group.buttons()[0]
        first.setFocus()
        seen: list[QWidget | None] = [first]
        for _ in range(400):
            qtbot.keyClick(made.window.focusWidget() or made.window, Qt.Key.Key_Tab)
            now = made.window.focusWidget()
            if now is first:
                break
            seen.append(now)
        assert made.window.focusWidget() is first, f"{entry.key}: Tab does not come round"
        page = made.window._built[entry.key].page
        assert any(widget is not None and page.isAncestorOf(widget) for widget in seen), entry.key


@pytest.mark.parametrize(
    ("free", "size"),
    [((0, 0, 1920, 1053), (1280, 800)), ((0, 32, 1280, 768), (1272, 728)), ((64, 0, 1302, 768), (1280, 728))],
)
def test_the_first_window_fits_the_screen(free: tuple[int, ...], size: tuple[int, int]) -> None:
    screen = QRect(*free)
    place = first_place(screen)
    assert (place.width(), place.height()) == size
    with_frame = place.adjusted(-4, -30, 4, 4)
    assert screen.contains(with_frame)


def test_in_a_narrow_window_the_side_bar_is_its_icons(made: Opened) -> None:
    window = made.window
    bar, button = window._side_bar, window._side_bar._buttons["rules"]
    window.resize(1280, 800)
    wide = bar.width()
    window.resize(960, 600)
    assert bar.width() < wide / 2
    assert button.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly
    assert button.accessibleName() == "Rules"
    assert "Rules" in button.toolTip()
    window.resize(1280, 800)
    assert bar.width() == wide
    assert button.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonTextBesideIcon


def test_what_was_kept_of_the_window_does_not_make_it_larger_than_the_screen(made: Opened) -> None:
    screen = made.window.screen()
    assert screen is not None
    kept = made.window.geometry_text()
    made.window.setMinimumSize(QSize(4_000, 4_000))
    made.window.restore(kept)
    free = screen.availableGeometry().size()
    assert made.window.minimumWidth() <= free.width()
    assert made.window.minimumHeight() <= free.height()
