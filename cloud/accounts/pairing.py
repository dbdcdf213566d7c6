"""A mailbox for pairing: a new machine leaves an offer under a place, one of the account answers there.

Both are sealed or signed by the machines; the service only holds them, for ten minutes. The place is a digest
of a code that a person carries from one screen to the other.
"""

from __future__ import annotations

from typing import Annotated

from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, PathParameter

from app.sync.wire.accounts import PairingContent, PairingOffer
from cloud.backing import Backing
from cloud.errors import Problem
from cloud.security.authentication import PUBLIC, needs

SECONDS = 600
Place = Annotated[str, PathParameter(pattern=r"^[0-9a-f]{64}$")]


def _gone() -> Problem:
    return Problem(
        404, "There is nothing under this code, or not any more. Nothing was changed.", kind="pairing"
    )


@post("/v1/pairing", status_code=204, opt={**PUBLIC, "strict": True, "answers": {409: "Taken."}})
async def offer(data: JSONBody[PairingOffer], backing: NamedDependency[Backing]) -> None:
    """Leave an offer. Nobody can put another in its place."""
    if not await backing.store.add(f"pairing-offer:{data.place.hex()}", data.content, SECONDS):
        raise Problem(409, "This code is in use already. Begin again.", kind="pairing")


@get("/v1/pairing/{place:str}", opt=needs("vault:write", answers={404: "Nothing there."}))
async def read_offer(place: FromPath[Place], backing: NamedDependency[Backing]) -> PairingContent:
    """The offer, for a machine of some account."""
    content = await backing.store.get(f"pairing-offer:{place}")
    if content is None:
        raise _gone()
    return PairingContent(content)


@put(
    "/v1/pairing/{place:str}/answer",
    status_code=204,
    opt=needs("vault:write", answers={404: "Nothing there."}),
)
async def answer(
    place: FromPath[Place], data: JSONBody[PairingContent], backing: NamedDependency[Backing]
) -> None:
    """Answer an offer, once."""
    if await backing.store.get(f"pairing-offer:{place}") is None:
        raise _gone()
    if not await backing.store.add(f"pairing-answer:{place}", data.content, SECONDS):
        raise Problem(409, "This code was answered already. Begin again.", kind="pairing")


@get("/v1/pairing/{place:str}/answer", opt={**PUBLIC, "strict": True, "answers": {404: "Nothing there yet."}})
async def read_answer(place: FromPath[Place], backing: NamedDependency[Backing]) -> PairingContent:
    """The answer, for the machine that waits for it."""
    content = await backing.store.get(f"pairing-answer:{place}")
    if content is None:
        raise _gone()
    return PairingContent(content)
