"""The menu of what is selected on the Timeline page, in the lanes and in the table."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QPoint
from PyQt6.QtWidgets import QMenu

from app.analytics.labels import By, Label
from app.ui.charts.lanes import LanesChart
from app.ui.charts.menu import build_menu
from app.ui.labelled import color_of, name_of
from app.ui.pages.timeline.actions import TimelineActions
from app.ui.pages.timeline.inspector import Inspector
from app.ui.pages.timeline.name_picker import dot, ordered
from app.ui.pages.timeline.recorded import Recorded
from app.ui.words import tr


def open_context_menu(
    lanes: LanesChart,
    recorded: Recorded,
    actions: TimelineActions,
    inspector: Inspector,
    at_ms: float | None,
    place: QPoint,
) -> QMenu:
    """Open it at a place of the screen; `at_ms`: the moment under the pointer, in the lanes."""
    menu = QMenu(lanes)
    if actions.ids:
        _of_selection(menu, recorded, actions, inspector, at_ms)
        menu.addSeparator()
    _add(menu, tr("Add missed time…"), inspector.add_missed)
    picture = build_menu(lanes)
    picture.setParent(menu, picture.windowFlags())
    picture.setTitle(tr("Save or copy the chart"))
    menu.addMenu(picture)
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(place)
    return menu


def _of_selection(
    menu: QMenu, recorded: Recorded, actions: TimelineActions, inspector: Inspector, at_ms: float | None
) -> None:
    names = recorded.view.names
    _assign(
        menu,
        tr("Move to project"),
        By.PROJECT,
        ordered(names.projects.values(), By.PROJECT),
        actions.assign_project,
        inspector,
    )
    _assign(
        menu,
        tr("Move to category"),
        By.CATEGORY,
        ordered(names.categories.values(), By.CATEGORY),
        actions.assign_category,
        inspector,
    )
    _add(menu, tr("Make a rule…"), inspector.make_rule)
    menu.addSeparator()
    ids = actions.ids
    if len(ids) == 1:
        _add(menu, tr("Split…"), lambda: inspector.ask_split(ids[0], at_ms))
        _add(menu, tr("Change times…"), lambda: inspector.ask_times(ids[0]))
    elif inspector.can_merge:
        _add(menu, tr("Merge into one"), actions.merge)
    _add(menu, tr("Add a note"), inspector.write_note)
    _add(menu, tr("Delete"), actions.delete)


def _assign(
    menu: QMenu,
    words: str,
    by: By,
    labels: tuple[Label, ...],
    assign: Callable[[int | None], None],
    inspector: Inspector,
) -> None:
    submenu = menu.addMenu(words)
    assert submenu is not None
    for label in labels:
        action = submenu.addAction(name_of(label, by).replace("&", "&&"))
        assert action is not None
        action.setIcon(dot(color_of(label, inspector.theme.tokens), inspector.theme))
        action.triggered.connect(lambda _=False, chosen=label.id or None: assign(chosen))


def _add(menu: QMenu, words: str, do: Callable[[], object]) -> None:
    action = menu.addAction(words)
    assert action is not None
    action.triggered.connect(lambda _=False: do())
