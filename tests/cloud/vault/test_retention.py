"""Old versions go after their time."""

from __future__ import annotations

from cloud.vault.pushing import push, read_arrivals
from cloud.vault.retention import remove_old
from tests.cloud.vault.devices import make_devices

DAY_MS = 24 * 3_600_000


async def test_replaced_versions_go_after_their_time_and_current_ones_never(bare_stack, database) -> None:
    bare_stack.replicas.append(type("Nowhere", (), {"url": ""}))
    devices = [(await make_devices(bare_stack, 1))[0] for _ in range(3)]
    for device in devices:
        for day, body in enumerate((b"a", b"bb", b"ccc")):
            (envelope,) = device.chain(bytes(16), body)
            arrivals = read_arrivals([envelope], device.id)
            await push(database, device.account, device.id, arrivals, quota=1 << 20, now=day * DAY_MS)
    assert await remove_old(database, now=31 * DAY_MS) == 0, "the first was replaced on day 1"
    assert await remove_old(database, now=31 * DAY_MS + 1) == 3
    assert await remove_old(database, now=400 * DAY_MS) == 3
    async with database.reading() as connection:
        rows = await connection.rows("SELECT account, version, size FROM envelopes")
        assert [row["version"] for row in rows] == [3, 3, 3]
        kept = await connection.rows("SELECT bytes FROM vaults")
        assert [row["bytes"] for row in kept] == [116 + 3] * 3
