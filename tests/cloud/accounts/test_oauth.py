"""Signing in by a vendor: state, browser, issuer, code, redirect each hold; no e-mail connects anything."""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import msgspec
import pytest

from app.sync.wire.accounts import LABEL, OAuthSignIn, Proof, Tokens
from cloud.accounts.providers import s256
from tests.cloud.accounts.conftest import Site
from tests.cloud.people import Device, Person, as_json, public

BACK = "http://127.0.0.1:43210/back"


class Browser(httpx2.Client):
    """Follows redirects by itself, but not off to the application."""

    def __init__(self, site: Site) -> None:
        super().__init__(base_url=site.url, timeout=30)
        self.origin = {"Origin": site.url}

    def follow(self, answer: httpx2.Response) -> httpx2.Response:
        while answer.is_redirect and not answer.headers["location"].startswith(BACK):
            answer = self.get(answer.headers["location"])
        return answer

    def post_form(self, path: str, **form: str) -> httpx2.Response:
        return self.follow(self.post(path, data=form, headers=self.origin))


@pytest.fixture
def browser(site: Site) -> Any:
    site.vendor.subject, site.vendor.iss, site.vendor.refuse = str(secrets.randbelow(10**9) + 1), None, False
    with Browser(site) as opened:
        yield opened


def start(verifier: str, provider: str = "github", back: str = BACK) -> str:
    query = {"redirect_uri": back, "state": "apps-own-state", "code_challenge": s256(verifier)}
    return f"/v1/auth/oauth/{provider}/start?{httpx2.QueryParams(query)}"


def ticket_of(answer: httpx2.Response) -> str:
    found = re.search(r'name="ticket" value="([^"]+)"', answer.text)
    assert found, answer.text
    return found[1]


def come_back(browser: Browser, verifier: str, provider: str = "github") -> dict[str, str]:
    """Through the vendor, past the consent, to the application: what it is told."""
    page = browser.follow(browser.get(start(verifier, provider)))
    assert page.status_code == 200, page.text
    answer = browser.post_form("/v1/auth/oauth/consent", ticket=ticket_of(page))
    assert answer.headers["location"].startswith(BACK + "?")
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}


def trade_message(person: Person, device: Device, code: str, verifier: str) -> OAuthSignIn:
    challenge = hashlib.sha256(code.encode()).digest()
    proof = Proof(LABEL, "sign-in", person.server, bytes(16), device.id.bytes, challenge)
    signature = device.key.sign(msgspec.msgpack.encode(proof))
    refresh = hashlib.sha256(device.refresh_token).digest()
    return OAuthSignIn(code, verifier, device.id, public(device.key), signature, refresh, b"label")


def trade(person: Person, device: Device, code: str, verifier: str) -> httpx2.Response:
    message = as_json(trade_message(person, device, code, verifier))
    return person.client.post("/v1/auth/oauth/token", json=message)


def enter(browser: Browser, person: Person) -> httpx2.Response:
    """Into the account's page with a ticket, as the application opens it."""
    answer = person.client.post("/v1/auth/tickets", json={"purpose": "browser"}, headers=person.headers)
    return browser.post_form("/account/enter", ticket=answer.json()["ticket"])


def connect(browser: Browser, person: Person, provider: str = "github") -> None:
    enter(browser, person)
    assert browser.post_form(f"/account/identities/{provider}/connect").status_code == 200
    assert provider in person.get("/v1/account").json()["identities"]


@pytest.mark.parametrize("provider", ["github", "google"])
def test_a_connected_identity_opens_a_session_without_the_vault(
    site: Site, browser: Browser, provider: str
) -> None:
    person = site.arrive()
    connect(browser, person, provider)
    verifier, device = secrets.token_urlsafe(48), Device()
    told = come_back(browser, verifier, provider)
    assert (told["state"], told["iss"]) == ("apps-own-state", site.url)
    answer = trade(person, device, told["code"], verifier)
    assert answer.status_code == 200, answer.text
    device.tokens = msgspec.json.decode(answer.content, type=Tokens)
    assert "vault" not in device.tokens.scope
    assert person.get("/v1/account", device).status_code == 200
    assert person.list_device(Device(), by=person.device).status_code == 201
    refused = person.client.post(
        "/v1/devices",
        json={"statement": {"statement": "AA==", "signature": "A" * 86 + "=="}},
        headers=device.headers,
    )
    assert refused.status_code == 403
    assert person.refresh(device).status_code == 200


def test_a_code_is_good_once_and_for_its_verifier(site: Site, browser: Browser) -> None:
    person = site.arrive()
    connect(browser, person)
    verifier = secrets.token_urlsafe(48)
    code = come_back(browser, verifier)["code"]
    assert trade(person, Device(), code, verifier).status_code == 200
    assert trade(person, Device(), code, verifier).status_code == 400
    code = come_back(browser, verifier)["code"]
    assert trade(person, Device(), code, secrets.token_urlsafe(48)).status_code == 400
    assert trade(person, Device(), code, verifier).status_code == 400


