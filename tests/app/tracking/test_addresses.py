"""How much of an address is recorded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tracking.addresses import LONGEST_ADDRESS, Addresses, recorded_address

FULL, HOST, NONE = Addresses.FULL, Addresses.HOST, Addresses.NONE


@pytest.mark.parametrize(
    ("url", "level", "kept"),
    [
        ("https://github.com/a/b?x=1#y", NONE, None),
        ("https://github.com/a/b?x=1#y", HOST, "github.com"),
        ("https://github.com/a/b?x=1#y", FULL, "https://github.com/a/b?x=1#y"),
        ("https://ada:pw@Example.org:443/", HOST, "example.org"),
        ("https://ada:pw@example.org/x", FULL, "https://example.org/x"),
        ("http://localhost:3000/x", HOST, "localhost:3000"),
        ("http://localhost:3000/x", FULL, "http://localhost:3000/x"),
        ("http://[::1]:8080/", HOST, "[::1]:8080"),
        ("http://example.org./", HOST, "example.org"),
        ("https://x.org/?access_token=abc&a=1", FULL, "https://x.org/?access_token=…&a=1"),
        ("https://x.org/cb#id_token=abc", FULL, "https://x.org/cb#id_token=…"),
        ("https://x.org/?tokens=3", FULL, "https://x.org/?tokens=3"),
        ("file:///home/ada/tax.pdf", FULL, None),
        ("about:blank", FULL, None),
        ("data:text/html,secret", FULL, None),
        ("javascript:alert(1)", FULL, None),
        ("blob:https://x.org/1", FULL, None),
        ("view-source:https://x.org/", FULL, None),
        ("chrome://settings", FULL, None),
        ("https://", FULL, None),
        ("https://./", HOST, None),
        ("http://[bad/", FULL, None),
        ("http://x.org:99999/", FULL, None),
        ("http://a b/", HOST, None),
        ("github.com/a", HOST, None),
        ("https://x.org/" + "a" * LONGEST_ADDRESS, FULL, "x.org"),
    ],
)
def test_levels(url: str, level: Addresses, kept: str | None) -> None:
    assert recorded_address(url, level) == kept


@given(st.text(max_size=80), st.sampled_from(list(Addresses)))
def test_any_text_gets_an_answer(text: str, level: Addresses) -> None:
    for url in (text, f"https://{text}", f"https://x.org/{text}"):
        kept = recorded_address(url, level)
        assert kept is None or 0 < len(kept) <= LONGEST_ADDRESS


@given(st.text("abc:/?#[]@!%", max_size=30))
def test_credentials_never_stay(text: str) -> None:
    for level in Addresses:
        assert "hunter2" not in (recorded_address(f"https://ada:hunter2@x.org/{text}", level) or "")
