"""A sign-in returns to this machine, exactly, or nowhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.accounts.loopback import require_loopback
from cloud.errors import Problem


@pytest.mark.parametrize("uri", ["http://127.0.0.1:1/", "http://127.0.0.1:65535/a/b", "http://[::1]:8421/cb"])
def test_a_port_of_this_machine_is_fine(uri: str) -> None:
    assert require_loopback(uri) == uri


@pytest.mark.parametrize(
    "uri",
    [
        "http://127.0.0.1.evil.org:80/", "http://127.0.0.1.evil:80/", "http://127.0.0.1@evil.org:80/",
        "http://evil.org:80/127.0.0.1", "https://127.0.0.1:80/", "http://localhost:80/", "http://127.1:80/",
        "http://2130706433:80/", "http://0x7f.1:80/", "http://127.0.0.1/", "http://127.0.0.1:0/",
        "http://127.0.0.1:99999/", "http://127.0.0.1:80", "http://127.0.0.1:80/?x=1", "http://127.0.0.1:80/#x",
        "http://127.0.0.1:80\\@evil.org/", "http://127.0.0.1:80/%0d%0aX", "http://127.0.0.1:80/\r\nX: y",
        "http://[::ffff:127.0.0.1]:80/", "HTTP://127.0.0.1:80/", "javascript:alert(1)", "", "//127.0.0.1:80/",
        "http://127.0.0.1:080/", "http://127.0.0.1:８０/", "http://127.0.0.1:80/a;b", "http://[::1:80/",
    ],
)  # fmt: skip
def test_everything_else_is_refused(uri: str) -> None:
    with pytest.raises(Problem):
        require_loopback(uri)


@given(st.text())
def test_whatever_gets_through_is_loopback(text: str) -> None:
    for uri in (text, f"http://127.0.0.1{text}", f"http://{text}127.0.0.1:80/"):
        try:
            passed = require_loopback(uri)
        except Problem:
            continue
        assert passed.startswith(("http://127.0.0.1:", "http://[::1]:"))
