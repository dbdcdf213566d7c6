"""Every route says whom it is for, and without a token answers accordingly."""

from __future__ import annotations

import uuid

import httpx2
import pytest
from litestar.routes import HTTPRoute

from cloud.asgi import create_app
from cloud.security.tokens import SCOPES
from cloud.settings import Settings
from tests.cloud.conftest import OPEN
from tests.cloud.people import Person
from tests.cloud.servers import Stack, wait_for

ROUTES = [
    (method, route.path_format, handler.opt)
    for route in create_app(Settings()).routes
    if isinstance(route, HTTPRoute)
    for method, (handler, _) in route.route_handler_map.items()
    if method != "OPTIONS"
]


def test_every_route_declares_whom_it_is_for() -> None:
    for method, path, opt in ROUTES:
        assert opt.get("public") or "scopes" in opt, f"{method} {path} declares neither"
        assert opt.get("scopes", frozenset()) <= SCOPES


# Every kind of id that a route takes. Tickets, codes and places of pairing are secrets of their own.
IDS = ("{session}", "{device}", "{object_id}")
OTHERS = ("{provider}", "{place}", "{path}")


def test_every_part_of_a_path_is_known_here() -> None:
    for _, path, _ in ROUTES:
        assert {part for part in path.split("/") if part.startswith("{")} <= {*IDS, *OTHERS}, path


PRIVATE = [(method, path) for method, path, opt in ROUTES if not opt.get("public")]


def filled(path: str) -> str:
    return "/".join(str(uuid.uuid4()) if part.startswith("{") else part for part in path.split("/"))


def test_no_private_route_answers_without_a_token(client: httpx2.Client) -> None:
    assert len(PRIVATE) >= 13
    for method, path in PRIVATE:
        for header in ({}, {"Authorization": "Bearer x.y.z"}, {"Authorization": "Basic YTpi"}):
            answer = client.request(method, filled(path), headers=header)
            assert answer.status_code == 401, f"{method} {path}"
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.headers["www-authenticate"]


WITH_IDS = [(method, path) for method, path, _ in ROUTES if any(word in path for word in IDS)]


def test_no_route_answers_to_another_accounts_ids(person: Person, stranger: Person) -> None:
    assert len(WITH_IDS) >= 5
    assert stranger.device.tokens is not None
    ids = (stranger.account, stranger.device.id, stranger.device.tokens.session)
    ticket = person.client.post(
        "/v1/auth/tickets", json={"purpose": "browser"}, headers=person.headers
    ).json()
    origin = {"Origin": OPEN["DEVPULSE_CLOUD_PUBLIC_URL"]}
    entered = person.client.post("/account/enter", data={"ticket": ticket["ticket"]}, headers=origin)
    cookie = entered.headers["set-cookie"].partition(";")[0]
    for method, path in WITH_IDS:
        page = path.startswith("/account/")
        headers = {**origin, "Cookie": cookie} if page else person.headers
        for one in ids:
            place = "/".join(str(one) if part in IDS else part for part in path.split("/"))
            answer = person.client.request(method, place, params={} if page else {"kind": 3}, headers=headers)
            # A page leads back to the account as it was; all others know of no such thing.
            assert answer.status_code == (303 if page else 404), f"{method} {path}"
            assert not page or answer.headers["location"] == "/account"
    assert stranger.get("/v1/account").status_code == 200
    assert stranger.refresh().status_code == 200


def test_no_token_counts_in_the_address(person: Person) -> None:
    token = person.headers["Authorization"].removeprefix("Bearer ")
    for name in ("access_token", "token", "authorization"):
        assert person.client.get(f"/v1/account?{name}={token}").status_code == 401


def test_answers_are_for_one_person_and_for_no_cache(person: Person, stranger: Person) -> None:
    mine, theirs = person.get("/v1/account"), stranger.get("/v1/account")
    assert mine.json()["account"] != theirs.json()["account"]
    assert mine.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/health", "/nothing", "/v1/account", "/account", "/schema"])
def test_every_answer_guards_the_browser(stack: Stack, path: str) -> None:
    answer = httpx2.get(stack.a + path)
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["referrer-policy"] == ("same-origin" if path == "/account" else "no-referrer")
    assert "strict-transport-security" not in answer.headers
    assert "server" not in answer.headers


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{", {}, 400),
        (b"null", {}, 400),
        (b"[1", {"Content-Type": "application/json"}, 400),
        (b'{"action":"sign-in","login":"a@b.c","more":1}', {}, 400),
        (b"\xff\xfe", {}, 400),
        (b'{"action":"sign-in","login":' + b"[" * 5000, {}, 400),
        (b"x" * 300_000, {}, 413),
    ],
)
def test_malformed_bodies_are_problems_without_a_trace(
    client: httpx2.Client, body: bytes, headers: dict[str, str], status: int
) -> None:
    answer = client.post("/v1/auth/challenge", content=body, headers=headers)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    for word in ("Traceback", "msgspec", "litestar", ".py"):
        assert word not in answer.text


def test_a_request_id_goes_in_and_out_if_it_is_fit(client: httpx2.Client, stack: Stack) -> None:
    given = f"probe-{uuid.uuid4().hex}"
    assert client.get("/health", headers={"X-Request-ID": given}).headers["x-request-id"] == given
    # The line is written after the answer.
    wait_for(lambda: given in stack.logs())
    unfit = client.get("/health", headers={"X-Request-ID": "a b<script>"}).headers["x-request-id"]
    assert len(unfit) == 32
