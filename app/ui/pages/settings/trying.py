"""What the privacy filter would make of a window, tried by the filter itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.config import Settings
from app.errors import InvalidPattern
from app.models.values import Hidden, WindowSample
from app.tracking.patterns import compile_pattern
from app.tracking.policy import policy_from
from app.tracking.privacy import PrivacyFilter
from app.ui.said import said
from app.ui.words import tr

# Hashes only show here that something is hashed; the real ones are made with the home's own secret.
_SALT = bytes(16)


@dataclass(frozen=True, slots=True)
class Tried:
    """`reason`: why it cannot be used, "" if it can. `told`: what would happen, "" for nothing to try."""

    reason: str = ""
    told: str = ""


def tried_rule(rule: Mapping[str, str], title: str) -> Tried:
    """One title rule, on one title."""
    if not rule["pattern"]:
        return Tried()
    try:
        pattern = compile_pattern(rule["pattern"])
    except InvalidPattern as error:
        return Tried(reason=said(error.detail))
    if not title:
        return Tried()
    if not pattern.found_in(title):
        return Tried(told=tr("The pattern does not occur in this title: it is stored as it is."))
    settings = Settings().with_value(
        "privacy.title_rules", [{k: v for k, v in rule.items() if k != "application"}]
    )
    settings = settings.with_value("privacy.excluded_applications", [])
    return Tried(told=_told(settings, WindowSample(application="application", title=title)))


def tried_window(settings: Settings, application: str, title: str) -> str:
    """What these settings would keep of a window, in one sentence."""
    if not application.strip():
        return ""
    return _told(settings, WindowSample(application=application.strip(), title=title))


def _told(settings: Settings, sample: WindowSample) -> str:
    seen = PrivacyFilter(policy_from(settings, salt=_SALT)).apply(sample)
    if isinstance(seen, Hidden):
        return tr("Nothing would be recorded: {reason}.", reason=_reasons().get(seen.value, seen.value))
    if seen.title is None:
        return tr("Recorded as {application}, without a title.", application=seen.application)
    return tr("Recorded as {application}: {title}", application=seen.application, title=seen.title)


def _reasons() -> dict[str, str]:
    return {
        "private_mode": tr("private mode is on"),
        "paused": tr("recording is paused"),
        "excluded_application": tr("the application is excluded"),
        "not_allowed": tr("only allowed applications are recorded, and this is none"),
        "private_browsing": tr("it is a private window"),
    }
