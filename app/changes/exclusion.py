"""Not from here on, and not in what was: an application, or what a title rule says, in one step.

A rule about titles changes the titles that are stored, as it would have when they were recorded; the
time stays. An application that is excluded goes with all its time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.changes.erasure import Erasing, Erasure
from app.changes.settings import check_patterns
from app.config import Settings, load, save
from app.errors import InvalidPattern
from app.models.books import salt_of
from app.models.cipher import Cipher
from app.models.database import reading
from app.models.erasure import Found, Selection, find_texts
from app.models.orphans import drop_orphans
from app.models.store import Store
from app.paths import Paths
from app.tracking.applications import ApplicationNames
from app.tracking.patterns import Globs
from app.tracking.policy import Action, TitleRule, policy_from
from app.tracking.privacy import hashed

EXCLUDED, TITLE_RULES = "privacy.excluded_applications", "privacy.title_rules"
Rule = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Exclusion:
    """What an exclusion would take from what was recorded: the names it is for, and what they come to."""

    applications: tuple[str, ...]
    found: Found


class Excluding:
    """Changes the privacy settings of one home, and what was recorded before with them."""

    def __init__(self, paths: Paths, cipher: Cipher | None, erasing: Erasing | None = None) -> None:
        self._paths = paths
        self._cipher = cipher
        self._erasing = erasing or Erasing(paths, cipher)

    def preview_application(self, name: str) -> Exclusion:
        """What of the past `exclude_application` would erase; `name` may have * and ?."""
        names = self._recorded(name)
        found = self._erasing.preview(Selection(applications=names)) if names else Found()
        return Exclusion(names, found)

    def exclude_application(self, name: str, *, history: bool) -> Erasure:
        """Never record it from now on; with `history` erase for good what was recorded of it.

        Raises `StorageError`; the setting then holds already.
        """
        names = self._recorded(name) if history else ()
        settings = load(self._paths.settings)
        known = settings.texts(EXCLUDED)
        if name.casefold() not in (one.casefold() for one in known):
            self._save(settings.with_value(EXCLUDED, [*known, name]))
        return self._erasing.erase(Selection(applications=names)) if names else Erasure(0, 0, 0)

    def preview_title_rule(self, rule: Rule) -> int:
        """From how many recorded spans `add_title_rule` would take or change words. Needs the key."""
        understood = self._understood(rule)
        with Store.open(self._paths.database, self._cipher) as store, store.transaction():
            assert understood.pattern is not None
            find_texts(store, understood.pattern.found_in)
            where, values = self._spans(understood)
            query = f"SELECT count(*) FROM activity_logs WHERE {where}"  # noqa: S608  our own conditions
            return int(store.connection.execute(query, values).fetchone()[0])

    def add_title_rule(self, rule: Rule, *, history: bool) -> Erasure:
        """Let a rule (as in `privacy.title_rules`) hold from now on; with `history` for the past too.

        Raises `InvalidSetting`, `InvalidPattern` with the reason, `KeyUnavailable`, `StorageError`.
        """
        settings = load(self._paths.settings)
        rules = [*settings.get(TITLE_RULES), dict(rule)]
        check_patterns(TITLE_RULES, rules)
        changed = settings.with_value(TITLE_RULES, rules)
        understood = self._understood(rule) if history else None
        self._save(changed)
        if understood is None:
            return Erasure(0, 0, 0)
        return self._erasing.change(lambda store: self._redact(store, understood))

    def _redact(self, store: Store, rule: TitleRule) -> int:
        assert rule.pattern is not None
        where, values = self._spans(rule)
        run = store.connection.execute
        with store.unchecked_references(), store.transaction():
            find_texts(store, rule.pattern.found_in)
            count = int(run(f"SELECT count(*) FROM activity_logs WHERE {where}", values).fetchone()[0])  # noqa: S608
            if rule.action is Action.DROP:
                run(f"UPDATE activity_logs SET {_NOTHING} WHERE {where}", values)  # noqa: S608
            else:
                self._write_anew(store, rule)
                for column in _COLUMNS:
                    run(_REPLACE.format(column, where), values)
            if count:
                drop_orphans(store.connection)
                store.interning.forget()
        return count

    def _write_anew(self, store: Store, rule: TitleRule) -> None:
        """The texts that were found, with what the rule makes of them beside each."""
        assert rule.pattern is not None and store.cipher is not None
        salt = salt_of(store.cipher)

        def put(part: str) -> str:
            return hashed(salt, part) if rule.action is Action.HASH else rule.replacement

        run = store.connection.execute
        run("CREATE TEMP TABLE IF NOT EXISTS new_texts (id INTEGER PRIMARY KEY, new_id INTEGER)")
        run("DELETE FROM new_texts")
        for (text_id,) in run("SELECT id FROM chosen_texts").fetchall():
            before = store.text(text_id)
            after = rule.pattern.replaced_in(before or "", put)
            run("INSERT INTO new_texts VALUES (?, ?)", (text_id, store.interning.text(after)))

    def _spans(self, rule: TitleRule) -> tuple[str, list[str]]:
        found = "(SELECT id FROM chosen_texts)"
        chosen = " OR ".join(f"{column} IN {found}" for column in _COLUMNS)
        if rule.application is None:
            return f"({chosen})", []
        names = [
            name for name in self._names() if rule.application.match_any(ApplicationNames().traces(name))
        ]
        marks = ", ".join("?" * len(names))
        only = f"application_id IN (SELECT id FROM applications WHERE name IN ({marks}))"  # noqa: S608
        return f"({chosen}) AND {only}", names

    def _understood(self, rule: Rule) -> TitleRule:
        salt = salt_of(self._cipher) or bytes(16)
        policy = policy_from(Settings({TITLE_RULES: [dict(rule)]}), salt=salt)
        if policy.problems:
            raise InvalidPattern("This rule cannot be used.", detail=policy.problems[0])
        return policy.title_rules[0]

    def _recorded(self, glob: str) -> tuple[str, ...]:
        """The recorded applications that the privacy filter would know by this name."""
        globs, names = Globs([glob]), ApplicationNames()
        return tuple(name for name in self._names() if globs.match_any(names.traces(name)))

    def _names(self) -> list[str]:
        if not self._paths.database.exists():
            return []
        with reading(self._paths.database) as connection:
            return [row[0] for row in connection.execute("SELECT name FROM applications ORDER BY name")]

    def _save(self, settings: Settings) -> None:
        save(self._paths.settings, settings)
        self._erasing.tell("reload")


_COLUMNS = ("title_id", "url_id", "path_id")
_NOTHING = "title_id = NULL, url_id = NULL, path_id = NULL"
_REPLACE = """
    UPDATE activity_logs SET {0} = (SELECT new_id FROM new_texts n WHERE n.id = {0})
    WHERE {1} AND {0} IN (SELECT id FROM new_texts)
"""
