"""Reading settings: each value by its own rule, every refusal collected in words."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")
D = TypeVar("D")
W = TypeVar("W")


class SettingsRefused(Exception):
    """The environment holds values the service cannot use; `reasons` has one sentence for each."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


class Reader:
    """Reads one value after another out of an environment, and remembers what was wrong with each."""

    def __init__(self, prefix: str, environ: Mapping[str, str], options: Mapping[str, str]) -> None:
        self._prefix = prefix
        given: dict[str, str] = {
            name.removeprefix(prefix): value for name, value in environ.items() if name.startswith(prefix)
        }
        self._given: dict[str, str] = given | dict(options)
        self._known: set[str] = set()
        self.reasons: list[str] = []

    @property
    def present(self) -> frozenset[str]:
        """The names that have a value."""
        return frozenset(self._given)

    def __call__(self, name: str, rule: Callable[[str], T], default: D) -> T | D:
        """The value of `name` by its rule, or the default where it is not given or is refused."""
        self._known.add(name)
        if name not in self._given:
            return default
        return self._ruled(name, self._given[name], rule, default)

    def secret(self, name: str, rule: Callable[[str], T], default: D) -> T | D:
        """As a call, or from the file that `<name>_FILE` names; both at once are refused."""
        at = f"{name}_FILE"
        self._known.add(at)
        if at not in self._given:
            return self(name, rule, default)
        if name in self._given:
            self.reasons.append(f"Set {self._prefix}{name} or {self._prefix}{at}, not both.")
        try:
            value = Path(self._given[at]).read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, ValueError):
            self.reasons.append(f"The file that {self._prefix}{at} names cannot be read.")
            return default
        self._known.add(name)
        return self._ruled(name, value, rule, default)

    def refuse_unknown(self) -> None:
        """Call when all is read: what is left over is a slip of the pen."""
        unknown = sorted(self._given.keys() - self._known)
        self.reasons += [f"{self._prefix}{name} is not a setting of this version." for name in unknown]

    def _ruled(self, name: str, value: str, rule: Callable[[str], T], default: D) -> T | D:
        try:
            return rule(value.strip())
        except ValueError as refused:
            # A rule's words never repeat the value: it may be a secret.
            self.reasons.append(f"{self._prefix}{name} must be {refused}.")
            return default


def listen_host(value: str) -> str:
    """An address or name to listen on."""
    if not value or any(sign.isspace() or sign in "/@" for sign in value):
        raise ValueError("an address or a name, such as 127.0.0.1")
    return value


def number(least: int, most: int, hint: str) -> Callable[[str], int]:
    """The rule of a whole number in a range."""

    def rule(value: str) -> int:
        plain = value.isascii() and value.isdigit() and len(value) <= len(str(most))
        if not plain or not least <= int(value) <= most:
            raise ValueError(f"a number from {least} to {most} ({hint})")
        return int(value)

    return rule


def choice(*words: W) -> Callable[[str], W]:
    """The rule of one word of several."""

    def rule(value: str) -> W:
        for word in words:
            if word == value.lower():
                return word
        raise ValueError(f"one of {', '.join(map(str, words))}")

    return rule


def text(least: int) -> Callable[[str], str]:
    """The rule of a printable text of at least so many signs."""

    def rule(value: str) -> str:
        if len(value) < least or not value.isprintable():
            raise ValueError(f"a text of at least {least} printable signs")
        return value

    return rule


def url(*schemes: str) -> Callable[[str], str]:
    """The rule of a URL with one of these schemes."""

    def rule(value: str) -> str:
        try:
            scheme = urlsplit(value).scheme
        except ValueError:
            scheme = ""
        if scheme not in schemes or "://" not in value:
            raise ValueError(f"a URL that begins with {' or '.join(f'{name}://' for name in schemes)}")
        return value

    return rule


def origin(value: str) -> str:
    """A scheme, a host and perhaps a port, with no closing slash."""
    try:
        parts = urlsplit(value)
        sound = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        sound = False
        parts = urlsplit("")
    if not sound or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError("an address such as https://pulse.example.org")
    return value.rstrip("/")


def secret(value: str) -> tuple[str, ...]:
    """One or more keys of 32 bytes in base64, the one in use first, old ones after it."""
    keys = tuple(part.strip() for part in value.split(","))
    for key in keys:
        try:
            size = len(base64.b64decode(key, validate=True))
        except (binascii.Error, ValueError):
            size = 0
        if size < 32:
            raise ValueError(
                "32 random bytes in base64 (openssl rand -base64 32); old ones may follow, after commas"
            )
    return keys


def address_range(value: str) -> tuple[str, ...]:
    """Addresses or ranges, by commas."""
    try:
        return tuple(
            str(ipaddress.ip_network(part.strip(), strict=False)) for part in value.split(",") if part.strip()
        )
    except ValueError:
        raise ValueError("addresses or ranges by commas, such as 10.0.0.0/8") from None


def folder(value: str) -> Path:
    """An absolute folder."""
    if not value.startswith(("/", "~")):
        raise ValueError("a folder with its whole path")
    return Path(value).expanduser()


def file(value: str) -> Path:
    """A file that can be read."""
    path = Path(value)
    if not path.is_file():
        raise ValueError("a file that exists")
    return path


def rate(value: str) -> str:
    """A rate such as 30/minute."""
    if not re.fullmatch(r"[1-9][0-9]{0,8}/(second|minute|hour|day)", value):
        raise ValueError("a rate such as 30/minute")
    return value
