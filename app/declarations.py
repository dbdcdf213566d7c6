"""The settings, declared once: key, kind, default, and the words a person reads about them.

Forms, `devpulse settings` and validation are all made from `SETTINGS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, cast

from app.errors import InvalidSetting


class Kind(StrEnum):
    """What a setting holds."""

    SWITCH = "switch"
    WHOLE_NUMBER = "whole_number"
    TEXT = "text"
    CHOICE = "choice"
    TEXTS = "texts"
    TITLE_RULES = "title_rules"
    NUMBERS = "numbers"


@dataclass(frozen=True, slots=True)
class Setting:
    """One declared setting. `low` and `high` bound whole numbers, both included."""

    key: str
    kind: Kind
    default: Any
    title: str
    prose: str
    unit: str = ""
    low: int = 0
    high: int = 2**31
    choices: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def section(self) -> str:
        return self.key.split(".", 1)[0]

    def checked(self, value: object) -> Any:
        """`value` in this setting's own type; raises `InvalidSetting` with the reason."""
        problem = _PROBLEMS[self.kind](self, value)
        if problem:
            raise InvalidSetting(f"{self.key}: {problem}", advice=self.prose)
        return value


def _switch(_: Setting, value: object) -> str:
    return "" if isinstance(value, bool) else "takes true or false."


def _whole_number(setting: Setting, value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int):
        return "takes a whole number."
    if not setting.low <= value <= setting.high:
        if setting.unit:
            return f"takes {setting.low} to {setting.high} {setting.unit}."
        return f"takes {setting.low} to {setting.high}."
    return ""


def _text(_: Setting, value: object) -> str:
    return "" if isinstance(value, str) else "takes a text."


def _choice(setting: Setting, value: object) -> str:
    return "" if value in list(setting.choices) else f"takes one of: {', '.join(setting.choices)}."


def _texts(_: Setting, value: object) -> str:
    if isinstance(value, list) and all(isinstance(v, str) and v for v in cast("list[object]", value)):
        return ""
    return "takes a list of texts."


def _numbers(setting: Setting, value: object) -> str:
    if isinstance(value, list) and all(
        isinstance(v, int) and not isinstance(v, bool) and setting.low <= v <= setting.high
        for v in cast("list[object]", value)
    ):
        return ""
    return f"takes a list of whole numbers from {setting.low} to {setting.high}."


def _title_rules(_: Setting, value: object) -> str:
    if not isinstance(value, list):
        return "takes a list of rules."
    for rule in cast("list[object]", value):
        if not isinstance(rule, dict):
            return "each rule is an object with pattern and action."
        fields = cast("dict[str, object]", rule)
        if not isinstance(fields.get("pattern"), str) or not fields["pattern"]:
            return "each rule needs a pattern."
        if fields.get("action") not in ("drop", "replace", "hash"):
            return "a rule's action is drop, replace or hash."
        if set(fields) - {"pattern", "action", "replacement", "application"}:
            return "a rule has pattern, action, and perhaps replacement and application."
        if not all(isinstance(v, str) for v in fields.values()):
            return "a rule's fields are texts."
    return ""


_PROBLEMS = {
    Kind.SWITCH: _switch,
    Kind.WHOLE_NUMBER: _whole_number,
    Kind.TEXT: _text,
    Kind.CHOICE: _choice,
    Kind.TEXTS: _texts,
    Kind.TITLE_RULES: _title_rules,
    Kind.NUMBERS: _numbers,
}

