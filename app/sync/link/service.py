"""The service's questions and answers, typed; what may be tried again is, for a while and with patience."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec

from app.errors import DevPulseError, ServiceAway, ServiceUntrusted
from app.sync.link.connection import Connection, Reply
from app.sync.link.patience import delay_s
from app.sync.link.problems import refusal
from app.sync.wire.envelope import MOST_BYTES
from app.sync.wire.exchange import CONTENT_TYPE, Pulled, SyncAnswer, SyncRequest, VersionList

T = TypeVar("T")

_JSON = "application/json"
_FRAME_HEAD = 12
_LINEAGE = 16


@dataclass(frozen=True, slots=True)
class Patience:
    """How often, and for how many seconds in all, one request is tried again; then it is the next run's."""

    attempts: int = 4
    seconds: float = 20.0
    sleep: Callable[[float], None] = time.sleep
    random: Callable[[], float] = field(default=random.random)
    now_s: Callable[[], float] = time.time


class Service:
    """The other end, asked over one kept connection."""

    def __init__(self, connection: Connection, patience: Patience | None = None) -> None:
        self.connection = connection
        self._patience = patience or Patience()

    def call(
        self,
        method: str,
        path: str,
        answer: type[T],
        message: msgspec.Struct | None = None,
        token: str = "",
        once: str = "",
    ) -> T:
        """Ask in JSON. `once`: a key by which the service knows a second try from a second wish.

        Raises `ServiceAway`, `ServiceRefused`, `ServiceUntrusted`, `NotSignedIn`.
        """
        body = None if message is None else msgspec.json.encode(message)
        said = _said(_JSON, token) | ({"Idempotency-Key": once} if once else {})
        reply = self._ask(method, path, body, said)
        return _decoded(msgspec.json.decode, reply.body, answer)

    def tell(self, method: str, path: str, message: msgspec.Struct | None = None, token: str = "") -> None:
        """Ask for something that is answered with nothing. Raises as `call`."""
        body = None if message is None else msgspec.json.encode(message)
        self._ask(method, path, body, _said(_JSON, token))

    def exchange(self, request: SyncRequest, token: str) -> SyncAnswer:
        """Push and pull in one round trip. Raises as `call`."""
        said = _said(CONTENT_TYPE, token)
        reply = self._ask("POST", "/v1/sync", msgspec.msgpack.encode(request), said)
        return _decoded(msgspec.msgpack.decode, reply.body, SyncAnswer)

    def versions(self, object_: str, kind: int, token: str) -> VersionList:
        """The versions of one object that the service still has. Raises as `call`."""
        reply = self._ask("GET", f"/v1/sync/versions/{object_}?kind={kind}", None, _said(_JSON, token))
        return _decoded(msgspec.msgpack.decode, reply.body, VersionList)

    @contextmanager
    def snapshot(self, after: int, lineage: bytes, token: str) -> Generator[tuple[bytes, Iterator[Pulled]]]:
        """The vault's lineage, and every current envelope after a sequence.

        The last one given has no envelope: with it the snapshot is whole. A stream that breaks off raises
        `ServiceAway`, and goes on after the last sequence that came.
        """
        path = f"/v1/sync/snapshot?after={after}&lineage={lineage.hex()}"
        # While it comes, other things are asked: of keys and machines that its envelopes name.
        line = self.connection.another()
        try:
            with line.stream(path, _said(_JSON, token)) as (reply, file):
                if file is None:
                    raise self._refusal(reply)
                yield _lineage(reply), _frames(file)
        finally:
            line.close()

    def _ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Reply:
        patience, waited = self._patience, 0.0
        for attempt in range(1, patience.attempts + 1):
            try:
                return self._once(method, path, body, headers)
            except ServiceAway as away:
                wait = max(delay_s(attempt, patience.random), away.retry_after_s or 0.0)
                waited += wait
                if attempt == patience.attempts or waited > patience.seconds:
                    raise
                patience.sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    def _once(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Reply:
        reply = self.connection.ask(method, path, body, headers)
        if not 200 <= reply.status < 300:
            raise self._refusal(reply)
        return reply

    def _refusal(self, reply: Reply) -> DevPulseError:
        return refusal(reply.status, reply.headers, reply.body, self._patience.now_s())


def _said(accept: str, token: str) -> dict[str, str]:
    said = {"Accept": f"{accept}, application/problem+json", "Content-Type": accept}
    return {**said, "Authorization": f"Bearer {token}"} if token else said


def _decoded(decode: Callable[..., Any], body: bytes, answer: type[T]) -> T:
    try:
        return decode(body, type=answer)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise nonsense() from None


def _lineage(reply: Reply) -> bytes:
    try:
        lineage = bytes.fromhex(reply.headers.get("devpulse-lineage", ""))
    except ValueError:
        lineage = b""
    if len(lineage) != _LINEAGE:
        raise nonsense()
    return lineage


def _frames(file: Any) -> Iterator[Pulled]:
    last = 0
    while True:
        head = file.read(_FRAME_HEAD)
        length, sequence = int.from_bytes(head[:4]), int.from_bytes(head[4:])
        if len(head) < _FRAME_HEAD:
            raise _cut_off()
        if length > MOST_BYTES or sequence < last:
            raise nonsense()
        envelope = file.read(length)
        if len(envelope) < length:
            raise _cut_off()
        last = sequence
        yield Pulled(sequence, envelope)
        if not length:
            return


def _cut_off() -> ServiceAway:
    return ServiceAway(
        "The line broke while a snapshot came.",
        detail="What has come is kept; it goes on from there.",
        advice="It is tried again.",
    )


def nonsense() -> ServiceUntrusted:
    """The error for an answer that no service of ours gives."""
    return ServiceUntrusted(
        "The service's answer is not of the protocol.",
        detail="Nothing of it was believed, and nothing was changed.",
        advice="Is this the address of a DevPulse service, and are both up to date?",
    )
