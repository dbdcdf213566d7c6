"""The account's pages in a real browser: by keyboard, readable aloud, nothing from elsewhere, no script."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.cloud.accounts.browser import Tab, chromium
from tests.cloud.accounts.conftest import Site
from tests.cloud.people import Device, Person


@pytest.fixture
def tab() -> Iterator[Tab]:
    with chromium() as opened:
        yield opened


def enter(tab: Tab, site: Site, person: Person) -> None:
    answer = person.client.post("/v1/auth/tickets", json={"purpose": "browser"}, headers=person.headers)
    tab.go(f"{site.url}/account/enter?ticket={answer.json()['ticket']}")
    tab.press("button.main")


def picture(tab: Tab, name: str) -> None:
    """For who wants to see them: DEVPULSE_PICTURES names a folder."""
    if folder := os.environ.get("DEVPULSE_PICTURES"):
        tab.picture(Path(folder) / f"{name}.png")


def check_page(tab: Tab, site: Site, title: str) -> None:
    tree = tab.tree()
    assert ("heading", title) in tree
    for role in ("main", "banner", "contentinfo"):
        assert role in {one for one, _ in tree}, role
    for role, name in tree:
        assert role not in ("button", "link", "textbox") or name, f"a {role} without a name"
    assert tab.ask("document.documentElement.lang") == "en"
    assert tab.ask("document.querySelectorAll('script').length") == 0
    assert all(url.startswith((site.url, "about:")) for url in tab.requested), tab.requested
    assert [text for text in tab.complaints if "Content Security Policy" in text] == []


def test_devices_sessions_and_the_end_of_an_account(site: Site, tab: Tab) -> None:
    tab.go(f"{site.url}/account")
    check_page(tab, site, "Your account")
    picture(tab, f"landing-{site.kind}")
    person, lost = site.arrive(), Device()
    person.sign_in(lost)
    enter(tab, site, person)
    check_page(tab, site, "Your account")
    picture(tab, f"account-{site.kind}")
    assert person.email in tab.ask("document.body.innerText")
    # A cookie no script can read.
    assert tab.ask("document.cookie") == ""
    tab.press(f"form[action='/account/devices/{lost.id}/revoke'] button")
    assert person.get("/v1/account", lost).status_code == 401
    tab.press("form[action$='/end'] button")
    assert person.get("/v1/account").status_code == 401
    person.sign_in()
    tab.go(f"{site.url}/account")
    tab.ask("document.getElementById('word').value = 'delete'")
    tab.press("button.grave")
    check_page(tab, site, "Deleted")
    assert person.get("/v1/account").status_code == 401
    tab.go(f"{site.url}/account")
    assert person.email not in tab.ask("document.body.innerText")


def test_the_whole_way_of_signing_an_application_in(site: Site, tab: Tab) -> None:
    site.vendor.subject, site.vendor.iss, site.vendor.refuse = "777", None, False
    challenge, back = "v" * 43, f"http://127.0.0.1:{site.vendor.url.rpartition(':')[2]}/user"
    query = httpx2.QueryParams({"redirect_uri": back, "state": "of-the-app", "code_challenge": challenge})
    tab.go(f"{site.url}/v1/auth/oauth/github/start?{query}")
    assert ("heading", "Sign in this computer?") in tab.tree()
    picture(tab, f"consent-{site.kind}")
    tab.press("button.main")
    # The policy lets the form end at the application's own port: the browser has arrived there.
    assert tab.ask("location.href").startswith(f"{back}?code=")
    assert "state=of-the-app" in tab.ask("location.href")
    assert [text for text in tab.complaints if "Content Security Policy" in text] == []


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://evil.example"}, {"Origin": "null"}])
def test_a_form_of_another_site_does_nothing(site: Site, headers: dict[str, str]) -> None:
    person = site.arrive()
    answer = person.client.post("/v1/auth/tickets", json={"purpose": "browser"}, headers=person.headers)
    origin = {"Origin": site.url}
    with httpx2.Client(base_url=site.url) as browser:
        entered = browser.post("/account/enter", data={"ticket": answer.json()["ticket"]}, headers=origin)
        assert entered.status_code == 303
        cookie = entered.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
        for path in ("delete", "sign-out", f"devices/{person.device.id}/revoke"):
            refused = browser.post(f"/account/{path}", data={"word": "delete"}, headers=headers)
            assert refused.status_code == 403
        assert person.email in browser.get("/account").text
        unsure = browser.post("/account/delete", data={"word": "maybe"}, headers=origin)
        assert unsure.status_code == 400
        assert person.get("/v1/account").status_code == 200
        # And nobody else's device, whatever its id.
        stranger = site.arrive()
        browser.post(f"/account/devices/{stranger.device.id}/revoke", headers=origin)
        assert stranger.get("/v1/account").status_code == 200


def test_forms_do_nothing_without_a_session(site: Site) -> None:
    with httpx2.Client(base_url=site.url, headers={"Origin": site.url}) as browser:
        for path in ("delete", "sign-out", "identities/github/connect", "identities/github/disconnect"):
            assert browser.post(f"/account/{path}", data={"word": "delete"}).status_code == 401


def test_what_a_person_is_called_cannot_become_markup(site: Site) -> None:
    person = site.arrive()
    email = "<img/src=x>&\"'@example.org"
    changed = person.client.put("/v1/account", json={"email": email}, headers=person.headers)
    assert changed.status_code == 200
    ticket = person.client.post(
        "/v1/auth/tickets", json={"purpose": "browser"}, headers=person.headers
    ).json()
    with httpx2.Client(base_url=site.url, headers={"Origin": site.url}, follow_redirects=True) as browser:
        page = browser.post("/account/enter", data={"ticket": ticket["ticket"]})
        assert "&lt;img/src=x&gt;&amp;" in page.text
        assert "<img" not in page.text
        reflected = browser.get("/account/enter", params={"ticket": '"><script>alert(1)</script>'})
        assert "<script" not in reflected.text
