"""Tickets: good once, for a minute; where a token cannot go (a browser's address, a WebSocket)."""

from __future__ import annotations

import hashlib
import secrets
from typing import Literal

from cloud.backing import Store

SECONDS = 60
Purpose = Literal["events", "browser"]


async def give(store: Store, session: bytes, purpose: Purpose) -> str:
    """A ticket that stands for this session, for one purpose."""
    ticket = secrets.token_urlsafe(32)
    await store.put(_key(ticket, purpose), session, SECONDS)
    return ticket


async def take(store: Store, ticket: str, purpose: Purpose) -> bytes | None:
    """The session a ticket stands for, and the ticket is spent; None if it is none."""
    return await store.take(_key(ticket, purpose))


def _key(ticket: str, purpose: str) -> str:
    # What lies in the store is of no use to who reads it.
    return f"ticket:{purpose}:{hashlib.sha256(ticket.encode(errors='replace')).hexdigest()}"
