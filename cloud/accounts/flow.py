"""A sign-in by a vendor while it is under way: state good once and only in the browser that began it."""

from __future__ import annotations

import hashlib
import hmac
import secrets

import msgspec

from cloud.accounts.providers import s256
from cloud.backing import Store
from cloud.errors import Problem

SECONDS = 600
CODE_SECONDS = 60


class Flow(msgspec.Struct, frozen=True, array_like=True):
    """What was begun. `purpose`: app (return to the loopback address), browser, or link (to `account`)."""

    provider: str
    purpose: str
    verifier: str
    browser: bytes
    redirect_uri: str = ""
    state: str = ""
    code_challenge: str = ""
    account: bytes = b""


class Identified(msgspec.Struct, frozen=True, array_like=True):
    """Who came back, for the application that asked; or for the person to consent first."""

    provider: str
    subject: str
    redirect_uri: str
    state: str
    code_challenge: str
    browser: bytes


def gone() -> Problem:
    """The flow is not, or no longer, or not this browser's."""
    return Problem(
        400,
        "This sign-in has ended, or it began in another browser. Nothing was changed; begin again.",
        kind="oauth-state",
    )


def digest(text: str) -> bytes:
    """What is kept of a text that must not be read from the store."""
    return hashlib.sha256(text.encode(errors="replace")).digest()


async def begin(store: Store, flow: Flow) -> str:
    """Remember it; the state that comes back from the vendor."""
    state = secrets.token_urlsafe(32)
    await store.put(f"oauth:{digest(state).hex()}", msgspec.msgpack.encode(flow), SECONDS)
    return state


async def resume(store: Store, provider: str, state: str, browser: str | None) -> Flow:
    """What this state stands for, spent by it. Raises Problem 400."""
    kept = await store.take(f"oauth:{digest(state).hex()}")
    flow = msgspec.msgpack.decode(kept, type=Flow) if kept is not None else None
    if flow is None or flow.provider != provider or not _same(flow.browser, browser):
        raise gone()
    return flow


async def ask_consent(store: Store, identified: Identified) -> str:
    """Keep who came back until the person agrees; the ticket for that."""
    ticket = secrets.token_urlsafe(32)
    await store.put(f"oauth-consent:{digest(ticket).hex()}", msgspec.msgpack.encode(identified), SECONDS)
    return ticket


async def consented(store: Store, ticket: str, browser: str | None) -> Identified:
    """The person agreed, in the same browser. Raises Problem 400."""
    return await _identified(store, f"oauth-consent:{digest(ticket).hex()}", browser)


async def give_code(store: Store, identified: Identified) -> str:
    """A code for the application, good once and for a minute."""
    code = secrets.token_urlsafe(32)
    await store.put(f"oauth-code:{digest(code).hex()}", msgspec.msgpack.encode(identified), CODE_SECONDS)
    return code


async def redeem(store: Store, code: str, verifier: str) -> Identified:
    """Who stands behind the code, if the verifier fits; either way it is spent. Raises Problem 400."""
    kept = await store.take(f"oauth-code:{digest(code).hex()}")
    if kept is None:
        raise gone()
    identified = msgspec.msgpack.decode(kept, type=Identified)
    if not hmac.compare_digest(s256(verifier).encode(), identified.code_challenge.encode()):
        raise gone()
    return identified


async def _identified(store: Store, key: str, browser: str | None) -> Identified:
    kept = await store.take(key)
    identified = msgspec.msgpack.decode(kept, type=Identified) if kept is not None else None
    if identified is None or not _same(identified.browser, browser):
        raise gone()
    return identified


def _same(kept: bytes, browser: str | None) -> bool:
    return browser is not None and hmac.compare_digest(kept, digest(browser))
