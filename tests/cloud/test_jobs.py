"""Jobs by the clock: one replica does it, and what goes is what nobody can use."""

from __future__ import annotations

from cloud.accounts.sessions import DAY_MS
from cloud.backing import Backing
from cloud.db import Database
from cloud.jobs import JOBS, Clockwork

NOW = 1_000 * DAY_MS
ACCOUNT = (
    "INSERT INTO accounts (id, kdf, login_key, recovery_key, epoch, keys_version, created)"
    " VALUES ($1, $1, $1, $1, 1, 1, 0)"
)
SESSION = (
    "INSERT INTO sessions (id, account, kind, scopes, created, used, expires, revoked)"
    " VALUES ($1, $2, 'device', '', 0, 0, $3, $4)"
)


async def test_one_replica_sweeps_what_is_over(database: Database, backing: Backing) -> None:
    async with database.transaction() as connection:
        await connection.execute(ACCOUNT, b"a")
        for session, expires, revoked in (
            (b"open", NOW + 1, None),
            (b"just over", NOW - DAY_MS, None),
            (b"just ended", NOW + 1, NOW - DAY_MS),
            (b"long over", NOW - 31 * DAY_MS, None),
            (b"long ended", NOW + 1, NOW - 31 * DAY_MS),
        ):
            await connection.execute(SESSION, session, b"a", expires, revoked)
        token = "INSERT INTO refresh_tokens (digest, session, issued, used) VALUES ($1, $2, 0, $3)"
        await connection.execute(token, b"t1", b"open", None)
        await connection.execute(token, b"t2", b"open", NOW - 91 * DAY_MS)
        await connection.execute(token, b"t3", b"long over", None)
        invitation = "INSERT INTO invitations (digest, created, expires) VALUES ($1, 0, $2)"
        await connection.execute(invitation, b"good", NOW + 1)
        await connection.execute(invitation, b"late", NOW - 1)
    replicas = [Clockwork(database, backing.store, lambda: NOW) for _ in range(3)]
    await backing.store.drop("job:sweep")
    assert [await replica.once(JOBS[0]) for replica in replicas] == [True, False, False]
    async with database.reading() as connection:
        sessions = {row["id"] for row in await connection.rows("SELECT id FROM sessions")}
        tokens = {row["digest"] for row in await connection.rows("SELECT digest FROM refresh_tokens")}
        invitations = {row["digest"] for row in await connection.rows("SELECT digest FROM invitations")}
    assert sessions == {b"open", b"just over", b"just ended"}
    assert (tokens, invitations) == ({b"t1"}, {b"good"})
    await backing.store.drop("job:sweep")


async def test_clockwork_starts_and_stops(database: Database, backing: Backing) -> None:
    clockwork = Clockwork(database, backing.store, lambda: NOW)
    clockwork.start()
    await clockwork.close()
