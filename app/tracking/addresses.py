"""How much of a web address is recorded."""

from __future__ import annotations

import re
from enum import StrEnum
from urllib.parse import SplitResult, urlsplit

from app.tracking.titles import cleaned

LONGEST_ADDRESS = 2000

_SECRET = re.compile(
    r"([?&#;/!](?:[\w.-]{0,40}[_.-])?(?:token|key|apikey|secret|password|passwd|pwd|code|sig|signature|auth|"
    r"session|sid|jwt|otp|state|nonce|ticket|credential|assertion)=)[^&#;]*",
    re.IGNORECASE,
)


class Addresses(StrEnum):
    """The levels of the setting `privacy.addresses`."""

    NONE = "none"
    HOST = "host"
    FULL = "full"


def recorded_address(url: str, level: Addresses) -> str | None:
    """What of `url` may be stored: nothing, `github.com`, or the address without credentials.

    Only http and https addresses have anything that is recorded. A full address loses user name and
    password and the values of parameters named like secrets; one over 2000 characters only its site stays.
    """
    if level is Addresses.NONE:
        return None
    try:
        parts = urlsplit(cleaned(url, 2 * LONGEST_ADDRESS))
        host = _host(parts)
    except ValueError:
        return None
    if host is None:
        return None
    if level is Addresses.HOST:
        return host
    full = parts._replace(netloc=host).geturl()
    return _SECRET.sub(r"\1…", full) if len(full) <= LONGEST_ADDRESS else host


def _host(parts: SplitResult) -> str | None:
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    name = parts.hostname.rstrip(".")
    if not name or re.search(r"[\s@\\<>\"'`]", name):
        return None
    shown = f"[{name}]" if ":" in name else name
    return shown if parts.port in (None, 80, 443) else f"{shown}:{parts.port}"
