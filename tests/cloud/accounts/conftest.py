"""A service that browsers can reach at its public address, with a vendor to sign in by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import httpx2
import pytest

from tests.cloud.conftest import STACKS, make_stack
from tests.cloud.people import Person, arrive
from tests.cloud.servers import Replica, free_port
from tests.cloud.vendor import CLIENT_ID, CLIENT_SECRET, Vendor, vendor_running


@dataclass
class Site:
    url: str
    vendor: Vendor
    replica: Replica
    kind: str

    def arrive(self) -> Person:
        return arrive(httpx2.Client(base_url=self.url, timeout=30))


@pytest.fixture(params=STACKS, scope="module")
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    stack = make_stack(request, request.param, tmp_path_factory.mktemp("site"))
    port = free_port()
    with vendor_running() as vendor:
        settings = {"PUBLIC_URL": f"http://127.0.0.1:{port}"}
        for name in ("GITHUB", "GOOGLE"):
            settings |= {
                f"{name}_CLIENT_ID": CLIENT_ID,
                f"{name}_CLIENT_SECRET": CLIENT_SECRET,
                f"{name}_URL": vendor.url,
                f"{name}_API_URL": vendor.url,
            }
        replica = stack.launch(("--port", str(port)), **settings)
        try:
            yield Site(replica.url, vendor, replica, stack.name)
        finally:
            replica.stop()
