"""The dialogs of a category: a new or changed one, and deleting one."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtWidgets import QFormLayout, QLineEdit, QWidget

from app.models.categories import Category
from app.models.projects import LONGEST_NAME, PALETTE, color_for
from app.ui.classify.category_box import CategoryBox
from app.ui.classify.drop_tree import PRODUCTIVITY
from app.ui.labelled import category_name
from app.ui.services import Services
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.segments import Segments
from app.ui.widgets.swatches import Swatches
from app.ui.words import tr


class CategoryDialog(Dialog):
    """`name`, `color`, `parent_id`, `productivity` are what was chosen."""

    def __init__(
        self,
        services: Services,
        parent: QWidget,
        categories: Sequence[Category],
        category: Category | None = None,
    ) -> None:
        super().__init__(
            parent.window() or parent,
            tr("New category") if category is None else tr("Change category"),
            accept=tr("Create") if category is None else tr("Save"),
        )
        # Shown in the person's language; the stored name stays as it is until another one is typed.
        self._stored = "" if category is None else category.name
        self._shown = category_name(self._stored, LONGEST_NAME)
        self.field = QLineEdit(self._shown)
        self.field.setAccessibleName(tr("Name of the category"))
        self.field.setMaxLength(LONGEST_NAME)
        color = "" if category is None else category.color
        self._swatches = Swatches(services.theme, services.icons, PALETTE, current=color)
        self._touched = category is not None
        self._swatches.chosen.connect(lambda _: self._touch())
        allowed = [one for one in categories if category is None or not lies_under(one, category, categories)]
        self._under = CategoryBox(services.icons, allowed, accessible=tr("Under"), none=tr("Nothing"))
        self._under.choose(None if category is None else category.parent_id)
        self._kind = Segments(
            [(str(value), tr(words).capitalize()) for value, words in PRODUCTIVITY.items()],
            name=tr("How its time counts"),
            current=str(0 if category is None else category.productivity),
        )
        form = QFormLayout()
        form.setSpacing(12)
        form.addRow(tr("Name"), self.field)
        form.addRow(tr("Colour"), self._swatches)
        form.addRow(tr("Under"), self._under)
        form.addRow(tr("Counts as"), self._kind)
        self.body.addLayout(form)
        self.field.textChanged.connect(lambda _: self._check())
        self._check()
        self.field.setFocus()

    @property
    def name(self) -> str:
        typed = self.field.text().strip()
        return self._stored if typed == self._shown else typed

    @property
    def color(self) -> str:
        return self._swatches.color

    @property
    def parent_id(self) -> int | None:
        return self._under.category_id

    @property
    def productivity(self) -> int:
        return int(self._kind.current)

    def _touch(self) -> None:
        self._touched = True

    def _check(self) -> None:
        self.accept_button.setEnabled(bool(self.name))
        if self.name and not self._touched:
            self._swatches.choose(color_for(self.name))


class DeleteCategory(Dialog):
    """`move_to`: where its time goes."""

    def __init__(
        self, services: Services, parent: QWidget, categories: Sequence[Category], category: Category
    ) -> None:
        super().__init__(
            parent.window() or parent,
            tr("Delete {category}?", category=category_name(category.name)),
            accept=tr("Delete"),
            words=tr("Its rules go with it; what lies under it moves up. It can be undone."),
            danger=True,
        )
        self._into = CategoryBox(
            services.icons, categories, accessible=tr("Its time goes to"), none=tr("No category"),
            but=category.id,
        )  # fmt: skip
        form = QFormLayout()
        form.addRow(tr("Its time goes to"), self._into)
        self.body.addLayout(form)

    @property
    def move_to(self) -> int | None:
        return self._into.category_id


def lies_under(one: Category, above: Category, categories: Sequence[Category]) -> bool:
    """Whether `one` is `above`, or somewhere below it."""
    parents = {category.id: category.parent_id for category in categories}
    at: int | None = one.id
    for _ in range(len(parents) + 1):
        if at is None:
            return False
        if at == above.id:
            return True
        at = parents.get(at)
    return True
