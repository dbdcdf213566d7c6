"""Which settings stand together, in which order, under which words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.declarations import SETTINGS, Setting
from app.ui.shell.matching import score
from app.ui.words import mark, tr


@dataclass(frozen=True, slots=True)
class Section:
    """`prefixes`: the parts of a key before the dot that belong here. `title`, `prose`: source texts."""

    key: str
    title: str
    icon: str
    prose: str
    prefixes: tuple[str, ...]


# Has a card of its own instead of settings.
ABOUT = "about"

SECTIONS: tuple[Section, ...] = (
    Section("general", mark("General"), "sliders-horizontal", mark("Start and language."), ("general",)),
    Section("appearance", mark("Appearance"), "palette", mark("How DevPulse looks."), ("appearance",)),
    Section(
        "tracking",
        mark("Tracking"),
        "activity",
        mark("When you count as present, and where your projects are."),
        ("tracking", "projects"),
    ),
    Section(
        "privacy",
        mark("Privacy"),
        "shield",
        mark("What is recorded, and what never is. It all stays on this machine."),
        ("privacy",),
    ),
    Section(
        "notifications",
        mark("Notifications"),
        "bell",
        mark("Few, and each yours to switch off."),
        ("notifications",),
    ),
    Section("focus", mark("Focus"), "target", mark("Focus sessions."), ("focus",)),
    Section(
        "sync",
        mark("Several machines"),
        "refresh-cw",
        mark("What is synced is sealed here; the service cannot read it."),
        ("sync",),
    ),
    Section(
        "advanced",
        mark("Storage and advanced"),
        "hard-drive",
        mark("Backups, logs, and what you rarely need."),
        ("storage", "logs", "memory"),
    ),
    Section(ABOUT, mark("About"), "info", mark("The version, and where your data is."), ()),
)


def settings_of(section: Section, settings: Mapping[str, Setting] = SETTINGS) -> tuple[Setting, ...]:
    """The declared settings of a section, in the order of their declaration."""
    return tuple(s for s in settings.values() if s.section in section.prefixes)


def fitting(typed: str, settings: Iterable[Setting]) -> tuple[Setting, ...]:
    """Those whose words or key hold what was typed; all of them for nothing."""
    return tuple(s for s in settings if all((score(word, _words(s)) or 0) >= _WELL for word in typed.split()))


# Letters that merely occur in order somewhere in a paragraph are no find.
_WELL = 50


def _words(setting: Setting) -> str:
    choices = " ".join(tr(words) for words in setting.choices.values())
    return f"{tr(setting.title)} {tr(setting.prose)} {choices} {setting.key}"
