"""A copy of one kind of database goes back into either kind, and devices go on."""

from __future__ import annotations

import shutil
import stat
import subprocess
import sys
from pathlib import Path

import httpx2 as httpx
import pytest

from cloud.backup import BackupRefused, backup, restore
from cloud.db import open_database
from cloud.db.migrate import migrate
from cloud.settings import from_environment
from tests.cloud.conftest import STACKS, make_stack
from tests.cloud.servers import Stack
from tests.cloud.vault.devices import Device, make_devices, now_ms


def command(stack: Stack, *words: str) -> subprocess.CompletedProcess[str]:
    run = [sys.executable, "-m", "cloud", *words]
    return subprocess.run(run, env=stack.environ, capture_output=True, text=True, timeout=60)


async def lived_in(stack: Stack) -> tuple[Device, list[bytes]]:
    """A running service with an account that has pushed."""
    stack.replicas.append(stack.launch())
    (device,) = await make_devices(stack, 1)
    envelopes = [device.seal(bytes(number)) for number in range(450)]
    async with httpx.AsyncClient() as client:
        await device.sync(client, *envelopes)
    return device, envelopes


@pytest.mark.parametrize("target", STACKS)
async def test_restored_onto_an_empty_host_a_device_goes_on(bare_stack, request, tmp_path, target) -> None:
    device, envelopes = await lived_in(bare_stack)
    copy = tmp_path / "copy"
    done = command(bare_stack, "backup", str(copy))
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 accounts" in done.stdout
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    # Pushed after the copy was made: lost on the server, not on the device.
    late = device.seal(b"late")
    async with httpx.AsyncClient() as client:
        await device.sync(client, late)
    bare_stack.replicas[0].stop()

    folder = tmp_path / "other"
    folder.mkdir()
    other = make_stack(request, target, folder)
    secret = bare_stack.environ.get("DEVPULSE_CLOUD_SECRET")
    if secret is None:
        secret = (Path(bare_stack.environ["DEVPULSE_CLOUD_DATA"]) / "secret").read_text().strip()
    other.environ["DEVPULSE_CLOUD_SECRET"] = secret
    done = command(other, "restore", str(copy))
    assert (done.returncode, done.stderr) == (0, "")
    replica = other.launch()
    try:
        device.url = replica.url
        async with httpx.AsyncClient() as client:
            refused = await device.ask(client)
            assert refused.status_code == 409
            assert refused.json()["type"].endswith(":restored")
            device.cursor, device.lineage = 0, b""
            answer = await device.sync(client, late)
        assert [one.envelope for one in answer.pulled] == envelopes
        assert answer.latest == len(envelopes) + 1
    finally:
        replica.stop()


async def test_a_database_that_is_not_empty_is_never_overwritten(bare_stack, tmp_path) -> None:
    await lived_in(bare_stack)
    bare_stack.replicas[0].stop()
    copy = tmp_path / "copy"
    assert command(bare_stack, "backup", str(copy)).returncode == 0
    done = command(bare_stack, "restore", str(copy))
    assert done.returncode == 1
    assert "not empty" in done.stderr


@pytest.mark.parametrize(
    "spoil",
    [
        lambda copy: b"",
        lambda copy: copy[:-1],
        lambda copy: copy[: len(copy) // 2],
        lambda copy: copy[:400] + bytes([copy[400] ^ 1]) + copy[401:],
        lambda copy: b"\xff" * 100,
        lambda copy: copy.replace(b"backup 1", b"backup 9"),
        lambda copy: copy.replace(b"accounts", b"acc'unts"),
    ],
)
async def test_a_damaged_copy_changes_nothing(bare_stack, tmp_path, spoil, settings) -> None:
    await migrate(settings)
    bare_stack.replicas.append(type("Nowhere", (), {"url": ""}))
    await make_devices(bare_stack, 1)
    source = await open_database(settings)
    copy = tmp_path / "copy"
    await backup(source, copy, now_ms())
    await source.close()
    copy.write_bytes(spoil(copy.read_bytes()))
    other = from_environment({"DEVPULSE_CLOUD_DATA": str(tmp_path / "other")})
    await migrate(other)
    target = await open_database(other)
    try:
        with pytest.raises(BackupRefused):
            await restore(target, copy)
        async with target.reading() as connection:
            assert await connection.value("SELECT count(*) FROM accounts") == 0
    finally:
        await target.close()


async def test_a_folder_that_cannot_be_written_is_told(database, tmp_path) -> None:
    with pytest.raises(BackupRefused, match="cannot be written"):
        await backup(database, tmp_path / "nowhere" / "copy", now_ms())
    full = tmp_path / "copy"
    full.mkdir()
    with pytest.raises(BackupRefused, match="cannot be written"):
        await backup(database, full, now_ms())
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".new"] == []
    shutil.rmtree(full)
    with pytest.raises(BackupRefused, match="cannot be read"):
        await restore(database, full)
