"""What is tried again, what is refused, and in which words."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from app.errors import NotSignedIn, ServiceAway, ServiceRefused, ServiceUntrusted
from app.sync.link.connection import Connection
from app.sync.link.problems import Refusal
from app.sync.link.service import Patience, Service
from app.sync.wire.accounts import SignedUp, Ticket, TicketRequest
from app.sync.wire.exchange import SyncAnswer, SyncRequest
from tests.app.sync.link.conftest import Stand


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def service(stand: Stand, slept: list[float]) -> Service:
    return Service(Connection(stand.address), Patience(sleep=slept.append, random=lambda: 0.5))


def problem(status: int, kind: str = "", **more: Any) -> tuple[int, dict[str, str], bytes]:
    body = {"type": f"urn:devpulse:problem:{kind}" if kind else "about:blank", "status": status, **more}
    return status, {"Content-Type": "application/problem+json"}, json.dumps(body).encode()


GOOD = (200, {}, msgspec.json.encode(Ticket("t", 60)))
ASKED = ("POST", "/v1/auth/tickets", Ticket, TicketRequest("events"), "token")


def test_the_token_goes_into_the_head_and_the_answer_is_typed(stand: Stand, service: Service) -> None:
    stand.answers = [GOOD]
    assert service.call(*ASKED) == Ticket("t", 60)
    method, path, headers, body = stand.asked[0]
    assert (method, path, headers["Authorization"]) == ("POST", "/v1/auth/tickets", "Bearer token")
    assert json.loads(body) == {"purpose": "events"}


def test_what_passes_is_waited_for(stand: Stand, service: Service, slept: list[float]) -> None:
    wait = (503, {"Retry-After": "3"}, b"")
    stand.answers = [wait, "close", GOOD]
    assert service.call(*ASKED).ticket == "t"
    # The line that was closed is opened anew at once; only the answer 503 is waited for.
    assert slept == [3.0]


def test_patience_ends(stand: Stand, service: Service, slept: list[float]) -> None:
    stand.answers = [problem(500)]
    with pytest.raises(ServiceAway):
        service.call(*ASKED)
    assert len(stand.asked) == 4
    assert slept == [0.5, 1.0, 2.0]


def test_a_long_retry_after_is_left_to_the_next_run(
    stand: Stand, service: Service, slept: list[float]
) -> None:
    stand.answers = [(429, {"Retry-After": "600"}, b"")]
    with pytest.raises(ServiceAway) as told:
        service.call(*ASKED)
    assert told.value.retry_after_s == 600
    assert slept == []


def test_a_refusal_is_told_once_with_its_word(stand: Stand, service: Service) -> None:
    stand.answers = [problem(409, "stale-epoch", detail="It \x1b[31mchanged" + "x" * 999, epoch=7)]
    with pytest.raises(ServiceRefused) as told:
        service.call(*ASKED)
    refused = told.value
    assert isinstance(refused, Refusal)
    assert (refused.problem, refused.status, refused.more["epoch"]) == ("stale-epoch", 409, 7)
    assert "\x1b" not in refused.told()
    assert len(refused.detail) < 500
    assert refused.as_json()["kind"] == "ServiceRefused"
    assert len(stand.asked) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_nothing_is_followed(stand: Stand, service: Service, status: int) -> None:
    stand.answers = [(status, {"Location": "https://elsewhere.example"}, b"")]
    with pytest.raises(ServiceUntrusted):
        service.call(*ASKED)
    assert len(stand.asked) == 1


def test_no_session_is_exit_code_4(stand: Stand, service: Service) -> None:
    stand.answers = [problem(401)]
    with pytest.raises(NotSignedIn) as told:
        service.call(*ASKED)
    assert told.value.exit_code == 4


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[" * 100_000, b'{"ticket": 3, "expires_in": 60}', b"\xff"]
)
def test_nonsense_is_not_believed(stand: Stand, service: Service, body: bytes) -> None:
    stand.answers = [(200, {}, body)]
    with pytest.raises(ServiceUntrusted):
        service.call(*ASKED)
    with pytest.raises(ServiceUntrusted):
        service.call("GET", "/", SignedUp)
    with pytest.raises(ServiceUntrusted):
        service.exchange(SyncRequest(), "token")


def test_an_exchange_is_msgpack_both_ways(stand: Stand, service: Service) -> None:
    answer = SyncAnswer(bytes(16), 3, 3, more=False, pushed=[], pulled=[])
    stand.answers = [(200, {}, msgspec.msgpack.encode(answer))]
    assert service.exchange(SyncRequest(cursor=2, lineage=bytes(16)), "token") == answer
    assert msgspec.msgpack.decode(stand.asked[0][3], type=SyncRequest).cursor == 2


def frame(sequence: int, envelope: bytes) -> bytes:
    return len(envelope).to_bytes(4) + sequence.to_bytes(8) + envelope


LINEAGE = {"DevPulse-Lineage": "ab" * 16}


def test_a_snapshot_comes_frame_by_frame(stand: Stand, service: Service) -> None:
    stand.answers = [(200, LINEAGE, frame(3, b"a" * 200) + frame(9, b"b" * 300) + frame(12, b""))]
    with service.snapshot(2, b"\xab" * 16, "token") as (lineage, frames):
        assert lineage == b"\xab" * 16
        assert [(one.sequence, len(one.envelope)) for one in frames] == [(3, 200), (9, 300), (12, 0)]
    assert stand.asked[0][1] == f"/v1/sync/snapshot?after=2&lineage={'ab' * 16}"


@pytest.mark.parametrize("content", [frame(3, b"a" * 200)[:-1], frame(3, b"a" * 200), b"", b"\0\0"])
def test_a_snapshot_cut_off_is_known_as_such(stand: Stand, service: Service, content: bytes) -> None:
    stand.answers = [(200, LINEAGE, content)]
    came: list[int] = []
    with pytest.raises(ServiceAway), service.snapshot(0, b"", "token") as (_, frames):
        came.extend(one.sequence for one in frames)
    assert came == ([3] if len(content) > 200 and content == frame(3, b"a" * 200) else [])


@pytest.mark.parametrize(
    ("headers", "content"),
    [
        ({}, frame(1, b"")),
        ({"DevPulse-Lineage": "xyz"}, frame(1, b"")),
        (LINEAGE, b"\xff\xff\xff\xff" + bytes(100)),
        (LINEAGE, frame(5, b"a" * 200) + frame(4, b"b" * 200) + frame(5, b"")),
    ],
)
def test_a_snapshot_of_nonsense_is_refused(
    stand: Stand, service: Service, headers: dict[str, str], content: bytes
) -> None:
    stand.answers = [(200, headers, content)]
    with pytest.raises(ServiceUntrusted), service.snapshot(0, b"", "token") as (_, frames):
        list(frames)


def test_a_refused_snapshot_says_why(stand: Stand, service: Service) -> None:
    stand.answers = [problem(409, "restored", lineage="cd" * 16, latest=4)]
    with pytest.raises(Refusal) as told, service.snapshot(9, b"\xab" * 16, "token"):
        pass
    assert told.value.problem == "restored"
