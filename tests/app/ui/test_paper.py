"""The PDF, as another program reads it: words to select, pages with numbers, vectors and no pictures."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date

import pytest

pytest.importorskip("PyQt6.QtGui")

from app.analytics.periods import DAY_MS
from app.analytics.reports.composition import Wishes, composed
from app.analytics.reports.facts import DayFacts, Facts, Share
from app.ui.paper import as_pdf

MONDAY = 20_514
MADE = date(2026, 4, 1)


def facts(names, days=5):
    shares = tuple(Share(name, "#4477aa", 3600.0) for name in names)
    found = tuple(DayFacts(MONDAY + n, 3600.0, shares[:3]) for n in range(days))
    return Facts(MONDAY * DAY_MS, (MONDAY + 31) * DAY_MS, found, shares, shares[:2], shares[:1])


def pages(pdf):
    return pdf.count(b"/Type /Page\n") or pdf.count(b"/Type/Page\n") or pdf.count(b"/Type /Page ")


def test_pages_and_title(qapp):
    short = as_pdf(composed(facts(["shop"]), Wishes(title="For ACME"), made=MADE))
    assert short.startswith(b"%PDF-1.")
    assert b"/Image" not in short.replace(b"/ImageB", b"").replace(b"/ImageC", b"").replace(b"/ImageI", b"")
    many = as_pdf(composed(facts([f"project {n}" for n in range(150)], 31), Wishes(), made=MADE))
    assert 1 <= pages(short) < pages(many)


@pytest.mark.parametrize("name", ["x" * 300, "עברית", "🚀 ok", "<script>", "日本語", "\u0301", " ", "a\nb"])
def test_any_name(qapp, name):
    made = as_pdf(composed(facts([name]), Wishes(title=name * 3, person=name), made=MADE))
    assert made.rstrip().endswith(b"%%EOF")


def test_nothing(qapp):
    empty = replace(facts([]), days=())
    assert pages(as_pdf(composed(empty, Wishes(), made=MADE))) == 1


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not here")
def test_words_can_be_selected(qapp, tmp_path):
    path = tmp_path / "report.pdf"
    path.write_bytes(as_pdf(composed(facts(["shop"]), Wishes(client="ACME"), made=MADE)))
    read = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True).stdout
    for words in ("Mon 2 Mar 2026 to Wed 1 Apr 2026", "For ACME", "shop", "5 h", "5.00", "Page 1 of"):
        assert words in read


def test_it_imports_no_widgets():
    words = "import app.ui.paper, sys; print('PyQt6.QtWidgets' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", words], capture_output=True, text=True).stdout == "False\n"
