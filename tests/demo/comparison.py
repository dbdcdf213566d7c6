"""What DevPulse reports beside what was really done, in a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.desktop.day import Day


@dataclass(frozen=True, slots=True)
class Row:
    """One item, in seconds."""

    name: str
    done: float
    reported: float

    @property
    def difference(self) -> float:
        return self.reported - self.done


def compare(report: Mapping[str, Any], day: Day) -> list[tuple[str, list[Row]]]:
    """The items under their headings."""
    diary = day.diary
    totals = [
        Row("active", diary.active(), report["active_seconds"]),
        Row("in focus", day.focused_s, report["focus"]["seconds"]),
    ]
    return [
        ("in all", totals),
        (
            "by project",
            list(_rows(diary.by(lambda deed: deed.project or "no project"), report["by_project"])),
        ),
        ("by application", list(_rows(diary.by(lambda deed: deed.application), report["by_application"]))),
    ]


def _rows(done: Mapping[str, float], reported: Sequence[Mapping[str, Any]]) -> Iterator[Row]:
    told = {_name(row["name"]): float(row["seconds"]) for row in reported}
    names = {_name(name): name for name in done}
    for folded in sorted(names.keys() | told.keys(), key=lambda name: -told.get(name, 0.0)):
        name = names.get(folded, folded)
        yield Row(name, done.get(name, 0.0), told.get(folded, 0.0))


def _name(name: object) -> str:
    return str(name or "no project").casefold()


def table(sections: Sequence[tuple[str, Sequence[Row]]]) -> str:
    """The table as text; seconds with one decimal."""
    lines = [f"  {'':28}{'really done':>12}{'reported':>12}{'difference':>13}"]
    for heading, rows in sections:
        lines.append(f"  {heading}")
        lines += [
            f"    {row.name:26}{row.done:10.1f} s{row.reported:10.1f} s{row.difference:+11.1f} s"
            for row in rows
        ]
    return "\n".join(lines)


def worst(sections: Sequence[tuple[str, Sequence[Row]]]) -> float:
    """The largest difference, in seconds."""
    return max(abs(row.difference) for _, rows in sections for row in rows)
