"""A forged X-Forwarded-For is ignored; a trusted proxy's word counts."""

from __future__ import annotations

from typing import Any

import pytest

from cloud.security.addresses import Addresses, subject

PROXIES = Addresses(["10.0.0.0/8", "::1"])


def scope(peer: str | None, *forwarded: str, proto: str = "") -> Any:
    headers = [(b"x-forwarded-for", one.encode()) for one in forwarded]
    if proto:
        headers.append((b"x-forwarded-proto", proto.encode()))
    return {"client": (peer, 1) if peer else None, "headers": headers, "scheme": "http"}


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.5", [], "203.0.113.5"),
        ("203.0.113.5", ["1.2.3.4"], "203.0.113.5"),
        ("10.0.0.1", ["1.2.3.4"], "1.2.3.4"),
        ("10.0.0.1", ["6.6.6.6, 1.2.3.4"], "1.2.3.4"),
        ("10.0.0.1", ["6.6.6.6", "1.2.3.4, 10.9.9.9"], "1.2.3.4"),
        ("10.0.0.1", ["1.2.3.4, unknown"], "10.0.0.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("::1", ["2001:db8::7"], "2001:db8::7"),
        (None, ["1.2.3.4"], "127.0.0.1"),
    ],
)
def test_the_last_address_that_is_no_proxy(peer: str | None, forwarded: list[str], client: str) -> None:
    assert PROXIES.client(scope(peer, *forwarded)) == client


def test_a_proxy_may_say_that_it_was_tls_and_others_may_not() -> None:
    assert PROXIES.secure(scope("10.0.0.1", proto="https"))
    assert not PROXIES.secure(scope("203.0.113.5", proto="https"))
    assert not PROXIES.secure(scope("10.0.0.1", proto="http"))
    assert PROXIES.secure({**scope("203.0.113.5"), "scheme": "https"})


def test_an_ipv6_network_counts_as_one() -> None:
    assert subject("2001:db8::1") == subject("2001:db8::ffff:1") == "2001:db8::/64"
    assert subject("203.0.113.5") == "203.0.113.5"
