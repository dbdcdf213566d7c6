"""What the service answers when it refuses (problem+json, RFC 9457), as an error in words for a person."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

from app.errors import DevPulseError, NotSignedIn, ServiceAway, ServiceRefused, ServiceUntrusted
from app.sync.link.patience import retry_after_s

_NAMESPACE = "urn:devpulse:problem:"
_LONGEST_WORDS = 400
# Nothing is wrong with the request: the same may be answered in a while.
TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})


class Refusal(ServiceRefused):
    """A refusal with all that the service told: `status`, `problem` (its word) and `more` (its members)."""

    def __init__(
        self, status: int, problem: str, words: tuple[str, str, str], more: Mapping[str, Any]
    ) -> None:
        title, detail, advice = words
        super().__init__(title, detail=detail, advice=advice)
        self.status = status
        self.problem = problem
        self.more = more

    def as_json(self) -> dict[str, str]:
        return {**super().as_json(), "kind": ServiceRefused.__name__, "problem": self.problem}


def refusal(status: int, headers: Mapping[str, str], body: bytes, now_s: float) -> DevPulseError:
    """The error for an answer that is none of the good ones (not 2xx)."""
    members = _members(body)
    kind = str(members.get("type", "")).removeprefix(_NAMESPACE)
    kind = kind if kind in _WORDS else ""
    if status in TRANSIENT:
        return _away(status, headers, now_s)
    if 300 <= status < 400:
        return ServiceUntrusted(
            "The service sends us elsewhere.",
            detail="DevPulse does not follow: nothing more was sent.",
            advice="Ask for the service's present address: `devpulse settings set sync.server …`.",
        )
    if status == 401 and not kind:
        return NotSignedIn("The service does not know this session.", advice="`devpulse account sign-in`")
    title, advice = _WORDS.get(kind, (f"The service refused ({status}).", ""))
    return Refusal(status, kind, (title, plain(members.get("detail", "")), advice), members)


def _away(status: int, headers: Mapping[str, str], now_s: float) -> ServiceAway:
    asks = "The service asks to wait."
    error = ServiceAway(
        asks if status == 429 else f"The service cannot answer now ({status}).",
        detail="Nothing is lost; what is to be synced waits here.",
        advice="It is tried again.",
    )
    error.retry_after_s = retry_after_s(headers.get("retry-after"), now_s)
    return error


def _members(body: bytes) -> Mapping[str, Any]:
    try:
        found: object = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


def plain(text: object) -> str:
    """Words from outside, fit to be shown: printable, and not too many."""
    return "".join(letter for letter in str(text)[:_LONGEST_WORDS] if letter.isprintable())


# The service's words for why, and what a person can do. What it says besides is shown as detail.
_WORDS: Mapping[str, tuple[str, str]] = {
    "not-proven": ("The password, the Secret Key or the recovery key is not the right one.", "Try again."),
    "session-over": ("This machine's session is over.", "`devpulse account sign-in` begins a new one."),
    "device": ("This machine is not on the account's list of devices.", "Pair it: `devpulse account pair`."),
    "not-listed": (
        "This machine is not on the account's list of devices.",
        "Pair it: `devpulse account pair`.",
    ),
    "device-revoked": (
        "This machine was taken off the account.",
        "Your data here stays. To sync again, sign in as a new device: `devpulse account sign-in`.",
    ),
    "scope": ("This session may not do that.", "Sign in with your password: `devpulse account sign-in`."),
    "taken": (
        "There is an account with this e-mail address already.",
        "Sign in: `devpulse account sign-in`.",
    ),
    "sign-up-closed": (
        "This service takes no new accounts.",
        "Ask the person who runs it for an invitation.",
    ),
    "quota": (
        "Your share of the service is full.",
        "Erase old data, or ask the person who runs it for more.",
    ),
    "stale-parent": ("Another device has changed this meanwhile.", "It is merged and tried again."),
    "stale-epoch": ("The account has a new root key.", "It is fetched and tried again."),
    "stale-chain": ("The list of devices has changed in between.", "Try again."),
    "stale-keys": ("The account's keys have changed in between, on another device.", "Try again."),
    "restored": ("The service was restored from a backup.", "What it lacks is sent again."),
    "no-provider": ("The service does not offer to sign in that way.", "Sign in with your password."),
    "unknown-identity": (
        "No account is connected with this identity.",
        "Sign in with your password, and connect it on your account's page: `devpulse account page`.",
    ),
    "oauth-state": ("This sign-in has ended.", "Begin again."),
    "pairing": ("There is nothing under this code.", "Codes are good for ten minutes; begin again."),
    "no-device": ("There is no such device.", "`devpulse account devices` shows them."),
    "statement": ("The service refused the change of the device list.", ""),
    "envelope": ("The service refused an envelope.", "Please report this: it is a fault of DevPulse."),
    "wraps": ("The service refused the new keys.", "Please report this: it is a fault of DevPulse."),
    "login": ("The service refused the account's name.", "Please report this: it is a fault of DevPulse."),
    "invalid-request": (
        "The service does not understand this DevPulse.",
        "One of the two is older than the other: update both.",
    ),
}
