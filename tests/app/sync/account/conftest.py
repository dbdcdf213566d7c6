"""Machines that join accounts: each with its file and its key, in this process, at the real service."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from app.models.keys import DataKey
from app.sync.account.member_file import MemberFile
from app.sync.account.session import Signed
from app.sync.account.signing_in import Joining
from app.sync.account.signing_up import NewAccount, sign_up
from app.sync.crypto import account_keys, kdf
from app.sync.link.address import parse_address
from app.sync.link.connection import Connection
from app.sync.link.service import Patience, Service
from tests.cloud.servers import Stack

PASSWORD = "correct horse battery"


def now_ms() -> int:
    return time.time_ns() // 1_000_000


@dataclass
class Machine:
    """One home's part in all this."""

    path: Path
    url: str
    key: DataKey

    @property
    def file(self) -> MemberFile:
        return MemberFile(self.path, self.key)

    @property
    def service(self) -> Service:
        return Service(Connection(parse_address(self.url)), Patience(attempts=2, sleep=lambda _: None))

    def signed(self) -> Signed:
        """As a new run of the program finds it."""
        member = self.file.load()
        assert member is not None
        return Signed(self.service, self.file, member, now_ms)

    def sign_up(self, **more: str | None) -> NewAccount:
        asked = {"email": f"{uuid4().hex[:12]}@example.org", "invitation": None, "label": "first", **more}
        return sign_up(self.service, self.file, PASSWORD, now_ms=now_ms, **asked)  # type: ignore[arg-type]

    @property
    def joining(self) -> Joining:
        return Joining(self.service, self.file, label="second", now_ms=now_ms)


@pytest.fixture
def machine(stack: Stack, tmp_path: Path) -> Callable[[], Machine]:
    urls = [stack.a, stack.b]
    count = iter(range(100))

    def make() -> Machine:
        number = next(count)
        return Machine(tmp_path / f"account-{number}.sealed", urls[number % 2], DataKey(bytes([number]) * 32))

    return make


@pytest.fixture(autouse=True)
def light_hardening(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id as a new account gets it takes a tenth of a second each time; here its floor is 64 KiB."""
    monkeypatch.setattr(kdf, "ARGON2_MEMORY_KIB", (64, 1 << 20))
    assert account_keys.kdf is kdf
