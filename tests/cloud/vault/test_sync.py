"""Push and pull, over both stacks."""

from __future__ import annotations

import asyncio
import base64
import itertools
import secrets

import httpx2 as httpx
import msgspec
import pytest

from app.sync.wire.envelope import Flags, Kind
from app.sync.wire.exchange import MOST_PUSHED, VersionList
from cloud.vault.pushing import MOST_VERSIONS
from tests.cloud.vault.devices import Device, execute, make_devices, value

MIB = 1 << 20
CORPUS = [b"Quarterly figures - LibreOffice", b"ada@example.org", b"harbor-api", b"retry-queue"]


def kind_of(response: httpx.Response) -> str:
    assert response.headers["content-type"] == "application/problem+json"
    return response.json()["type"].rpartition(":")[2]


async def test_what_one_pushes_the_other_pulls_as_it_was(client, devices) -> None:
    ada, bob = devices
    first, second = ada.seal(b"one"), ada.seal(b"two", kind=Kind.SEGMENT)
    answer = await ada.sync(client, first, second)
    assert [(one.sequence, one.fresh) for one in answer.pushed] == [(1, True), (2, True)]
    assert (answer.pulled, answer.cursor, answer.latest, answer.more) == ([], 2, 2, False)
    answer = await bob.sync(client)
    assert [(one.sequence, one.envelope) for one in answer.pulled] == [(1, first), (2, second)]
    assert [bob.open(one.envelope) for one in answer.pulled] == [b"one", b"two"]
    answer = await bob.sync(client)
    assert (answer.pulled, answer.cursor, answer.more) == ([], 2, False)


async def test_a_push_whose_answer_was_lost_changes_nothing_the_second_time(client, devices) -> None:
    ada, bob = devices
    envelope = ada.seal(b"one")
    assert (await ada.ask(client, envelope)).status_code == 200
    again = await ada.sync(client, envelope, url=bob.url)
    assert [(one.sequence, one.fresh) for one in again.pushed] == [(1, False)]
    assert again.latest == 1
    twice = await ada.sync(client, *[ada.seal(b"x")] * 2)
    assert [(one.sequence, one.fresh) for one in twice.pushed] == [(2, True), (2, False)]


async def test_versions_build_on_each_other_also_in_one_push(client, devices) -> None:
    ada, bob = devices
    await ada.sync(client, *ada.chain(secrets.token_bytes(16), b"1", b"2", b"3"))
    pulled = (await bob.sync(client)).pulled
    assert [bob.open(one.envelope) for one in pulled] == [b"3"], "what was replaced is not sent"


async def test_a_stale_parent_is_refused_with_the_current_one_and_nothing_is_stored(client, devices) -> None:
    ada, bob = devices
    object_ = secrets.token_bytes(16)
    await ada.sync(client, ada.seal(b"base", object_))
    await bob.sync(client)
    current = ada.seal(b"of ada", object_)
    await ada.sync(client, current)
    response = await bob.ask(client, bob.seal(b"innocent"), bob.seal(b"of bob", object_))
    assert (response.status_code, kind_of(response)) == (409, "stale-parent")
    (conflict,) = response.json()["conflicts"]
    assert (conflict["index"], conflict["sequence"]) == (1, 2)
    assert base64.b64decode(conflict["envelope"]) == current
    assert (await ada.sync(client)).pulled == []
    bob.keep(current)
    await bob.sync(client, bob.seal(b"merged", object_))
    assert [ada.open(one.envelope) for one in (await ada.sync(client)).pulled] == [b"merged"]


async def test_of_twenty_who_write_one_record_at_once_one_succeeds(client, stack) -> None:
    devices = await make_devices(stack, 20)
    object_ = secrets.token_bytes(16)
    asked = [device.ask(client, device.seal(b"mine", object_)) for device in devices]
    statuses = [response.status_code for response in await asyncio.gather(*asked)]
    assert sorted(statuses) == [200] + [409] * 19