def test_an_unknown_identity_is_nobody_even_with_a_known_email(site: Site, browser: Browser) -> None:
    # The vendor calls this person by the very address the account has.
    person = site.arrive()
    changed = {"email": "somebody@example.org"}
    assert person.client.put("/v1/account", json=changed, headers=person.headers).status_code == 200
    verifier = secrets.token_urlsafe(48)
    answer = trade(person, Device(), come_back(browser, verifier)["code"], verifier)
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:devpulse:problem:unknown-identity")
    assert "No account is connected" in browser.post_form("/account/sign-in/github").text
    person.client.put("/v1/account", json={"email": None}, headers=person.headers)


def test_state_is_good_once_and_in_its_browser_only(site: Site, browser: Browser) -> None:
    to_vendor = browser.get(start("v" * 43)).headers["location"]
    back = httpx2.get(to_vendor).headers["location"]
    with Browser(site) as other:
        assert other.get(back).status_code == 400
    # The other browser has spent it, too: whoever tries ends it.
    assert browser.get(back).status_code == 400
    to_vendor = browser.get(start("v" * 43)).headers["location"]
    back = httpx2.get(to_vendor).headers["location"]
    assert browser.get(back).status_code == 200
    assert browser.get(back).status_code == 400
    assert browser.get("/v1/auth/oauth/github/callback?state=made-up&code=x").status_code == 400


def test_a_refusal_is_a_page_for_who_asks_for_pages(browser: Browser) -> None:
    path = "/v1/auth/oauth/github/callback?state=made-up&code=x"
    for accepts, kind in (("text/html,*/*", "text/html"), ("*/*", "application/problem+json")):
        answer = browser.get(path, headers={"Accept": accepts})
        assert answer.status_code == 400
        assert answer.headers["content-type"].startswith(kind)
        assert "began in another browser" in answer.text


def test_an_answer_of_another_issuer_or_vendor_is_refused(site: Site, browser: Browser) -> None:
    site.vendor.iss = "https://evil.example"
    assert browser.follow(browser.get(start("v" * 43))).status_code == 400
    site.vendor.iss = f"{site.vendor.url}/login/oauth"
    assert browser.follow(browser.get(start("v" * 43))).status_code == 200
    # Begun with one vendor, come back by the door of the other.
    site.vendor.iss = None
    to_vendor = browser.get(start("v" * 43)).headers["location"]
    back = httpx2.get(to_vendor).headers["location"].replace("/github/", "/google/")
    seen = len(site.vendor.seen)
    assert browser.get(back).status_code == 400
    assert len(site.vendor.seen) == seen


def test_a_refusal_at_the_vendor_is_a_page(site: Site, browser: Browser) -> None:
    site.vendor.refuse = True
    answer = browser.follow(browser.get(start("v" * 43)))
    assert "did not sign you in" in answer.text


@pytest.mark.parametrize("back", ["http://127.0.0.1.evil:1/", "http://localhost:1/", "https://evil.example/"])
def test_it_returns_to_this_machine_only(browser: Browser, back: str) -> None:
    answer = browser.get(start("v" * 43, back=back))
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:devpulse:problem:redirect-uri")


def test_a_vendor_not_set_up_is_not_there(browser: Browser) -> None:
    assert browser.get(start("v" * 43, "gitlab")).status_code == 404


def test_consent_is_asked_in_the_same_browser_and_by_our_own_page(site: Site, browser: Browser) -> None:
    ticket = ticket_of(browser.follow(browser.get(start("v" * 43))))
    form = {"ticket": ticket}
    assert browser.post("/v1/auth/oauth/consent", data=form).status_code == 403
    evil = {"Origin": "https://evil.example"}
    assert browser.post("/v1/auth/oauth/consent", data=form, headers=evil).status_code == 403
    with Browser(site) as other:
        assert other.post_form("/v1/auth/oauth/consent", ticket=ticket).status_code == 400
    assert browser.post_form("/v1/auth/oauth/consent", ticket=ticket).status_code == 400


def test_an_identity_belongs_to_one_account_and_signs_a_browser_in(site: Site, browser: Browser) -> None:
    person, other = site.arrive(), site.arrive()
    connect(browser, person)
    with Browser(site) as second:
        enter(second, other)
        assert "connected already" in second.post_form("/account/identities/github/connect").text
    with Browser(site) as third:
        assert str(person.email) in third.post_form("/account/sign-in/github").text
    browser.post_form("/account/identities/github/disconnect")
    assert person.get("/v1/account").json()["identities"] == []
    with Browser(site) as fourth:
        assert "No account is connected" in fourth.post_form("/account/sign-in/github").text


def test_a_browser_ticket_is_good_once(site: Site, browser: Browser) -> None:
    person = site.arrive()
    answer = person.client.post("/v1/auth/tickets", json={"purpose": "browser"}, headers=person.headers)
    ticket = answer.json()["ticket"]
    assert "Open my account here" in browser.get(f"/account/enter?ticket={ticket}").text
    assert browser.post_form("/account/enter", ticket=ticket).status_code == 200
    assert browser.post_form("/account/enter", ticket=ticket).status_code == 410


def test_no_secret_of_the_vendor_reaches_the_log(site: Site) -> None:
    log = site.replica.log.read_text()
    for secret in (*site.vendor.tokens, "our-client-secret", "ticket=", "state="):
        assert secret not in log
