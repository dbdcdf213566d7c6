"""Plain http stays on this machine, however its address is written."""

from __future__ import annotations

import pytest

from app.errors import UsageError
from app.sync.link.address import is_loopback, parse_address


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("pulse.example.org", "https://pulse.example.org"),
        (" https://pulse.example.org:443/ ", "https://pulse.example.org"),
        ("https://Pulse.Example.org:8443/sync/", "https://pulse.example.org:8443/sync"),
        ("http://127.0.0.1:8420", "http://127.0.0.1:8420"),
        ("http://localhost:8420", "http://localhost:8420"),
        ("http://[::1]:8420/", "http://[::1]:8420"),
    ],
)
def test_addresses_as_people_write_them(text: str, url: str) -> None:
    assert parse_address(text).url == url


@pytest.mark.parametrize(
    "text",
    [
        "http://pulse.example.org", "http://10.0.0.1", "http://127.0.0.1.example.org", "http://0.0.0.0:8420",
        "http://localhost.example.org", "ftp://127.0.0.1", "https://", "https://user@pulse.example.org",
        "https://pulse.example.org/?q", "https://pulse.example.org/#x", "https://h:99999", "https://ü.example",
    ],
)  # fmt: skip
def test_what_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_address(text)


def test_loopback_is_a_number_of_this_machine_or_its_name() -> None:
    assert all(is_loopback(host) for host in ("127.0.0.1", "127.8.8.8", "::1", "localhost"))
    assert not any(
        is_loopback(host) for host in ("0.0.0.0", "::", "fe80::1%lo", "localhost.", "10.0.0.1", "")
    )
