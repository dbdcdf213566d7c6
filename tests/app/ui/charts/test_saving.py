from __future__ import annotations

import csv
import io
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PyQt6.QtCore import QPoint
from PyQt6.QtGui import QImage
from PyQt6.QtWidgets import QApplication

from app.ui.charts.bars import Bars, BarsChart, Bucket
from app.ui.charts.menu import build_menu, copy, file_name, save_to
from app.ui.charts.numbers import NumbersWindow
from app.ui.charts.picture import saved
from app.ui.charts.saving import Format, csv_text, write
from app.ui.charts.values import Table
from tests.app.ui.charts.conftest import SERIES, Shown, count
from tests.app.ui.charts.looks import LIGHT


@pytest.fixture
def chart(shown: Shown) -> BarsChart:
    made = BarsChart("Time by project", LIGHT)
    made.caption = "March 2026"
    buckets = tuple(Bucket(str(n), f"2026-03-0{n}", n) for n in (1, 2))
    made.show_bars(Bars(buckets, SERIES, np.array([[3600.0, 0], [60.5, 1800], [0, 7200]])))
    shown(made)
    return made


def test_csv_holds_the_numbers_drawn(chart: BarsChart) -> None:
    chart.hide_series(frozenset({"c"}))
    rows = list(csv.reader(io.StringIO(saved(chart, Format.CSV).decode("utf-8-sig"))))
    assert rows == [
        ["Day", "Alpha (s)", "Beta (s)", "Total (s)"],
        ["2026-03-01", "3600", "60.5", "3660.5"],
        ["2026-03-02", "0", "1800", "1800"],
    ]


def test_csv_starts_no_formula() -> None:
    text = csv_text(Table(("Name", "Time"), (("=1+1", -5.0), ('a,"b"', None))))
    assert list(csv.reader(io.StringIO(text)))[1:] == [["'=1+1", "-5"], ['a,"b"', ""]]


def test_png_is_the_chart_with_its_legend_at_twice_the_size(chart: BarsChart) -> None:
    image = QImage.fromData(saved(chart, Format.PNG))
    assert image.width() == (chart.width() + 40) * 2
    assert count(image, "#4477aa") > 1_000
    assert count(image, "#228833") > 1_000
    legend = image.copy(0, image.height() - 100, image.width(), 100)
    assert count(legend, "#ee6677") > 50


def test_svg_keeps_its_texts(chart: BarsChart) -> None:
    root = ET.fromstring(saved(chart, Format.SVG))
    texts = "".join(root.itertext())
    for word in ("Time by project", "March 2026", "Alpha", "2 h"):
        assert word in texts
    fills = {element.get("fill") for element in root.iter()}
    assert "#4477aa" in fills


def test_a_picture_shows_no_pointer(chart: BarsChart) -> None:
    before = saved(chart, Format.PNG)
    chart.mark = 0
    assert saved(chart, Format.PNG) == before
    assert chart.mark == 0


def test_a_file_is_replaced_in_one_step_and_its_owners(tmp_path: Path) -> None:
    path = tmp_path / "chart.csv"
    path.write_text("old")
    write(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o077 == 0
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_to_save_is_told(chart: BarsChart, tmp_path: Path) -> None:
    said: list[str] = []
    chart.trouble.connect(said.append)
    save_to(chart, tmp_path / "nowhere" / "chart.png", b"")
    assert "Nothing was written" in said[0]


def test_the_menu_saves_copies_and_tells(chart: BarsChart) -> None:
    texts = [action.text() for action in build_menu(chart).actions()]
    assert [text for text in texts if "PNG" in text or "SVG" in text or "CSV" in text] == texts[:3]
    copy(chart)
    clipboard = QApplication.clipboard()
    assert clipboard is not None
    assert clipboard.image().width() == (chart.width() + 40) * 2
    assert file_name(chart) == "Time by project March 2026"


def test_an_empty_chart_saves_nothing(shown: Shown) -> None:
    empty = BarsChart("Nothing", LIGHT)
    shown(empty)
    assert [action.isEnabled() for action in build_menu(empty).actions()] == [False]


def test_the_numbers_are_there_as_a_table(chart: BarsChart) -> None:
    window = NumbersWindow.of(chart)
    model = window.view.model()
    assert model is not None
    assert (model.rowCount(), model.columnCount()) == (2, 5)
    assert model.data(model.index(0, 1)) == "3,600"
    assert model.data(model.index(1, 0)) == "2026-03-02"
    assert window.view.indexAt(QPoint(5, 5)).row() == 0
    window.close()
