"""One made-up account with all it sends, as hexadecimal: python -m tests.app.sync.vectors.make > FILE.

`parts()` is the same every time. `sealed_anew()` is not (HPKE draws its own randomness, and compressors
change with their versions): of it the file keeps what was once made.
"""

from __future__ import annotations

import hashlib
import json
import sys
from typing import Any

from app.sync.bodies.codec import encode, slot_digest
from app.sync.bodies.head import Head, encode_head
from app.sync.bodies.merkle import records_root, slots_root
from app.sync.bodies.values import Activity, Hlc, Record, Slot, SpanRow
from app.sync.crypto import account_keys, pairing, recovery_words, secret_key
from app.sync.crypto.account_keys import AccountKeys
from app.sync.crypto.device_keys import DeviceKeys
from app.sync.crypto.device_list import BEGINNING, Login, Mark, digest, sign_statement
from app.sync.crypto.device_names import seal_name
from app.sync.crypto.envelopes import Outside, seal
from app.sync.crypto.fingerprint import vault_words, words
from app.sync.crypto.keyring import Keyring, encode_keyring
from app.sync.crypto.object_ids import ObjectIds, keyring_id
from app.sync.crypto.root_keys import RootKeys
from app.sync.crypto.secret import Secret
from app.sync.crypto.wraps import Wrapped, wrap_by_password, wrap_by_recovery, wrap_for_device
from app.sync.wire.accounts import Kdf, SignedStatement
from app.sync.wire.envelope import Kind

PASSWORD = "correct horse battery staple ü"
CODE = "0123-4567-89AB"
HOUR = 472_000


def drawn(name: str, size: int) -> bytes:
    """Bytes that stand for random ones, by their name."""
    return hashlib.shake_256(f"devpulse vectors {name}".encode()).digest(size)


def nonce(size: int) -> bytes:
    return drawn("nonce", size)


ACCOUNT = drawn("account", 16)
KDF = Kdf("argon2id", drawn("salt", 32), 65_536, 3, 4)
SECRET_KEY = Secret(drawn("secret key", 16))
RECOVERY = Secret(drawn("recovery", 32))
FIRST, SECOND = (
    DeviceKeys(
        drawn(f"device {n}", 16), Secret(drawn(f"signing {n}", 32)), Secret(drawn(f"exchange {n}", 32))
    )
    for n in (1, 2)
)
ROOTS = RootKeys(2, {1: Secret(drawn("root 1", 32)), 2: Secret(drawn("root 2", 32))})
IDS = ObjectIds(ROOTS, FIRST.device)
RECORD = Record(
    "project",
    "0b6f8a52-6c1d-4e58-9e0b-0d5a3c2f1e11",
    Hlc(1_700_000_000_000, 1, FIRST.device),
    {"name": "devpulse", "archived": False},
    {
        "name": Hlc(1_700_000_000_000, 0, SECOND.device),
        "archived": Hlc(1_700_000_000_000, 1, FIRST.device),
    },
    extra={"x": [1, None, "kept"]},
)
_AT = HOUR * 3_600_000
SLOT = Slot(
    HOUR,
    3,
    (
        SpanRow(_AT, _AT + 61_000, 3600, False, True, False, "editor", "main.py", project=RECORD.uuid),
        SpanRow(_AT + 61_000, _AT + 90_000, 3600, True, False, False),
        SpanRow(_AT + 95_000, _AT + 99_000, 3600, False, True, True, "browser", "docs", "example.org"),
    ),
)


def password_keys() -> AccountKeys:
    return account_keys.from_password(PASSWORD, SECRET_KEY, ACCOUNT, KDF)


def links(login: Secret) -> list[SignedStatement]:
    """The first device by the login key, the second by the first."""
    first = sign_statement(
        BEGINNING, ACCOUNT, "add", FIRST.public, time=1_700_000_000_000, signer=ACCOUNT, seed=login
    )
    second = sign_statement(
        Mark(1, digest(first)),
        ACCOUNT,
        "add",
        SECOND.public,
        time=1_700_000_100_000,
        signer=FIRST.device,
        seed=FIRST.signing,
    )
    return [first, second]


def sealed(body: bytes, kind: Kind, object_: bytes) -> bytes:
    return seal(
        body, Outside(kind, object_, 1, FIRST.device), root=ROOTS.current, account=ACCOUNT, random=nonce
    )


