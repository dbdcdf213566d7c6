"""WakaTime's data dumps (both kinds) and heartbeats, of WakaTime, Wakapi and their API.

    heartbeats: {"user": {…}, "range": {…}, "days": [{"date": "2026-03-02", "heartbeats": [
        {"entity": "/home/me/app/main.py", "type": "file", "time": 1772440000.5, "project": "app",
         "branch": "main", "language": "Python", …}, …]}, …]}
    daily:      the same with, in each day, "projects": [{"name": "app", "grand_total": {"total_seconds": …},
         "entities": […], "languages": […], "branches": […], "editors": […]}, …]
    heartbeats of the API: {"data": [heartbeat, …]}, or the bare array

A heartbeat is a moment; it lasts to the next one when that comes within the time-out, as WakaTime itself
counts (15 minutes unless its owner set another). A daily dump knows sums, no times: each day's sums are laid
one after another from nine in the morning. Source: wakatime.com/developers, wakadump's samples, Wakapi.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from app.analytics.exchange import checked
from app.analytics.exchange.document import Document
from app.analytics.exchange.observed import Content, Events, Pool, Skipped

TIMEOUT_MS = 15 * 60_000
UNNAMED = "WakaTime"
MOST_HEARTBEATS = 10_000_000
_MORNING_MS = 9 * 3_600_000
_DAY_MS = 86_400_000
_EPOCH = date(1970, 1, 1)
# As in: wakatime/v1.18.11 (linux-5.15-x86_64) go1.17.3 vscode/1.68.1 vscode-wakatime/18.1.5
_EDITOR = re.compile(r"\s([A-Za-z][\w.-]*)/[\w.+-]+\s+[\w.-]*-wakatime/", re.ASCII)
_EDITORS = {
    "vscode": "Code",
    "intellijidea": "IntelliJ IDEA",
    "pycharm": "PyCharm",
    "vim": "Vim",
    "neovim": "Neovim",
}
_NOWHERE = frozenset({"", "Unknown Project", "<<LAST_PROJECT>>", "unknown"})


@dataclass(frozen=True, slots=True)
class _Part:
    seconds: float
    content: Content


class WakaTimeReader:
    """Reads days and heartbeats. `latest_ms`: heartbeats after that are left out.

    `heartbeats` are moments in ms UTC; `sums` lie in *local* ms of the account's time zone.
    """

    def __init__(self, document: Document, pool: Pool, skipped: Skipped, latest_ms: int) -> None:
        self._document = document
        self._pool = pool
        self._skipped = skipped
        self._latest_ms = latest_ms
        self.heartbeats = Events()
        self.sums = Events()
        self.days = 0

    def days_array(self) -> None:
        """The value of `days`. Raises `ImportRefused`, as all here do."""
        for _ in self._document.elements():
            self.days += 1
            self._day()

    def heartbeats_array(self) -> None:
        """An array of heartbeats."""
        for _ in self._document.elements():
            self.heartbeat(checked.record(self._document.value(), "a heartbeat", self._document))

    def heartbeat(self, beat: Mapping[str, Any]) -> None:
        """One heartbeat, decoded."""
        at = self._document
        moment = checked.moment_of_seconds(beat, "time", at)
        content = _of_heartbeat(beat, at)
        if len(self.heartbeats) >= MOST_HEARTBEATS:
            at.refuse("there are more than ten million heartbeats")
        if moment > self._latest_ms:
            self._skipped.note("heartbeats in the future")
        else:
            self.heartbeats.add(moment, moment, self._pool.put(content))

    def _day(self) -> None:
        at = self._document
        day: int | None = None
        parts: list[_Part] = []
        if at.peek() != "{":
            at.value()
            at.refuse("a day is not an object")
        for key in at.members():
            if key == "heartbeats":
                self.heartbeats_array()
            elif key == "date":
                day = _day_number(checked.text({key: at.value()}, key, at), at)
            elif key == "projects":
                parts = [
                    part for project in _list(at.value(), "projects", at) for part in _parts(project, at)
                ]
            else:
                at.value()
        if parts:
            if day is None:
                at.refuse("the day has no date")
            self._lay(day, parts)

    def _lay(self, day: int, parts: Sequence[_Part]) -> None:
        lengths = [round(part.seconds * 1000) for part in parts]
        total = min(sum(lengths), _DAY_MS)
        start = day * _DAY_MS + min(_MORNING_MS, _DAY_MS - total)
        end = (day + 1) * _DAY_MS
        for length, part in zip(lengths, parts, strict=True):
            until = min(start + length, end)
            if until > start:
                self.sums.add(start, until, self._pool.put(part.content))
            start = until


def _of_heartbeat(beat: Mapping[str, Any], at: checked.Refuses) -> Content:
    entity = checked.text(beat, "entity", at)
    if not entity:
        at.refuse("a heartbeat has no entity")
    kind = checked.text(beat, "type", at) or "file"
    project = checked.text(beat, "project", at)
    work = Content(
        application=_editor(checked.text(beat, "user_agent_id", at) or checked.text(beat, "user_agent", at)),
        project=None if project in _NOWHERE else project,
        branch=checked.text(beat, "branch", at) or None,
        language=checked.text(beat, "language", at) or None,
    )
    return _of_entity(work, entity, kind)


def _of_entity(work: Content, entity: str, kind: str) -> Content:
    if kind == "app":
        return Content(entity[:200], "", project=work.project, branch=work.branch)
    if kind in ("domain", "url"):
        address = entity if "://" in entity else f"https://{entity}"
        return Content(work.application, url=address, private=False, project=work.project)
    return Content(
        work.application,
        entity.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1],
        path=entity,
        project=work.project,
        branch=work.branch,
        language=work.language,
    )


def _editor(agent: str) -> str:
    found = _EDITOR.search(agent)
    if found is None:
        return UNNAMED
    return _EDITORS.get(found[1].casefold(), found[1])


def _parts(value: object, at: checked.Refuses) -> Iterator[_Part]:
    """A project's day, by file as far as the dump tells, so that it sums up to the project's total."""
    project = checked.record(value, "a project", at)
    name = checked.text(project, "name", at)
    total = _seconds(checked.record(project.get("grand_total") or {}, "grand_total", at), at)
    work = Content(
        application=_most(project, "editors", at) or UNNAMED,
        project=None if name in _NOWHERE else name,
        branch=_only(project, "branches", at),
        language=_only(project, "languages", at),
    )
    entities = [checked.record(e, "an entity", at) for e in _list(project.get("entities"), "entities", at)]
    told = sum(_seconds(entity, at) for entity in entities)
    share = min(1.0, total / told) if told > 0 else 0.0
    for entity in entities:
        path = checked.text(entity, "name", at)
        seconds = _seconds(entity, at) * share
        if path and seconds > 0:
            yield _Part(seconds, _of_entity(work, path, checked.text(entity, "type", at) or "file"))
    if total - told > 1:
        yield _Part(total - told, work)


def _most(project: Mapping[str, Any], name: str, at: checked.Refuses) -> str | None:
    found = [checked.record(item, name, at) for item in _list(project.get(name), name, at)]
    longest = max(found, key=lambda item: _seconds(item, at), default=None)
    return None if longest is None else checked.text(longest, "name", at) or None


def _only(project: Mapping[str, Any], name: str, at: checked.Refuses) -> str | None:
    found = _list(project.get(name), name, at)
    return checked.text(checked.record(found[0], name, at), "name", at) or None if len(found) == 1 else None


def _seconds(fields: Mapping[str, Any], at: checked.Refuses) -> float:
    return min(max(0.0, checked.number(fields, "total_seconds", at)), 86_400.0)


def _list(value: object, what: str, at: checked.Refuses) -> list[object]:
    if value is None:
        return []
    if not isinstance(value, list):
        at.refuse(f"{what} is not a list")
    return cast("list[object]", value)


def _day_number(text: str, at: checked.Refuses) -> int:
    try:
        day = (date.fromisoformat(text[:10]) - _EPOCH).days
    except ValueError:
        at.refuse("the day's date is not a date")
    if day < 0:
        at.refuse("the day's date is out of range")
    return day
