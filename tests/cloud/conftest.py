"""The service over both stacks: SQLite and memory in one process, PostgreSQL and Redis under two replicas."""

from __future__ import annotations

import asyncio
import base64
import secrets
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx2
import pytest

from cloud.backing import Backing, open_backing
from cloud.db import Database, open_database
from cloud.db.migrate import migrate
from cloud.settings import Settings, from_environment
from tests.cloud.people import Person, arrive
from tests.cloud.servers import Postgres, Redis, Stack, servers_folder

OPEN = {
    "DEVPULSE_CLOUD_SIGN_UP": "open",
    "DEVPULSE_CLOUD_OPERATOR_TOKEN": "operator-token-of-the-tests",
    "DEVPULSE_CLOUD_PUBLIC_URL": "http://pulse.test",
    "DEVPULSE_CLOUD_RATE_ADDRESS": "1000000/minute",
    "DEVPULSE_CLOUD_RATE_ACCOUNT": "1000000/minute",
    "DEVPULSE_CLOUD_RATE_SIGN_IN": "1000000/minute",
}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def servers() -> Iterator[tuple[Postgres, Redis]]:
    """One PostgreSQL and one Redis for the whole run. Tests that stop them use servers of their own."""
    with servers_folder() as folder:
        postgres, redis = Postgres(folder), Redis(folder)
        try:
            postgres.start()
            redis.start()
            yield postgres, redis
        finally:
            postgres.stop()
            redis.stop()


STACKS = ("embedded", "replicated")


@pytest.fixture(params=STACKS, scope="session")
def stack(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A running service: one process (embedded) or two replicas (replicated)."""
    made = make_stack(request, request.param, tmp_path_factory.mktemp(request.param))
    try:
        for _ in range(1 if made.name == "embedded" else 2):
            made.replicas.append(made.launch())
        yield made
    finally:
        for replica in made.replicas:
            replica.stop()


@pytest.fixture(params=STACKS)
def bare_stack(request: pytest.FixtureRequest, tmp_path: Path) -> Stack:
    """An empty database and its backing, with no service yet: `bare_stack.launch(SIGN_UP="closed")`."""
    return make_stack(request, request.param, tmp_path)


def make_stack(request: pytest.FixtureRequest, name: str, folder: Path) -> Stack:
    environ = {**OPEN, "DEVPULSE_CLOUD_DATA": str(folder / "data")}
    if name == "embedded":
        return Stack(name, environ, folder)
    postgres, redis = request.getfixturevalue("servers")
    environ |= {
        "DEVPULSE_CLOUD_DATABASE_URL": postgres.create(f"test_{secrets.token_hex(6)}"),
        "DEVPULSE_CLOUD_REDIS_URL": redis.url(secrets.randbelow(15) + 1),
        "DEVPULSE_CLOUD_SECRET": base64.b64encode(secrets.token_bytes(32)).decode(),
        "DEVPULSE_CLOUD_MIGRATE": "on-start",
    }
    return Stack(name, environ, folder, postgres, redis)


@pytest.fixture
def settings(bare_stack: Stack) -> Settings:
    """Settings for parts that a test opens in its own process, over both stacks."""
    return from_environment(bare_stack.environ)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with this version's schema: migrating one for each test takes most of its time."""
    settings = from_environment({"DEVPULSE_CLOUD_DATA": str(tmp_path_factory.mktemp("migrated"))})
    asyncio.run(migrate(settings))
    return settings.database_file


@pytest.fixture(scope="session")
def migrated_name(servers: tuple[Postgres, Redis]) -> str:
    """The same as a database of the server, to be copied."""
    url = servers[0].create("migrated")
    secret = base64.b64encode(bytes(32)).decode()
    environ = {"DEVPULSE_CLOUD_DATABASE_URL": url, "DEVPULSE_CLOUD_SECRET": secret}
    asyncio.run(migrate(from_environment(environ)))
    return "migrated"


@pytest.fixture
def migrated(request: pytest.FixtureRequest, bare_stack: Stack) -> Stack:
    """The stack of `bare_stack` with an empty database of this version's schema."""
    settings = from_environment(bare_stack.environ)
    if bare_stack.postgres is None:
        settings.database_file.parent.mkdir(parents=True)
        shutil.copy(request.getfixturevalue("migrated_file"), settings.database_file)
    else:
        template = request.getfixturevalue("migrated_name")
        name = settings.database_url.rpartition("/")[2]
        bare_stack.postgres.run(f'DROP DATABASE "{name}"', "postgres")
        bare_stack.postgres.create(name, template)
    return bare_stack


@pytest.fixture
async def database(migrated: Stack, settings: Settings) -> AsyncIterator[Database]:
    """A migrated, empty database, over both stacks."""
    opened = await open_database(settings)
    yield opened
    await opened.close()


@pytest.fixture
async def backing(settings: Settings) -> AsyncIterator[Backing]:
    """Memory, or Redis."""
    opened = await open_backing(settings)
    yield opened
    await opened.close()


@pytest.fixture
def client(stack: Stack) -> Iterator[httpx2.Client]:
    """A client of the running service's first replica."""
    with httpx2.Client(base_url=stack.a, timeout=30) as opened:
        yield opened


@pytest.fixture
def person(client: httpx2.Client) -> Person:
    """Somebody with an account, signed in."""
    return arrive(client)


@pytest.fixture
def stranger(client: httpx2.Client) -> Person:
    """Somebody else with an account, signed in."""
    return arrive(client)