def parts() -> dict[str, Any]:
    """All that follows from the secrets above."""
    keys, recovery = password_keys(), account_keys.from_recovery(RECOVERY, ACCOUNT)
    chain = links(keys.login)
    mark = Mark(2, digest(chain[1]))
    keyring = Keyring(ROOTS, (Login(0, keys.login_key),))
    content = Wrapped(ROOTS.current, mark, recovery.wrapping)
    record = sealed(encode(RECORD), Kind.RECORD, IDS.record(RECORD.type, RECORD.uuid))
    records = records_root(
        [(Kind.RECORD, IDS.record(RECORD.type, RECORD.uuid), 1, hashlib.sha256(record).digest())]
    )
    head = Head(
        5,
        1_700_000_200_000,
        2,
        drawn("lineage", 16),
        mark,
        slots_root([(HOUR, slot_digest(SLOT))]),
        records,
        {SECOND.device: (7, drawn("a head", 32))},
    )
    code = pairing.read_code(CODE)
    return {
        "account": ACCOUNT.hex(),
        "password": PASSWORD,
        "salt": KDF.salt.hex(),
        "secret_key": secret_key.encode(SECRET_KEY),
        "login_key": keys.login_key.hex(),
        "recovery_words": recovery_words.encode(RECOVERY),
        "recovery_login_key": recovery.login_key.hex(),
        "devices": [
            {
                "id": device.device.hex(),
                "signing_seed": device.signing.reveal().hex(),
                "exchange_secret": device.exchange.reveal().hex(),
                "signing_key": device.public.signing_key.hex(),
                "exchange_key": device.public.exchange_key.hex(),
            }
            for device in (FIRST, SECOND)
        ],
        "roots": {str(epoch): key.reveal().hex() for epoch, key in ROOTS.keys.items()},
        "device_list": [[link.statement.hex(), link.signature.hex()] for link in chain],
        "device_list_words": words(mark),
        "vault_words": vault_words(mark, [(FIRST.device, 5, drawn("own head", 32))]),
        "ids": {
            "tail/472000": IDS.activity("tail/472000").hex(),
            "project": IDS.record(RECORD.type, RECORD.uuid).hex(),
            "head": IDS.head().hex(),
            "keyring": keyring_id(ACCOUNT).hex(),
        },
        "password_wrap": wrap_by_password(
            content, keys.wrapping, account=ACCOUNT, device=FIRST.device, random=nonce
        ).hex(),
        "recovery_wrap": wrap_by_recovery(
            content, recovery.wrapping, account=ACCOUNT, device=FIRST.device, random=nonce
        ).hex(),
        "keyring": sealed(encode_keyring(keyring), Kind.KEYRING, keyring_id(ACCOUNT)).hex(),
        "record": record.hex(),
        "tail": sealed(encode(Activity((SLOT,))), Kind.TAIL, IDS.activity("tail/472000")).hex(),
        "slot_digest": slot_digest(SLOT).hex(),
        "head": sealed(encode_head(head, FIRST, ACCOUNT), Kind.HEAD, IDS.head()).hex(),
        "device_name": seal_name("laptop", FIRST.device, roots=ROOTS, account=ACCOUNT, random=nonce).hex(),
        "pairing": {
            "code": CODE,
            "place": code.place.hex(),
            "offer": pairing.make_offer(SECOND.public, code).hex(),
            "words": pairing.offer_words(SECOND.public),
        },
    }


def sealed_anew() -> dict[str, str]:
    """What differs each time it is made."""
    chain = links(password_keys().login)
    mark = Mark(2, digest(chain[1]))
    code = pairing.read_code(CODE)
    offer = pairing.read_offer(pairing.make_offer(SECOND.public, code), code)
    keyring = Keyring(ROOTS, (Login(0, password_keys().login_key),))
    heads = {FIRST.device: (5, drawn("own head", 32))}
    welcome = pairing.Welcome(ACCOUNT, "https://sync.example.org", SECRET_KEY, keyring, mark, heads)
    segment = Outside(Kind.SEGMENT, IDS.activity("day/19666"), 1, FIRST.device, compressed=True)
    return {
        "device_wrap": wrap_for_device(
            ROOTS.current, mark, SECOND.public, account=ACCOUNT, signer=FIRST
        ).hex(),
        "welcome": pairing.make_welcome(welcome, offer, code).hex(),
        "segment": seal(
            encode(Activity((SLOT,))), segment, root=ROOTS.current, account=ACCOUNT, random=nonce
        ).hex(),
    }


if __name__ == "__main__":
    json.dump({"parts": parts(), "sealed": sealed_anew()}, sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")
