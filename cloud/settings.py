"""Settings of the service: from the environment, checked all at once, frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PREFIX = "DEVPULSE_CLOUD_"
LEVELS = ("debug", "info", "warning", "error")


class SettingsRefused(Exception):
    """The environment holds values the service cannot use; `reasons` has one sentence for each."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the service listens, and how much it tells."""

    host: str = "127.0.0.1"
    port: int = 8420
    log_level: str = "info"


def from_environment(
    environ: Mapping[str, str], *, host: str | None = None, port: str | None = None
) -> Settings:
    """The settings of `environ`, with `host` and `port` of the command line before it.

    Raises SettingsRefused with every reason there is.
    """
    given = {name.removeprefix(PREFIX): value for name, value in environ.items() if name.startswith(PREFIX)}
    if host is not None:
        given["HOST"] = host
    if port is not None:
        given["PORT"] = port
    known = {"HOST", "PORT", "LOG_LEVEL"}
    reasons = [f"{PREFIX}{name} is not a setting of this version." for name in sorted(given.keys() - known)]
    plain = Settings()
    listen = given.get("HOST", plain.host).strip()
    if not listen or any(sign.isspace() or sign in "/@" for sign in listen):
        reasons.append("The host must be an address or a name, such as 127.0.0.1.")
    number = _port(given.get("PORT", str(plain.port)))
    if number is None:
        reasons.append("The port must be a number from 0 to 65535; 0 takes any that is free.")
    level = given.get("LOG_LEVEL", plain.log_level).strip().lower()
    if level not in LEVELS:
        reasons.append(f"{PREFIX}LOG_LEVEL must be one of {', '.join(LEVELS)}.")
    if reasons or number is None:
        raise SettingsRefused(reasons)
    return Settings(listen, number, level)


def _port(text: str) -> int | None:
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 5):
        return None
    return int(digits) if int(digits) <= 65_535 else None
