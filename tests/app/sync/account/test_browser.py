"""The browser's way: it comes back to a port of this machine, and only its own state counts."""

from __future__ import annotations

import threading
import urllib.request
from contextlib import suppress
from urllib.error import HTTPError

import pytest

from app.errors import DevPulseError
from app.sync.account.browser import Return


def visit(address: str) -> int:
    with suppress(HTTPError), urllib.request.urlopen(address, timeout=5) as answer:
        return answer.status
    return 404


def test_only_the_one_who_knows_the_state_comes_back() -> None:
    with Return() as back:
        found: list[int] = []

        def visitors() -> None:
            base = back.address.rsplit("/", 1)[0]
            for path in (
                "/",
                "/favicon.ico",
                "/signed-in",
                "/signed-in?code=bad&state=other",
                "/signed-in?code=c&state=s",
            ):
                found.append(visit(base + path))  # noqa: PERF401 - one after the other

        thread = threading.Thread(target=visitors)
        thread.start()
        assert back.wait(20, "s") == "c"
        thread.join(5)
        assert found == [404, 404, 404, 200, 200]


def test_nobody_comes_back() -> None:
    with Return() as back, pytest.raises(DevPulseError, match="came back"):
        back.wait(0.1, "s")