async def push_many(client: httpx.AsyncClient, devices: list[Device], each: int) -> None:
    """All push at once; afterwards every sequence is there once, and all know the same."""

    async def one(device: Device) -> list[int]:
        given = []
        for _ in range(each // 10):
            answer = await device.sync(client, *(device.seal(b"x") for _ in range(10)))
            given += [one.sequence for one in answer.pushed]
        return given

    given = await asyncio.gather(*(one(device) for device in devices))
    everything = list(range(1, len(devices) * each + 1))
    assert sorted(itertools.chain.from_iterable(given)) == everything
    for device in devices:
        device.cursor, seen, more = 0, [], True
        while more:
            answer = await device.sync(client, page=100_000)
            seen += [one.sequence for one in answer.pulled]
            more = answer.more
        assert seen == everything


async def test_two_who_push_at_once_lose_and_double_no_sequence(client, devices) -> None:
    await push_many(client, devices, 500)


@pytest.mark.slow
async def test_ten_thousand_pushes_lose_and_double_no_sequence(client, devices) -> None:
    await push_many(client, devices, 5_000)


async def test_pages_hold_what_was_asked_for_and_follow_each_other(client, devices) -> None:
    ada, bob = devices
    sent = [ada.seal(secrets.token_bytes(30_000)) for _ in range(12)]
    await ada.sync(client, *sent)
    got: list[bytes] = []
    pages, more = 0, True
    while more:
        answer = await bob.sync(client, page=100_000)
        got += [one.envelope for one in answer.pulled]
        more = answer.more
        pages += 1
    assert (got, pages) == (sent, 4)
    bob.cursor = 0
    assert len((await bob.sync(client, page=1)).pulled) == 1, "at least one, or it would never end"
    nothing = await bob.sync(client, page=0)
    assert (nothing.pulled, nothing.cursor, nothing.more) == ([], 1, False)


async def test_erasing_removes_the_bytes_of_older_versions(client, devices, stack) -> None:
    ada, bob = devices
    object_ = secrets.token_bytes(16)
    secret = ada.seal(b"to be erased", object_)
    await ada.sync(client, secret)
    await ada.sync(client, ada.seal(b"still", object_))
    await ada.sync(client, ada.seal(b"", object_, flags=Flags.ERASES_OLDER))
    assert [bob.open(one.envelope) for one in (await bob.sync(client)).pulled] == [b""]
    assert await value(stack, "SELECT count(*) FROM envelopes WHERE account = $1", ada.account) == 1
    kept = await value(stack, "SELECT bytes FROM vaults WHERE account = $1", ada.account)
    assert kept == len(secret) - len(b"to be erased")
    late = await ada.ask(client, secret)
    assert (late.status_code, kind_of(late)) == (409, "stale-parent"), "it does not come back"


async def test_versions_are_kept_for_a_while_and_belong_to_their_account(client, devices, stack) -> None:
    ada, bob = devices
    (stranger,) = await make_devices(stack, 1)
    object_ = secrets.token_bytes(16)
    chain = ada.chain(object_, *(b"%d" % number for number in range(MOST_VERSIONS + 5)))
    await ada.sync(client, *chain)
    path = f"{bob.url}/v1/sync/versions/{object_.hex()}?kind=3"
    told = msgspec.msgpack.decode((await client.get(path, headers=bob.headers)).content, type=VersionList)
    assert [one.envelope for one in told.versions] == chain[::-1][:MOST_VERSIONS]
    assert told.versions[0].superseded is None
    assert all(one.superseded for one in told.versions[1:])
    assert not told.more
    older = await client.get(f"{path}&before={told.versions[1].sequence}", headers=bob.headers)
    assert msgspec.msgpack.decode(older.content, type=VersionList).versions == told.versions[2:]
    for absent in (path.replace("kind=3", "kind=1"), f"{path}&before=1"):
        assert (await client.get(absent, headers=bob.headers)).status_code == 404
    assert (await client.get(path, headers=stranger.headers)).status_code == 404


async def test_accounts_see_nothing_of_each_other(client, devices, stack) -> None:
    ada, _ = devices
    (stranger,) = await make_devices(stack, 1)
    object_ = secrets.token_bytes(16)
    await ada.sync(client, ada.seal(b"mine", object_))
    assert (await stranger.sync(client)).pulled == []
    await stranger.sync(client, stranger.seal(b"same id", object_))
    assert (await ada.sync(client)).pulled == []
    snapshot = await client.get(f"{stranger.url}/v1/sync/snapshot", headers=stranger.headers)
    assert len(snapshot.content) == 12 + 100 + 16 + len(b"same id") + 12


@pytest.mark.parametrize(
    ("spoil", "status", "kind"),
    [
        (lambda e: b"XPE1" + e[4:], 400, "envelope"),
        (lambda e: e[:4] + b"\x00" + e[5:], 400, "envelope"),
        (lambda e: e[:5] + b"\x63" + e[6:], 400, "envelope"),
        (lambda e: e[:6] + b"\x05" + e[7:], 400, "envelope"),
        (lambda e: e[:7] + b"\x80" + e[8:], 400, "envelope"),
        (lambda e: e[:28] + bytes(8) + e[36:], 400, "envelope"),
        (lambda e: e[:28] + b"\xff" * 8 + e[36:], 400, "envelope"),
        (lambda e: e[:36] + b"\x01" * 32 + e[68:], 400, "envelope"),
        (lambda e: e[:68] + bytes(16) + e[84:], 403, "device"),
        (lambda e: e[:8] + b"\x00\x00\x00\x07" + e[12:], 409, "stale-epoch"),
        (lambda e: e[:28] + b"\0\0\0\0\0\0\0\x05" + b"\x01" * 32 + e[68:], 409, "stale-parent"),
        (lambda e: e + b"more", 400, "envelope"),
        (lambda e: e[:-1], 400, "invalid-request"),
    ],
)
async def test_what_is_not_an_envelope_in_its_place_is_refused(client, devices, spoil, status, kind) -> None:
    ada, bob = devices
    response = await ada.ask(client, ada.seal(b"innocent"), spoil(ada.seal(b"")))
    assert (response.status_code, kind_of(response)) == (status, kind)
    assert (await bob.sync(client)).latest == 0


async def test_bodies_that_are_too_much_are_refused(client, devices) -> None:
    ada, bob = devices
    assert (await ada.ask(client, *(ada.seal(b"") for _ in range(MOST_PUSHED + 1)))).status_code == 400
    large = [ada.seal(secrets.token_bytes(MIB - 116)) for _ in range(5)]
    assert (await ada.ask(client, *large)).status_code == 413
    assert (await ada.ask(client, ada.seal(secrets.token_bytes(MIB)))).status_code == 400
    await ada.sync(client, *large[:4])
    assert (await bob.sync(client)).latest == 4


@pytest.mark.parametrize(
    "body",
    [b"", b"\xc1", b"[]", b"\x80" * 3, b"\x81\xa6cursor\xff", b"\x81\xa1x\x01", b"\x91" * 50_000],
    ids=lambda body: body[:6].hex() or "nothing",
)
async def test_what_is_no_message_is_refused(client, devices, body) -> None:
    ada, _ = devices
    response = await client.post(f"{ada.url}/v1/sync", content=body, headers=ada.headers)
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"


async def test_only_a_listed_device_may_push(client, devices, stack) -> None:
    ada, bob = devices
    await execute(stack, "UPDATE devices SET listed = 0 WHERE id = $1", ada.id)
    response = await ada.ask(client, ada.seal(b"x"))
    assert (response.status_code, kind_of(response)) == (403, "device")
    assert (await ada.sync(client)).latest == 0, "it may still read"
    await execute(stack, "UPDATE devices SET revoked = 1 WHERE id = $1", bob.id)
    assert (await bob.ask(client)).status_code == 401


async def test_scopes_of_the_session_hold(client, devices, stack) -> None:
    ada, bob = devices
    await execute(stack, "UPDATE sessions SET scopes = 'vault:read' WHERE id = $1", ada.session)
    assert (await ada.ask(client)).status_code == 200
    assert (await ada.ask(client, ada.seal(b"x"))).status_code == 403
    await execute(stack, "UPDATE sessions SET scopes = 'account' WHERE id = $1", bob.session)
    assert (await bob.ask(client)).status_code == 403


async def test_a_cursor_from_before_a_restore_is_told(client, devices, stack) -> None:
    ada, _ = devices
    await ada.sync(client, ada.seal(b"x"))
    ada.cursor = 7
    response = await ada.ask(client)
    assert (response.status_code, kind_of(response)) == (409, "restored")
    ada.cursor = 1
    await execute(stack, "UPDATE vaults SET lineage = $2 WHERE account = $1", ada.account, bytes(16))
    response = await ada.ask(client, ada.seal(b"y"))
    assert (response.status_code, kind_of(response)) == (409, "restored")
    assert response.json()["lineage"] == bytes(16).hex()
    ada.cursor, ada.lineage = 0, b""
    assert len((await ada.sync(client)).pulled) == 1


async def test_over_the_quota_is_told_in_numbers_and_erasing_still_works(client, bare_stack) -> None:
    bare_stack.replicas.append(bare_stack.launch(QUOTA_BYTES=str(MIB)))
    try:
        (ada,) = await make_devices(bare_stack, 1)
        object_ = secrets.token_bytes(16)
        await ada.sync(client, ada.seal(bytes(600_000), object_))
        response = await ada.ask(client, ada.seal(bytes(600_000)))
        assert (response.status_code, kind_of(response)) == (413, "quota")
        assert (response.json()["quota"], response.json()["used"]) == (MIB, 600_116)
        await ada.sync(client, ada.seal(b"", object_, flags=Flags.ERASES_OLDER))
        await ada.sync(client, ada.seal(bytes(600_000)))
    finally:
        bare_stack.replicas[0].stop()


def frames(content: bytes) -> list[tuple[int, bytes]]:
    """The whole frames of a snapshot."""
    found = []
    while len(content) >= 12 + (length := int.from_bytes(content[:4])) >= 12:
        found.append((int.from_bytes(content[4:12]), content[12 : 12 + length]))
        content = content[12 + length :]
    return found


async def test_a_snapshot_is_everything_current_and_can_be_resumed(client, devices) -> None:
    ada, bob = devices
    sent = [ada.seal(secrets.token_bytes(size)) for size in range(0, 45_000, 450)]
    await ada.sync(client, *sent)
    url = f"{bob.url}/v1/sync/snapshot"
    whole = await client.get(url, headers=bob.headers)
    found = frames(whole.content)
    assert [envelope for _, envelope in found] == [*sent, b""]
    assert found[-1][0] == 100
    cut = frames(whole.content[: len(whole.content) // 2])
    assert 10 < len(cut) < 90
    resumed = {"after": cut[-1][0], "lineage": whole.headers["devpulse-lineage"]}
    rest = await client.get(url, params=resumed, headers=bob.headers)
    assert cut + frames(rest.content) == found
    other = await client.get(url, params={"after": 5, "lineage": "00" * 16}, headers=bob.headers)
    assert (other.status_code, kind_of(other)) == (409, "restored")
    for wrong in ({"after": -1}, {"lineage": "zz"}, {"after": "x"}):
        assert (await client.get(url, params=wrong, headers=bob.headers)).status_code == 400


async def test_nothing_of_what_is_sealed_is_stored_or_logged_in_the_clear(client, devices, stack) -> None:
    ada, _ = devices
    for words in CORPUS:
        await ada.sync(client, ada.seal(words * 20))
    await client.post(f"{ada.url}/v1/sync", content=CORPUS[0] * 20, headers=ada.headers)
    if stack.name == "embedded":
        stored = b"".join(file.read_bytes() for file in stack.folder.rglob("*.db*"))
    else:
        sql = "SELECT string_agg(encode(sealed, 'hex'), '') FROM envelopes WHERE account = $1"
        stored = bytes.fromhex(await value(stack, sql, ada.account))
    assert len(stored) > 1_800
    told = stack.logs()
    for words in CORPUS:
        assert words not in stored
        assert words.decode() not in told
    for secret in (ada.token, ada.account.hex(), ada.session.hex()):
        assert secret not in told
