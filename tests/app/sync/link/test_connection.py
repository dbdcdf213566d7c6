"""Requests to a real server: kept lines, broken lines, TLS, pins, and nothing that is followed."""

from __future__ import annotations

import base64
import ssl

import pytest

from app.errors import InvalidSetting, ServiceAway, ServiceUntrusted
from app.sync.link import connection as module
from app.sync.link.address import parse_address
from app.sync.link.connection import Connection, proxy_of
from app.sync.link.trust import key_digest, parse_pins, shown_pin
from tests.app.sync.link.conftest import Stand


def test_a_line_is_kept_and_opened_anew_when_the_server_has_closed_it(stand: Stand) -> None:
    line = Connection(stand.address)
    for _ in range(3):
        assert line.ask("GET", "/v1/x").status == 200
    assert stand.connections == 1
    stand.answers = ["close", (200, {}, b"again")]
    assert line.ask("POST", "/v1/x", b"body").body == b"again"
    assert [asked[3] for asked in stand.asked[-2:]] == [b"body", b"body"]
    line.close()


def test_a_new_line_that_breaks_is_not_asked_again_and_again(stand: Stand) -> None:
    stand.answers = ["close"]
    with pytest.raises(ServiceAway):
        Connection(stand.address).ask("GET", "/")
    assert len(stand.asked) == 1


def test_an_answer_cut_off_is_no_answer(stand: Stand) -> None:
    stand.answers = ["cut"]
    with pytest.raises(ServiceAway):
        Connection(stand.address).ask("GET", "/")


def test_nobody_there(stand: Stand) -> None:
    with pytest.raises(ServiceAway, match="nobody listens"):
        Connection(parse_address("http://127.0.0.1:9")).ask("GET", "/")


def test_an_answer_without_end_is_refused(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 10)
    stand.answers = [(200, {}, b"x" * 11)]
    with pytest.raises(ServiceUntrusted):
        Connection(stand.address).ask("GET", "/")


def test_a_name_that_leads_elsewhere_gets_nothing_in_the_clear(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As if "localhost" led to another machine.
    monkeypatch.setattr(module, "is_loopback", lambda _: False)
    with pytest.raises(ServiceUntrusted):
        Connection(stand.address).ask("GET", "/")
    assert stand.asked == []


def trusting(stand: Stand) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(stand.certificate))


def test_a_certificate_the_system_does_not_trust_is_refused(secure_stand: Stand) -> None:
    with pytest.raises(ServiceUntrusted, match="certificate"):
        Connection(secure_stand.address).ask("GET", "/")
    assert secure_stand.asked == []


def test_a_certificate_of_another_name_is_refused(secure_stand: Stand) -> None:
    elsewhere = parse_address(secure_stand.address.url.replace("127.0.0.1", "localhost"))
    with pytest.raises(ServiceUntrusted, match="certificate"):
        Connection(elsewhere, context=trusting(secure_stand)).ask("GET", "/")


def test_the_pinned_key_must_be_shown_on_top_of_trust(secure_stand: Stand) -> None:
    first = Connection(secure_stand.address, context=trusting(secure_stand))
    assert first.ask("GET", "/").status == 200
    shown = first.peer_certificate()
    assert shown is not None
    pin = key_digest(shown)
    pinned = Connection(secure_stand.address, context=trusting(secure_stand), pins=[bytes(32), pin])
    assert pinned.ask("GET", "/").status == 200
    asked = len(secure_stand.asked)
    with pytest.raises(ServiceUntrusted, match="pinned"):
        Connection(secure_stand.address, context=trusting(secure_stand), pins=[bytes(32)]).ask("GET", "/")
    with pytest.raises(ServiceUntrusted, match="certificate"):
        Connection(secure_stand.address, pins=[pin]).ask("GET", "/")
    assert len(secure_stand.asked) == asked
    first.close()
    pinned.close()


def test_pins_as_they_are_written() -> None:
    digest = bytes(range(32))
    assert parse_pins(f"{shown_pin(digest)}, {shown_pin(bytes(32))}") == (digest, bytes(32))
    assert parse_pins(" ") == ()
    for wrong in ("sha256/", "sha256/AAAA", base64.b64encode(digest).decode(), "sha1/" + "A" * 44):
        with pytest.raises(InvalidSetting):
            parse_pins(wrong)


def test_the_systems_proxy_is_used_but_where_it_should_not_be() -> None:
    environ = {"HTTPS_PROXY": "http://proxy:3128", "no_proxy": "localhost,.example.org"}
    assert proxy_of(environ, parse_address("pulse.example.net")) == "http://proxy:3128"
    assert proxy_of(environ, parse_address("pulse.example.org")) is None
    assert proxy_of({**environ, "no_proxy": "*"}, parse_address("pulse.example.net")) is None
    assert proxy_of({}, parse_address("pulse.example.net")) is None