SETTINGS: Mapping[str, Setting] = {
    setting.key: setting
    for setting in (
        Setting(
            "general.start_with_system", Kind.SWITCH, False, "Start with the system",
            "Recording begins when you log in.",
        ),
        Setting(
            "appearance.theme", Kind.CHOICE, "system", "Look", "Light, dark, or what your desktop prefers.",
            choices={"system": "As the desktop", "light": "Light", "dark": "Dark"},
        ),
        Setting(
            "appearance.language", Kind.CHOICE, "system", "Language",
            "The language of the windows and the tray.",
            choices={"system": "As the system", "en": "English", "de": "Deutsch"},
        ),
        Setting(
            "tracking.idle_after_s", Kind.WHOLE_NUMBER, 180, "Idle after",
            "Without input for this long you count as idle, from your last input on.",
            unit="seconds", low=10, high=3600,
        ),
        Setting(
            "tracking.count_microphone", Kind.SWITCH, True, "Calls count as work",
            "While a program uses the microphone you count as present without touching the keyboard.",
        ),
        Setting(
            "tracking.count_fullscreen_video", Kind.SWITCH, True, "Fullscreen video counts",
            "While a player, browser or presentation fills the screen you count as present.",
        ),
        Setting(
            "tracking.count_media_playing", Kind.SWITCH, True, "Playing media counts",
            "While a media player says it is playing you count as present.",
        ),
        Setting(
            "tracking.count_idle_inhibitor", Kind.SWITCH, True, "Programs that keep the screen on count",
            "While a program asks the desktop not to go idle you count as present.",
        ),
        Setting(
            "tracking.longest_hold_min", Kind.WHOLE_NUMBER, 120, "Present without input for at most",
            "However long a call or film runs, you count as idle after this long without input.",
            unit="minutes", low=1, high=1440,
        ),
        Setting(
            "privacy.detail", Kind.CHOICE, "titles", "What is recorded",
            "How much of a window is kept. Whatever you choose stays on this machine.",
            choices={
                "applications": "Application names and times only",
                "projects": "Applications, projects and branches, but no titles",
                "titles": "Also window titles, after the rules below",
            },
        ),
        Setting(
            "privacy.addresses", Kind.CHOICE, "host", "Web addresses",
            "How much of a web address is kept, where one is known.",
            choices={"none": "Nothing", "host": "The site only", "full": "The whole address"},
        ),
        Setting(
            "privacy.excluded_applications", Kind.TEXTS,
            ["keepass*", "1password*", "bitwarden*", "seahorse", "gnome-keyring*", "kwalletmanager*",
             "pinentry*", "polkit*", "gcr-prompter", "enpass", "lastpass*", "dashlane*", "authy*"],
            "Never record these applications",
            "Names or patterns with * and ?; upper and lower case are the same. No trace is kept.",
        ),
        Setting(
            "privacy.allow_list_only", Kind.SWITCH, False, "Record only what I allow",
            "Only applications on the list of allowed ones are recorded.",
        ),
        Setting(
            "privacy.allowed_applications", Kind.TEXTS, [], "Allowed applications",
            "Names or patterns with * and ?; used when only allowed applications are recorded.",
        ),
        Setting(
            "privacy.untitled_applications", Kind.TEXTS,
            ["slack", "discord", "signal*", "telegram*", "element*", "whatsapp*", "teams*", "*teams*",
             "zoom*", "thunderbird*", "evolution*", "geary", "kmail*", "mutt", "neomutt", "skype*",
             "mattermost*", "zulip*", "wire", "hexchat", "outlook*"],
            "Never record titles of these",
            "Chats and mail show other people's words: their time is recorded, their titles are not.",
        ),
        Setting(
            "privacy.title_rules", Kind.TITLE_RULES,
            [
                {"pattern": r"(?i)[\w.+-]+@[\w-]+\.[\w.-]+", "action": "replace", "replacement": "[e-mail]"},
                {"pattern": r"\b(?:gh[pousr]_|glpat-|xox[abprs]-|AKIA|sk-)[\w-]{8,}", "action": "replace",
                 "replacement": "[secret]"},
                {"pattern": r"(?i)\b(?:bank|banking|paypal|password|passwort|payroll|salary)\b",
                 "action": "drop"},
            ],
            "Title rules",
            "A pattern (RE2 syntax) in a title, and what then happens: drop the title, replace the "
            "matching part, or hash it so that equal parts stay recognisable.",
        ),
        Setting(
            "projects.folders", Kind.TEXTS, [], "Folders with your projects",
            "Searched for repositories by `devpulse projects scan`.",
        ),
        Setting(
            "projects.scan_depth", Kind.WHOLE_NUMBER, 4, "Search depth",
            "How many folders deep the search for repositories goes.", unit="folders", low=1, high=12,
        ),
        Setting(
            "focus.presets_min", Kind.NUMBERS, [25, 50, 90], "Focus presets",
            "Lengths offered for a focus session, in minutes.", low=1, high=720,
        ),
        Setting(
            "focus.interruption_after_s", Kind.WHOLE_NUMBER, 15, "An interruption is longer than",
            "Leaving the session's work for less than this does not count.",
            unit="seconds", low=1, high=600,
        ),
        Setting(
            "notifications.focus_ended", Kind.SWITCH, True, "Focus session ended",
            "Tell me when a focus session reaches its planned length.",
        ),
        Setting(
            "notifications.distracted_in_focus", Kind.SWITCH, False, "Distracted during a focus session",
            "Tell me, once in a session, when I stay in a distracting category for a minute.",
        ),
        Setting(
            "notifications.goal_reached", Kind.SWITCH, True, "Goal reached",
            "Tell me when a goal is reached or a limit passed, once in its day or week.",
        ),
        Setting(
            "notifications.break_due_min", Kind.WHOLE_NUMBER, 0, "Break due after",
            "Tell me when I have worked this long without a break of 5 minutes; 0 is never.",
            unit="minutes", low=0, high=720,
        ),
        Setting(
            "notifications.tracking_stopped", Kind.SWITCH, True, "Tracking stopped working",
            "Tell me when something keeps DevPulse from recording.",
        ),
        Setting(
            "storage.backups_kept", Kind.WHOLE_NUMBER, 7, "Daily backups kept",
            "Older backups of the database are removed.", unit="backups", low=1, high=365,
        ),
        Setting(
            "storage.keep_days", Kind.WHOLE_NUMBER, 0, "Keep activity for",
            "Older activity is erased once a day; 0 keeps it for ever. Backups keep it for some days longer, "
            "as many as there are backups.",
            unit="days", low=0, high=36_500,
        ),
        Setting(
            "storage.keep_titles_days", Kind.WHOLE_NUMBER, 0, "Keep titles for",
            "Older titles, addresses and paths are erased once a day, while their time and projects stay; "
            "0 keeps them for ever.",
            unit="days", low=0, high=36_500,
        ),
        Setting(
            "storage.logs_kept_days", Kind.WHOLE_NUMBER, 30, "Logs kept",
            "Older log files are removed. Logs never hold titles, addresses or paths.",
            unit="days", low=1, high=365,
        ),
        Setting(
            "sync.when", Kind.CHOICE, "automatic", "Sync with the service",
            "Only for those who are signed in. Nothing leaves this machine unsealed.",
            choices={
                "automatic": "By itself, within a minute of a change",
                "asked": "Only when I ask for it",
                "never": "Never",
            },
        ),
        Setting(
            "sync.on_metered", Kind.SWITCH, False, "Sync on metered connections",
            "Where the system says that the connection is paid for by volume, it waits unless you allow it.",
        ),
        *(
            Setting(
                key, Kind.CHOICE, "merge", title,
                "What holds when two machines changed the same while they were apart. All of it is listed "
                "under conflicts and can be undone.",
                choices={
                    "merge": "Of each field the latest change",
                    "local_wins": "What this machine has",
                    "remote_wins": "What the other machine has",
                    "manual": "The latest, and ask me",
                },
            )
            for key, title in (
                ("sync.conflicts_projects", "Conflicts of projects"),
                ("sync.conflicts_categories", "Conflicts of categories"),
                ("sync.conflicts_rules", "Conflicts of rules"),
                ("sync.conflicts_goals", "Conflicts of goals"),
                ("sync.conflicts_focus", "Conflicts of focus sessions"),
            )
        ),
        Setting(
            "sync.server", Kind.TEXT, "", "Service",
            "Its address, such as https://pulse.example.org, for signing up and in; and where it has moved "
            "to, if you are signed in.",
        ),
        Setting(
            "sync.pin", Kind.TEXT, "", "The service's key",
            "`sha256/…`: only a service with this public key is spoken to, on top of what the system trusts. "
            "Several are separated by spaces.",
        ),
        Setting(
            "logs.level", Kind.CHOICE, "info", "Log level", "How much the log file tells.",
            choices={"debug": "Everything", "info": "What happens", "warning": "Only problems"},
        ),
        Setting(
            "memory.hand_back", Kind.SWITCH, True, "Hand start-up memory back",
            "The agent gives pages of code it only needed to start back to the system (Linux).",
        ),
    )
}  # fmt: skip


def declared(key: str) -> Setting:
    """The declaration of `key`; raises `InvalidSetting` when there is none."""
    setting = SETTINGS.get(key)
    if setting is None:
        raise InvalidSetting(
            f"There is no setting {key!r}.", advice="`devpulse settings list` shows them all."
        )
    return setting
