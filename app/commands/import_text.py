"""What an import comes to, in words and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from app.analytics.exchange.intake import Taken
from app.analytics.layout import plain
from app.durations import told
from app.importing.outcome import Outcome, ProjectShare

STEPS = {"reading": "Reading", "sorting": "Looking through", "storing": "Storing"}
_MOST_LINES = 12


def moment(ms: int) -> str:
    """ISO 8601 with this machine's offset."""
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone().isoformat(timespec="seconds")


def lines(outcome: Outcome, *, dry_run: bool) -> Iterator[str]:
    """The outcome for a terminal."""
    if outcome.taken is not None:
        yield from _ours(outcome.taken, dry_run=dry_run)
    else:
        yield from _foreign(outcome, dry_run=dry_run)
    if outcome.earlier is not None:
        yield f"This very file was imported before, at {moment(outcome.earlier)[:16].replace('T', ' ')}."
    if outcome.import_id is not None:
        yield f"`devpulse import --undo {outcome.import_id}` takes it back."


def _foreign(outcome: Outcome, *, dry_run: bool) -> Iterator[str]:
    yield f"{outcome.tracker}, {sum(found.events for found in outcome.found):,} entries:"
    for found in outcome.found[:_MOST_LINES]:
        yield f"  {found.events:>9,} {plain(found.name)}" + (
            f" of {plain(found.host)}" if found.host not in ("", "unknown") else ""
        )
    if outcome.days_only:
        yield "This file knows days, no times: each day is laid out from 9:00, so its hours mean nothing."
    if not outcome.spans:
        yield "Nothing new would come in." if dry_run else "Nothing new came in."
    else:
        yield "This would come in:" if dry_run else "Imported:"
        yield from _coming(outcome)
    if outcome.left:
        yield "Left out:"
    for left in outcome.left:
        time = f", {told(left.seconds)}" if left.seconds else ""
        yield f"  {left.count:>9,} {left.reason}{time}"
    if any(left.reason.startswith(("time that is", "days of which")) for left in outcome.left):
        yield "What is recorded here already stays as it is; imports fill the time around it."


def _coming(outcome: Outcome) -> Iterator[str]:
    for machine in outcome.machines:
        if machine.spans:
            first, last = moment(machine.first_ms)[:10], moment(machine.last_ms)[:10]
            yield f"  {machine.spans:>9,} spans of {_machine(machine.name)}, {first} to {last}"
    days = "day" if outcome.days == 1 else "days"
    active, idle = told(outcome.active_seconds), told(outcome.idle_seconds)
    yield f"  {outcome.days:>9,} {days}: {active} active, {idle} idle"
    new = [project for project in outcome.projects if project.new]
    projects = "project" if len(outcome.projects) == 1 else "projects"
    yield f"  {len(outcome.projects):>9,} {projects}, {len(new)} new"
    for project in outcome.projects[:_MOST_LINES]:
        yield f"            {plain(project.name)}, {told(project.seconds)}" + (
            " (new)" if project.new else ""
        )
    if len(outcome.projects) > _MOST_LINES:
        yield f"            and {len(outcome.projects) - _MOST_LINES} more"


def _machine(name: str | None) -> str:
    return "this machine" if name is None else plain(name)


def _ours(taken: Taken, *, dry_run: bool) -> Iterator[str]:
    yield "This would come in:" if dry_run else "Imported:"
    for name, count in _counts(taken).items():
        if count or name == "spans":
            yield f"  {count:>9,} {_WORDS[name]}"


def _counts(taken: Taken) -> dict[str, int]:
    return {
        "spans": taken.spans.new,
        "spans_known": taken.spans.known,
        "spans_corrected": taken.spans.corrected,
        "spans_overlapping": taken.spans.overlapping,
        "devices": taken.devices,
        "projects": taken.projects,
        "categories": taken.categories,
        "rules": taken.rules,
        "goals": taken.goals,
        "focus_sessions": taken.focus_sessions,
        "settings": taken.settings_taken,
    }


_WORDS = {
    "spans": "new spans",
    "spans_known": "spans that were here already",
    "spans_corrected": "spans that the file knew better",
    "spans_overlapping": "spans left out, because their time is recorded here otherwise",
    "devices": "other machines",
    "projects": "new projects",
    "categories": "new categories",
    "rules": "new rules",
    "goals": "new goals",
    "focus_sessions": "focus sessions",
    "settings": "settings that were not set here",
}


def shape(outcome: Outcome) -> dict[str, Any]:
    """The outcome as `--json` prints it; seconds are numbers."""
    common = {
        "tracker": outcome.tracker,
        "import_id": outcome.import_id,
        "imported_before": None if outcome.earlier is None else moment(outcome.earlier),
    }
    if outcome.taken is not None:
        return {**common, **_counts(outcome.taken)}
    return {
        **common,
        "found": [{"name": f.name, "machine": f.host, "entries": f.events} for f in outcome.found],
        "spans": outcome.spans,
        "days": outcome.days,
        "days_only": outcome.days_only,
        "active_seconds": outcome.active_seconds,
        "idle_seconds": outcome.idle_seconds,
        "machines": [
            {
                "name": m.name,
                "spans": m.spans,
                "active_seconds": m.active_seconds,
                "idle_seconds": m.idle_seconds,
                "from": moment(m.first_ms) if m.spans else None,
                "to": moment(m.last_ms) if m.spans else None,
            }
            for m in outcome.machines
        ],
        "by_project": _projects(outcome.projects),
        "by_application": [{"name": n, "seconds": s} for n, s in (outcome.applications or {}).items()],
        "left_out": [{"reason": x.reason, "entries": x.count, "seconds": x.seconds} for x in outcome.left],
    }


def _projects(shares: Sequence[ProjectShare]) -> list[dict[str, Any]]:
    return [{"name": share.name, "seconds": share.seconds, "new": share.new} for share in shares]
