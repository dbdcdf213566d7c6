"""Reports as text, JSON, CSV and Markdown."""

# ruff: noqa: DTZ001 - local wall-clock times are the subject

from __future__ import annotations

import csv
import io
import json
from datetime import datetime

import pytest

from app.analytics.periods import DAY_MS, local_ms
from app.analytics.reports.written import FORMATS, as_csv, as_json, as_markdown, as_text, harmless, rendered
from app.analytics.service import DayEntry, Entry, HourEntry, Report

START = local_ms(datetime(2026, 3, 4))
DAY = START // DAY_MS
REPORT = Report(
    start=START,
    end=START + DAY_MS,
    active_seconds=12_240.5,
    idle_seconds=600.0,
    context_switches=34,
    focus_sessions=2,
    focus_seconds=3000.0,
    by_project=(Entry("devpulse", 9000.5), Entry(None, 3240.0)),
    by_category=(Entry("Coding", 12_240.5),),
    by_application=(Entry("Code", 12_000.0), Entry("xterm", 240.5)),
    by_day=(DayEntry(DAY, 12_240.5),),
    by_hour=tuple(HourEntry(h, 12_240.5 if h == 9 else 0) for h in range(24)),
)


def test_json_has_the_documented_shape():
    told = json.loads(as_json(REPORT, timezone="Europe/Berlin"))
    assert list(told) == [
        "from", "to", "timezone", "active_seconds", "idle_seconds", "context_switches", "focus",
        "by_project", "by_category", "by_application", "by_day", "by_hour",
    ]  # fmt: skip
    assert told["focus"] == {"sessions": 2, "seconds": 3000.0}
    assert told["by_project"] == [{"name": "devpulse", "seconds": 9000.5}, {"name": None, "seconds": 3240.0}]
    assert told["by_day"] == [{"date": "2026-03-04", "seconds": 12_240.5}]
    assert datetime.fromisoformat(told["from"]).tzinfo is not None
    assert told["from"].startswith("2026-03-04T00:00:00")
    assert told["to"].startswith("2026-03-05T00:00:00")


def test_text():
    text = as_text(REPORT, by=None, width=80)
    assert text.splitlines()[0] == "Wednesday, 4 March 2026"
    assert "Active            3 h 24 m" in text
    assert "Context switches  34 (10 an hour)" in text
    assert "2 sessions, 50 m" in text
    assert "  devpulse      2 h 30 m  ████" in text
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize("width", [40, 60, 80, 200])
@pytest.mark.parametrize("by", [None, "project", "category", "application", "day", "hour"])
def test_text_fits_any_terminal(width, by):
    assert max(map(len, as_text(REPORT, by=by, width=width).splitlines())) <= width


def test_text_of_nothing():
    assert "Nothing was recorded" in as_text(Report(START, START + DAY_MS), by=None, width=80)


def test_long_lists_are_shortened_unless_asked_for():
    many = Report(START, START + DAY_MS, 100.0, by_application=tuple(Entry(f"a{n}", 1.0) for n in range(50)))
    assert "41 more" in as_text(many, by=None, width=80)
    assert "more" not in as_text(many, by="application", width=80)


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (START, START + 2 * DAY_MS, "Wed 4 Mar 2026 to Thu 5 Mar 2026"),
        (START + 3_600_000, START + DAY_MS, "2026-03-04 01:00 to 2026-03-05 00:00"),
    ],
)
def test_period_in_words(start, end, words):
    assert as_text(Report(start, end), by=None, width=80).splitlines()[0] == words


def test_csv_by_each_breakdown():
    rows = list(csv.reader(io.StringIO(as_csv(REPORT, by="project"))))
    assert rows == [["project", "seconds"], ["devpulse", "9000.500"], ["No project", "3240.000"]]
    assert list(csv.reader(io.StringIO(as_csv(REPORT, by="day"))))[1] == ["2026-03-04", "12240.500"]
    assert list(csv.reader(io.StringIO(as_csv(REPORT, by="hour"))))[10] == ["09:00", "12240.500"]


@pytest.mark.parametrize("name", ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(name):
    assert harmless(name)[0] == "'"
    hostile = Report(START, START + DAY_MS, by_project=(Entry(name, 1.0),))
    assert list(csv.reader(io.StringIO(as_csv(hostile, by="project"), newline="")))[1][0] == f"'{name}"


def test_hostile_names_stay_in_their_place():
    evil = "a|b\n# Title\x1b[31m<script>`x`"
    hostile = Report(START, START + DAY_MS, 60.0, by_project=(Entry(evil, 60.0),))
    for kind in FORMATS:
        assert "\x1b" not in rendered(hostile, kind, by="project", width=80, timezone="UTC") or kind == "csv"
    assert "\n# Title" not in as_text(hostile, by=None, width=80)
    markdown = as_markdown(hostile, by="project")
    assert "a\\|b" in markdown
    assert "<script>" not in markdown
    assert json.loads(as_json(hostile, timezone="UTC"))["by_project"][0]["name"] == evil
    [_, row] = csv.reader(io.StringIO(as_csv(hostile, by="project"), newline=""))
    assert row[0] == evil


def test_markdown():
    text = as_markdown(REPORT, by=None)
    assert text.startswith("# Wednesday, 4 March 2026\n")
    assert "| devpulse | 2 h 30 m |" in text
    assert "| Focus | 2 sessions, 50 m |" in text
