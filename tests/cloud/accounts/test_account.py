"""The account shown, changed, exported; and gone without a trace."""

from __future__ import annotations

import asyncio
import base64

import httpx2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cloud.db import open_database
from cloud.db.tables import metadata
from cloud.settings import from_environment
from tests.cloud.people import Device, Person
from tests.cloud.servers import Stack


def test_an_email_may_change_or_go(person: Person, stranger: Person) -> None:
    change = {"email": f"New-{person.email}"}
    answer = person.client.put("/v1/account", json=change, headers=person.headers)
    assert answer.json()["email"] == f"new-{person.email}"
    taken = {"email": stranger.email}
    assert person.client.put("/v1/account", json=taken, headers=person.headers).status_code == 409
    answer = person.client.put("/v1/account", json={"email": None}, headers=person.headers)
    assert answer.json()["email"] is None


def test_an_export_holds_all_but_what_opens_sessions(person: Person) -> None:
    exported = person.get("/v1/account/export").json()
    assert exported["account"] == str(person.account)
    assert exported["tables"]["accounts"][0]["email"] == person.email
    assert exported["tables"]["devices"][0]["id"] == base64.b64encode(person.device.id.bytes).decode()
    assert base64.b64encode(person.device.refresh_token).decode() not in str(exported)


def rows_about(stack: Stack, account: bytes) -> int:
    async def count() -> int:
        database = await open_database(from_environment(stack.environ))
        total = 0
        async with database.reading() as connection:
            for table in metadata.tables.values():
                for column in table.columns:
                    sql = f"SELECT count(*) FROM {table.name} WHERE {column.name} = $1"
                    if str(column.type) in ("BLOB", "BYTEA"):
                        total += await connection.value(sql, account)
        await database.close()
        return total

    return asyncio.run(count())


def test_deletion_leaves_no_row_and_no_session(person: Person, stack: Stack) -> None:
    laptop = Device()
    person.list_device(laptop)
    person.sign_in(laptop)
    assert rows_about(stack, person.account.bytes) >= 6
    assert person.delete(Ed25519PrivateKey.generate()).status_code == 401
    assert person.delete().status_code == 204
    assert rows_about(stack, person.account.bytes) == 0
    for url in (stack.a, stack.b):
        with httpx2.Client(base_url=url) as client:
            assert client.get("/v1/account", headers=laptop.headers).status_code == 401
    # The e-mail and even the id are free again.
    again = Person(person.client, person.email)
    again.account = person.account
    assert again.sign_up().status_code == 201


def test_another_accounts_ids_answer_nothing(person: Person, stranger: Person) -> None:
    session = stranger.device.tokens.session if stranger.device.tokens else None
    paths = [f"/v1/sessions/{session}", f"/v1/devices/{stranger.device.id}"]
    for path in paths:
        assert person.client.delete(path, headers=person.headers).status_code == 404
    assert stranger.get("/v1/account").status_code == 200
    assert stranger.refresh().status_code == 200


def test_a_disabled_account_is_out(person: Person, stack: Stack) -> None:
    async def disable() -> None:
        database = await open_database(from_environment(stack.environ))
        async with database.transaction() as connection:
            sql = "UPDATE accounts SET disabled = 1 WHERE id = $1"
            await connection.execute(sql, person.account.bytes)
        await database.close()

    asyncio.run(disable())
    assert person.get("/v1/account").status_code == 401
    assert person.refresh().status_code == 401
    # And looks like one that never was.
    assert person.challenge("sign-in", person.email).account != person.account
