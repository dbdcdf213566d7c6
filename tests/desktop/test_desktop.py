"""The virtual desktop itself: it shows real windows, takes real input, and leaves nothing behind."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop import reaper
from tests.desktop.desktop import Desktop
from tests.desktop.diary import Deed, Diary
from tests.desktop.family import Family
from tests.desktop.panels import Panel
from tests.desktop.waiting import TooLate, wait_until

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.display


@pytest.fixture(scope="module")
def desktop() -> Iterator[Desktop]:
    with Desktop() as desktop:
        yield desktop


def test_a_terminal_is_a_shell_in_a_repository(desktop: Desktop) -> None:
    repository = desktop.repository("alpha", also=("feature/x",))
    terminal = desktop.programs.terminal(repository)
    desktop.hands.focus(terminal.id)
    assert desktop.hands.active() == terminal.id
    desktop.hands.line("git switch feature/x && cd /tmp")
    head = repository / ".git/HEAD"
    wait_until(lambda: "feature/x" in head.read_text(), "the branch to change")
    wait_until(lambda: desktop.hands.title(terminal.id).endswith(": /tmp"), "the title to follow")


def test_a_terminal_can_claim_to_be_another_application(desktop: Desktop) -> None:
    window = desktop.programs.terminal(desktop.home, application="KeePassXC", title="Passwords")
    assert desktop.hands.find(class_name="KeePassXC") == [window.id]
    assert desktop.hands.title(window.id) == "Passwords"
    desktop.programs.close(window)


def test_an_editor_shows_its_file(desktop: Desktop) -> None:
    file = desktop.repository("beta") / "README.md"
    editor = desktop.programs.editor(file)
    assert file.name in desktop.hands.title(editor.id)
    desktop.programs.close(editor)


def test_the_browser_shows_pages_of_this_machine_only(desktop: Desktop) -> None:
    browser = desktop.programs.browser(desktop.page("Ownership explained"), "Ownership explained")
    private = desktop.programs.private_window(browser, desktop.page("A secret page"), "A secret page")
    assert private.id != browser.id
    assert desktop.hands.title(private.id).startswith("A secret page")
    desktop.programs.close(browser)


def test_the_login_manager_tells_that_the_session_is_locked(desktop: Desktop) -> None:
    def locked() -> bool:
        return desktop.system_bus.call(
            "org.freedesktop.login1", desktop.login.session, "org.freedesktop.DBus.Properties.Get",
            "org.freedesktop.login1.Session", "LockedHint", typed="ss",
        )  # fmt: skip

    desktop.login.lock()
    assert locked()
    desktop.login.unlock()
    assert not locked()


def test_a_picture_is_small(desktop: Desktop, tmp_path: Path) -> None:
    picture = desktop.picture(tmp_path / "desktop.png")
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size < 150_000


def test_the_display_comes_back_under_its_number() -> None:
    with Desktop(panel=Panel.NONE, login=False) as desktop:
        name = desktop.display.name
        desktop.display.kill()
        desktop.start_display()
        desktop.start_window_manager()
        assert desktop.display.name == name
        desktop.programs.terminal(desktop.home)


def test_a_window_that_never_comes_is_told_with_what_the_programs_said() -> None:
    with pytest.raises(TooLate, match="no such window"), Desktop(panel=Panel.NONE, login=False) as desktop:
        desktop.hands.wait_window(title="no such window", timeout_s=0.2)


def test_a_desktop_whose_maker_is_killed_leaves_nothing_behind() -> None:
    program = (
        "import time; from tests.desktop.desktop import Desktop\n"
        "with Desktop(login=False) as d:\n"
        "    d.programs.terminal(d.home)\n"
        f"    print(d.family.mark[{reaper.MARK!r}], d.family.folder, flush=True); time.sleep(60)\n"
    )
    maker = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert maker.stdout is not None
    mark, folder = maker.stdout.readline().split()
    assert len(reaper.marked(mark)) >= 5
    maker.send_signal(signal.SIGKILL)
    maker.wait()
    wait_until(lambda: not reaper.marked(mark), "the orphans to be ended")
    wait_until(lambda: not Path(folder).exists(), "the folder to be removed")


def test_the_diary_adds_up_what_was_done() -> None:
    now = 0.0
    diary = Diary(lambda: now)
    work = Deed("xterm", project="alpha", branch="main")
    for deed, seconds in ((work, 3.0), (Deed("secret", recorded=False), 5.0), (work, 4.0)):
        diary.begin(deed)
        now += seconds
    diary.begin(Deed("xterm", present=False), ago_s=1.0)
    now += 9.0
    diary.end()
    assert diary.active() == 6.0
    assert diary.by(lambda deed: deed.project) == {"alpha": 6.0}
    assert diary.total(lambda deed: not deed.present) == 10.0


def test_a_program_that_lost_its_mark_and_stands_still_is_ended_too() -> None:
    family = Family()
    child = family.start("stuck", ["env", "-i", "sh", "-c", "sleep 600 & kill -STOP $$"], {})
    wait_until(lambda: Path(f"/proc/{child.pid}/stat").read_text().split()[2] == "T", "it to stop")
    inside = reaper.marked("", [child.pid])
    assert len(inside) == 2
    family.close()
    assert child.returncode == -signal.SIGKILL
    assert not Path(f"/proc/{inside[0]}").exists()
    wait_until(lambda: not reaper._alive(inside), "all of them to end")
