"""From the settings to an open line: which service, by which key, as which member."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from app.config import Settings
from app.errors import NotSignedIn, UsageError
from app.models.keys import DataKey
from app.paths import Paths
from app.sync.account.member import Member
from app.sync.account.member_file import MemberFile
from app.sync.account.session import Signed
from app.sync.link.address import parse_address
from app.sync.link.connection import Connection, proxy_of
from app.sync.link.service import Patience, Service
from app.sync.link.trust import parse_pins


def open_service(
    server: str, settings: Settings, environ: Mapping[str, str], patience: Patience | None = None
) -> Service:
    """The service at an address, or at the setting's. Raises `UsageError`, `InvalidSetting`."""
    server = server or settings.text("sync.server")
    if not server:
        raise UsageError(
            "Which service?",
            advice="Say `--server https://…`, or `devpulse settings set sync.server https://…`.",
        )
    address = parse_address(server)
    line = Connection(address, pins=parse_pins(settings.text("sync.pin")), proxy=proxy_of(environ, address))
    return Service(line, patience)


def open_signed(
    paths: Paths,
    key: DataKey,
    settings: Settings,
    environ: Mapping[str, str],
    now_ms: Callable[[], int] | None = None,
    patience: Patience | None = None,
) -> Signed:
    """This machine's member at its service. Raises `NotSignedIn`, `KeyUnavailable`, `UsageError`."""
    file = MemberFile(paths.account, key)
    member = file.load()
    if member is None:
        raise not_signed_in()
    moved = settings.text("sync.server")
    if moved and parse_address(moved).url != member.server:
        # Who is there must still be the same service: every proof is for its id.
        member = replace(member, server=parse_address(moved).url)
    service = open_service(member.server, settings, environ, patience)
    return Signed(service, file, member, now_ms or (lambda: time.time_ns() // 1_000_000))


def require_nobody(paths: Paths, key: DataKey) -> MemberFile:
    """The file for a new member. Raises `UsageError` where somebody is signed in."""
    file = MemberFile(paths.account, key)
    member = file.load()
    if member is not None:
        raise UsageError(
            f"This machine is signed in{told(member)} already.",
            detail="Nothing was changed.",
            advice="`devpulse account sign-out` ends that.",
        )
    return file


def told(member: Member) -> str:
    """` as ada@example.org`, or nothing."""
    return f" as {member.email}" if member.email else ""


def not_signed_in() -> NotSignedIn:
    """Nobody is signed in here."""
    return NotSignedIn(
        "You are not signed in.",
        detail="What is recorded stays on this machine only.",
        advice="`devpulse account sign-up` makes an account, `devpulse account sign-in` joins one.",
    )
