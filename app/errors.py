"""The errors DevPulse tells a person about.

    DevPulseError                 exit 1
    ├── UsageError                exit 2   the words of a command are off
    ├── AgentNotRunning           exit 3
    ├── NotSignedIn               exit 4
    ├── RefusedForPrivacy         exit 5
    ├── InvalidPattern            exit 2   a pattern that cannot be used, with the reason
    ├── InvalidSetting            exit 2
    ├── AlreadyRunning            exit 1   another agent holds this home
    ├── DisplayUnavailable        exit 1
    ├── ChangedSince              exit 1   an undo whose rows were changed again meanwhile
    ├── ImportRefused             exit 1   a file that is not what it says, with line and reason
    ├── ServiceAway               exit 1   the service cannot be reached now; the same may work later
    ├── ServiceUntrusted          exit 1   who answers is not who it should be, or answers nonsense
    ├── ServiceRefused            exit 1   the service said no, with its reason
    ├── AccountUntrusted          exit 1   keys, lists or envelopes that the account's own keys did not make
    └── StorageError              exit 1
        ├── StorageFull
        ├── StorageReadOnly
        ├── StorageBusy
        ├── DatabaseCorrupt
        ├── DatabaseGone
        ├── SchemaTooNew
        ├── SchemaOutdated
        └── KeyUnavailable

A `DevPulseError` is *known*: the environment or the person's input is the cause, and its text says
what happened, what it means for their data, and what to do. Everything else is a bug of ours.
"""

from __future__ import annotations


class DevPulseError(Exception):
    """A known error, told in words.

    `title` is one short sentence, `detail` what it means for the person's data, `advice` what to do.
    None of the three may hold a window title, address or path that the privacy filter has not passed.
    """

    exit_code = 1

    def __init__(self, title: str, *, detail: str = "", advice: str = "") -> None:
        super().__init__(title)
        self.title = title
        self.detail = detail
        self.advice = advice

    def told(self) -> str:
        """The whole text for a terminal or a dialog, one sentence group a line."""
        return "\n".join(part for part in (self.title, self.detail, self.advice) if part)

    def as_json(self) -> dict[str, str]:
        """The error as it crosses the control socket and `--json` output."""
        return {
            "kind": type(self).__name__,
            "title": self.title,
            "detail": self.detail,
            "advice": self.advice,
        }


class UsageError(DevPulseError):
    """The words of a command are off."""

    exit_code = 2


class InvalidPattern(DevPulseError):
    """A pattern that cannot be used; `detail` says why."""

    exit_code = 2


class InvalidSetting(DevPulseError):
    """A setting that does not exist, or a value it does not take."""

    exit_code = 2


class AgentNotRunning(DevPulseError):
    """No agent answers in this home."""

    exit_code = 3


class NotSignedIn(DevPulseError):
    """The command needs an account."""

    exit_code = 4


class RefusedForPrivacy(DevPulseError):
    """What was asked would break a privacy rule."""

    exit_code = 5


class AlreadyRunning(DevPulseError):
    """Another agent holds this home."""


class DisplayUnavailable(DevPulseError):
    """There is no display, or it went away."""


class ChangedSince(DevPulseError):
    """What should be undone was changed again, erased, or has come into use; nothing was changed."""


class ImportRefused(DevPulseError):
    """A file that is not what it says; `detail` names line and reason, and nothing was taken in."""


class ServiceAway(DevPulseError):
    """The service cannot be reached now, or asks to come back later: in `retry_after_s`, where it said so."""

    retry_after_s: float | None = None


class ServiceUntrusted(DevPulseError):
    """Who answers is not the service it should be, or what it answers is not of the protocol."""


class ServiceRefused(DevPulseError):
    """The service refused. `problem` is its stable word for why (`stale-parent`), empty where it has none."""

    problem: str = ""


class AccountUntrusted(DevPulseError):
    """Something that only the account's own keys can make was not made by them; it was not believed."""


class StorageError(DevPulseError):
    """Data could not be read or written."""


class StorageFull(StorageError):
    """The disk or quota is full."""


class StorageReadOnly(StorageError):
    """The disk or file does not take writes."""


class StorageBusy(StorageError):
    """Another process held the database for longer than the busy timeout."""


class DatabaseCorrupt(StorageError):
    """The database's file is damaged."""


class DatabaseGone(StorageError):
    """The database's file is gone, and there are backups of it."""


class SchemaTooNew(StorageError):
    """A newer DevPulse wrote this database; this one does not touch it."""


class SchemaOutdated(StorageError):
    """The database must be migrated first."""


class KeyUnavailable(StorageError):
    """The data key cannot be read now: keyring locked, passphrase not given, or file missing."""


_BY_NAME = {
    kind.__name__: kind
    for kind in (
        DevPulseError, UsageError, InvalidPattern, InvalidSetting, AgentNotRunning, NotSignedIn,
        RefusedForPrivacy, AlreadyRunning, DisplayUnavailable, ChangedSince, ImportRefused, ServiceAway,
        ServiceUntrusted, ServiceRefused, AccountUntrusted, StorageError,
        StorageFull, StorageReadOnly, StorageBusy, DatabaseCorrupt, DatabaseGone, SchemaTooNew,
        SchemaOutdated, KeyUnavailable,
    )
}  # fmt: skip


def from_json(told: dict[str, str]) -> DevPulseError:
    """The inverse of `DevPulseError.as_json`; an unknown kind becomes the base error."""
    kind = _BY_NAME.get(told.get("kind", ""), DevPulseError)
    return kind(
        told.get("title", "The agent could not do this."),
        detail=told.get("detail", ""),
        advice=told.get("advice", ""),
    )
