from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QLabel

from app.ui.pages.projects.dialogs import Merge, NewProject, Rename
from tests.app.ui.pages.live_home import Home


def shown(page: Any) -> str:
    return "\n".join(one.text() for one in page.findChildren(QLabel) if one.isVisible())


def names(page: Any) -> list[str]:
    return [line.label.name for line in page.model.lines]


def dialog(home: Home, kind: type[Any]) -> Any:
    home.settle()
    return next(one for one in home.windows.window.findChildren(kind) if one.isVisible())


def test_no_project_yet(home: Home) -> None:
    assert "No projects yet" in shown(home.open("projects"))


def test_the_list_is_sorted_filtered_and_opened(home: Home) -> None:
    alpha, beta = home.project("alpha"), home.project("beta")
    home.work(300, 30, project=alpha)
    home.work(200, 60, project=beta, branch="topic")
    page = home.open("projects")
    assert names(page) == ["beta", "alpha"]
    page.table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert names(page) == ["alpha", "beta"]
    page._search.setText("BET")
    assert names(page) == ["beta"]
    page._search.setText("nothing like it")
    assert "No project fits" in shown(page)
    page._search.setText("")
    page.table.selectRow(page.table.lines.row_of(beta))
    home.press(page.table, Qt.Key.Key_Return)
    assert page.details.title.accessibleName() == "beta"
    assert [p.series.name for p in page.details.branches.parts] == ["topic"]
    assert page.details.chart.bars.seconds.sum() == 3600
    page.close_details()
    assert page.table.isVisible()


def test_a_project_is_created_renamed_recoloured_archived_and_all_undone(home: Home) -> None:
    page = home.open("projects")
    page.create()
    made = dialog(home, NewProject)
    QTest.keyClicks(made.name, "garden")
    QTest.mouseClick(made.accept_button, Qt.MouseButton.LeftButton)
    home.settle()
    (identity,) = home.rows("SELECT id FROM projects")[0]
    page.table.selectRow(0)
    page.rename()
    renaming = dialog(home, Rename)
    renaming.name.setText("orchard")
    renaming.accept()
    home.settle()
    page.model.recolor(identity, "#112233")
    page.model.archive(identity, archived=True)
    home.settle()
    assert home.rows("SELECT name, color, archived FROM projects") == [("orchard", "#112233", 1)]
    assert names(page) == []
    for _ in range(4):
        home.windows.services.changes.undo()
        home.settle()
    assert home.rows("SELECT * FROM projects") == []


def test_two_projects_become_one_and_two_again(home: Home) -> None:
    alpha, beta = home.project("alpha"), home.project("beta")
    home.work(300, 30, project=alpha)
    home.work(200, 60, project=beta)
    page = home.open("projects")
    page.table.selectRow(page.table.lines.row_of(alpha))
    page.merge()
    merging = dialog(home, Merge)
    assert merging.target_id == beta
    merging.accept()
    home.settle()
    assert names(page) == ["beta"]
    assert page.model.line(beta).total_ms == 90 * 60_000
    home.windows.services.changes.undo()
    home.settle()
    assert sorted(names(page)) == ["alpha", "beta"]


def test_a_name_that_is_taken_is_refused(home: Home) -> None:
    home.project("alpha")
    page = home.open("projects")
    page.create()
    made = dialog(home, NewProject)
    made.name.setText("Alpha")
    assert not made.accept_button.isEnabled()
    assert "There is a project of this name already." in shown(made)
    made.reject()


def test_folders_and_goals_of_a_project(home: Home, tmp_path: Path) -> None:
    alpha = home.project("alpha")
    page = home.open("projects", project=str(alpha))
    page.model.add_folder(alpha, str(tmp_path / "code"))
    home.settle()
    assert str(tmp_path / "code") in "\n".join(
        one.accessibleName() for one in page.details.folders.findChildren(QLabel)
    )
    page.model.remove_folder(alpha, str(tmp_path / "code"))
    home.settle()
    assert "Without a folder" in shown(page)
    assert "Set how much time this project should get" in shown(page)


@pytest.mark.slow
def test_repositories_are_found_by_the_command(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEVPULSE_HOME", str(tmp_path / "devpulse"))
    folder = tmp_path / "code" / "ledger"
    folder.mkdir(parents=True)
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    page = home.open("projects")
    home.windows.services.settings.change(
        home.windows.services.changes, {"projects.folders": [str(tmp_path / "code")]}
    )
    home.settle()
    found: list[Any] = []
    page.model.scanned.connect(found.append)
    page.find()
    home.until(lambda: bool(found))
    home.settle()
    assert (found[0].repositories, found[0].new) == (1, 1)
    assert names(page) == ["ledger"]
