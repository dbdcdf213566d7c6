"""Log files: private, bounded, rotated by day."""

from __future__ import annotations

import io
import logging
import time

import pytest

from app import logs


@pytest.fixture(autouse=True)
def silence():
    yield
    logs.stop()
    logging.getLogger().setLevel(logging.WARNING)
    logging.raiseExceptions = True


def today(folder):
    return folder / f"devpulse-{time.strftime('%Y-%m-%d')}.log"


def test_file_and_console(tmp_path):
    console = io.StringIO()
    logs.start(tmp_path / "logs", level="info", kept_days=3, console=console)
    logging.getLogger("app.x").info("began with %d windows", 3)
    logging.getLogger("app.x").debug("not told")
    line = today(tmp_path / "logs").read_text()
    assert line.endswith("INFO    app.x: began with 3 windows\n")
    assert console.getvalue() == line
    assert today(tmp_path / "logs").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "logs").stat().st_mode & 0o777 == 0o700


def test_level_is_respected(tmp_path):
    logs.start(tmp_path, level="warning", kept_days=3, console=None)
    logging.getLogger("a").info("no")
    logging.getLogger("a").warning("yes")
    assert today(tmp_path).read_text().count("\n") == 1


def test_no_traceback_whatever_a_caller_asks_for(tmp_path):
    logs.start(tmp_path, level="debug", kept_days=3, console=None)
    title = "Salary of Ann"
    try:
        raise ValueError(title)
    except ValueError:
        logging.getLogger("a").exception("it failed")
        logging.getLogger("a").exception("it failed", stack_info=True)
    text = today(tmp_path).read_text()
    assert "Salary" not in text
    assert "ValueError" in text
    assert text.count("\n") == 2


def test_control_characters_do_not_forge_lines(tmp_path):
    logs.start(tmp_path, level="debug", kept_days=3, console=None)
    logging.getLogger("a").error("x %s", "a\n2026-01-01 forged\x1b[2J\u2028")
    text = today(tmp_path).read_text()
    assert text.count("\n") == 1
    assert "\x1b" not in text


def test_arguments_that_cannot_be_shown(tmp_path):
    class Bad:
        def __str__(self):
            raise RuntimeError

    logs.start(tmp_path, level="debug", kept_days=3, console=None)
    logging.getLogger("a").error("x %s", Bad())
    logging.getLogger("a").error("x %d", "text")
    assert today(tmp_path).read_text().count("\n") == 2


def test_a_loop_of_a_million_lines_stays_small(tmp_path):
    logs.start(tmp_path, level="info", kept_days=3, console=None)
    logger = logging.getLogger("a")
    for i in range(1_000_000):
        logger.info("turn %d", i)
    text = today(tmp_path).read_text()
    assert len(text) < 20_000
    assert "held back" in text


def test_repetition_is_by_the_minute():
    now = [0.0]
    held = logs.Repetition(lambda: now[0])
    record = logging.LogRecord("a", 20, "f.py", 1, "m", None, None)
    assert [held.filter(record) for _ in range(30)].count(True) == logs.MOST_ALIKE_A_MINUTE
    now[0] = 61
    assert held.filter(record)


def test_two_handlers_tell_of_repetition_once(tmp_path):
    console = io.StringIO()
    logs.start(tmp_path, level="info", kept_days=3, console=console)
    for _ in range(30):
        logging.getLogger("a").info("again")
    assert console.getvalue().count("held back") == 1
    assert today(tmp_path).read_text().count("held back") == 1


def test_the_day_has_a_cap(tmp_path, monkeypatch):
    monkeypatch.setattr(logs, "MOST_BYTES_A_DAY", 1000)
    monkeypatch.setattr(logs, "MOST_ALIKE_A_MINUTE", 10_000)
    logs.start(tmp_path, level="info", kept_days=3, console=None)
    for _ in range(100):
        logging.getLogger("a").info("y" * 50)
    size = today(tmp_path).stat().st_size
    assert size < 1200
    assert today(tmp_path).read_text().endswith("left out.\n")
    # A restart goes on counting.
    logs.start(tmp_path, level="info", kept_days=3, console=None)
    logging.getLogger("a").info("more")
    assert today(tmp_path).stat().st_size <= size + 100


def test_a_new_day_is_a_new_file_and_old_ones_go(tmp_path):
    date = ["2020-01-01"]
    handler = logs.DailyFile(tmp_path, kept_days=30, today=lambda: date[0])
    handler.setFormatter(logs.PlainFormatter())
    logger = logging.Logger("own")  # noqa: LOG001 - not part of the tree, so nothing stays behind
    logger.addHandler(handler)
    (tmp_path / "devpulse-2019-01-01.log").write_text("old")
    (tmp_path / "notes.txt").write_text("not ours")
    yesterday = time.strftime("devpulse-%Y-%m-%d.log", time.localtime(time.time() - 86_400))
    (tmp_path / yesterday).write_text("new enough")
    logger.info("one")
    date[0] = time.strftime("%Y-%m-%d")
    logger.info("two")
    handler.close()
    assert [path.name for path in logs.files(tmp_path)] == [yesterday, today(tmp_path).name]
    assert (tmp_path / "notes.txt").exists()


def test_a_disk_that_refuses_is_put_up_with(tmp_path):
    (tmp_path / "logs").write_text("a file in the way")
    logs.start(tmp_path / "logs", level="info", kept_days=3, console=None)
    logging.getLogger("a").error("lost")
    assert logs.files(tmp_path / "logs") == []
    assert logs.note(tmp_path / "logs", "error", "lost") is None


def test_starting_twice_logs_once(tmp_path):
    for _ in range(2):
        logs.start(tmp_path, level="info", kept_days=3, console=None)
    logging.getLogger("a").info("one")
    assert today(tmp_path).read_text().count("one") == 1
