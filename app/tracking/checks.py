"""What the agent itself can tell `doctor`: what works here, what does not, and what to do. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from app.errors import DevPulseError
from app.tracking.platform.base import Limit, Sources

Check = dict[str, str]


def checks(
    sources: Sources, *, blind: bool, problems: Sequence[DevPulseError], tray: str, key: str
) -> list[Check]:
    """The agent's checks, each with name, state (ok, limited, missing), detail and advice."""
    found = [
        _source("windows", sources.windows.name, sources.windows.limits, blind=blind),
        _source("input", sources.input.name, sources.input.limits, blind=blind),
        _source("session", sources.session.name, sources.session.limits),
        _source("presence without input", "calls, films, inhibitors", sources.holds.limits),
        _tray(tray),
    ]
    found += [_limit("display", limit) for limit in sources.notes]
    if key:
        found.append(_check("key", "ok", key))
    found += [_check("recording", "missing", f"{p.title} {p.detail}".strip(), p.advice) for p in problems]
    return found


def _source(name: str, source: str, limits: Sequence[Limit], *, blind: bool = False) -> Check:
    if blind:
        return _check(name, "missing", f"{source} sees nothing now: there is no display.")
    if not limits:
        return _check(name, "ok", source)
    detail = " ".join(limit.what for limit in limits)
    advice = " ".join(limit.advice for limit in limits if limit.advice)
    return _check(name, "missing" if source in ("null", "none") else "limited", f"{source}: {detail}", advice)


def _limit(name: str, limit: Limit) -> Check:
    return _check(name, "limited", limit.what, limit.advice)


def _tray(kind: str) -> Check:
    if kind == "none":
        return _check(
            "tray", "missing", "No panel shows tray icons.", "All of it works by command: `devpulse --help`."
        )
    return _check("tray", "ok", kind)


def _check(name: str, state: str, detail: str, advice: str = "") -> Check:
    return {"name": name, "state": state, "detail": detail, "advice": advice}
