"""The rules and categories in force, read anew when somebody changed them."""

from __future__ import annotations

import logging
import sqlite3
from datetime import datetime

from app.errors import DevPulseError, StorageError
from app.models.categories import Category, read_categories
from app.models.rules import Rule, read_rules
from app.models.values import Activity
from app.tracking.classifier import Classifier

logger = logging.getLogger(__name__)


class Rulebook:
    """Classifies, and knows the categories by id. With no rules at all nothing has a category."""

    def __init__(self) -> None:
        self._classifier = Classifier((), ())
        self._categories: dict[int, Category] = {}
        self._rules: list[Rule] = []
        self.problems: tuple[DevPulseError, ...] = ()
        self._unread = True

    def read(self, connection: sqlite3.Connection) -> None:
        """Take the rules as they are stored now; when they cannot be read, the ones before stay."""
        try:
            categories = {category.id: category for category in read_categories(connection)}
            rules = read_rules(connection)
        except StorageError as error:
            logger.warning("the rules could not be read: %s", error.title)
            self.problems, self._unread = (error,), True
            return
        if (rules, categories) == (self._rules, self._categories) and not self._unread:
            return  # many a change is about something else, and making the tests takes 30 ms
        self._unread = False
        classifier = Classifier(rules, categories)
        self._rules, self._categories, self._classifier = rules, categories, classifier
        self.problems = tuple(
            DevPulseError(problem, advice="`devpulse rules list` shows the rules.")
            for problem in classifier.problems
        )

    def category_of(self, activity: Activity, project: str | None, local: datetime) -> int | None:
        """The category's id, by the first rule that matches."""
        return self._classifier.category_of(activity, project, local)

    def name(self, category_id: int | None) -> str | None:
        category = None if category_id is None else self._categories.get(category_id)
        return None if category is None else category.name

    def productivity(self, category_id: int | None) -> int:
        """-1 distracting, 0 neutral or unknown, 1 productive."""
        category = None if category_id is None else self._categories.get(category_id)
        return 0 if category is None else category.productivity
