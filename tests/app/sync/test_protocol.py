"""docs/protocol.md, as a second client would be written from it: nothing of ours but the vectors.

Whoever changes a format breaks the first test; whoever changes it in code and vectors alike breaks the rest.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import unicodedata
from pathlib import Path
from typing import Any

import msgspec
import pytest
from argon2.low_level import Type, hash_secret_raw
from backports import zstd
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from app.paths import resources
from tests.app.sync.vectors import make

FILE = json.loads((Path(__file__).parent / "vectors" / "protocol.json").read_text(encoding="utf-8"))
PARTS, SEALED = FILE["parts"], FILE["sealed"]
WORDS = (resources() / "recovery_words.txt").read_text().split()
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
unpack = msgspec.msgpack.decode


def hexed(*path: Any) -> bytes:
    value: Any = FILE
    for step in path:
        value = value[step]
    return bytes.fromhex(value)


ACCOUNT = hexed("parts", "account")
DEVICES = PARTS["devices"]
ROOTS = {int(epoch): bytes.fromhex(key) for epoch, key in PARTS["roots"].items()}
HPKE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def label(use: str) -> bytes:
    return f"devpulse 1 {use}\0".encode()


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def mac(key: bytes, *parts: bytes) -> bytes:
    return hmac.digest(key, b"".join(parts), "sha256")


def expand(key: bytes, use: str, *fields: bytes) -> bytes:
    """HKDF-Expand of 32 bytes is one HMAC."""
    return mac(key, label(use), *fields, b"\1")


def header(envelope: bytes) -> dict[str, Any]:
    assert envelope[:5] == b"DPE1\1"
    assert int.from_bytes(envelope[96:100]) == len(envelope) - 100
    return {
        "kind": envelope[5],
        "compression": envelope[6],
        "epoch": int.from_bytes(envelope[8:12]),
        "object": envelope[12:28],
        "version": envelope[28:36],
        "device": envelope[68:84],
        "nonce": envelope[84:96],
    }


def opened(envelope: bytes, key: bytes | None = None) -> bytes:
    of = header(envelope)
    root = ROOTS[of["epoch"]] if key is None else key
    message = expand(root, "message", bytes((of["kind"],)), of["object"], of["version"], of["device"])
    plain = AESGCM(message).decrypt(of["nonce"], envelope[100:], envelope[:100] + ACCOUNT)
    body = plain[4 : 4 + int.from_bytes(plain[:4])]
    return zstd.decompress(body) if of["compression"] else body


def verified(key: bytes, signature: bytes, *parts: bytes) -> None:
    Ed25519PublicKey.from_public_bytes(key).verify(signature, b"".join(parts))


def public(seed: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def crockford(text: str) -> int:
    number = 0
    for letter in text.replace("-", ""):
        number = number * 32 + CROCKFORD.index(letter)
    return number


def spelled(number: int, count: int) -> str:
    return " ".join(WORDS[number >> 11 * at & 2047] for at in reversed(range(count)))


def six_words(use: str, *fields: bytes) -> str:
    return spelled(int.from_bytes(sha(label(use), *fields)) >> 190, 6)


def list_end() -> tuple[int, bytes]:
    parent = bytes(32)
    for statement, signature in PARTS["device_list"]:
        parent = sha(bytes.fromhex(statement), bytes.fromhex(signature))
    return len(PARTS["device_list"]), parent


@pytest.fixture(scope="module")
def password_root() -> bytes:
    """UK: what password and Secret Key give."""
    salt = sha(label("password salt"), ACCOUNT, hexed("parts", "salt"))
    secret = unicodedata.normalize("NFKC", PARTS["password"]).encode()
    stretched = hash_secret_raw(secret, salt, 3, 65_536, 4, 32, Type.ID)
    number = crockford(PARTS["secret_key"].removeprefix("D1-"))
    key = (number >> 12).to_bytes(16)
    assert number & 1023 == int.from_bytes(sha(label("secret key check"), key)[:2]) >> 6
    return mac(key, stretched)


def test_the_program_still_makes_what_the_file_holds() -> None:
    assert make.parts() == PARTS


def test_password_and_secret_key(password_root: bytes) -> None:
    assert public(expand(password_root, "login")) == hexed("parts", "login_key")
    wrap = hexed("parts", "password_wrap")
    assert wrap[:32] == expand(password_root, "commitment")
    assert header(wrap[32:])["object"] == sha(label("wrap id"), b"\x08password", ACCOUNT)[:16]
    epoch, root, length, end, recovery_key, commitment = unpack(
        opened(wrap[32:], expand(password_root, "key encryption"))
    )
    assert (epoch, root, (length, end)) == (2, ROOTS[2], list_end())
    # With the recovery's key from inside, the other wrap opens, too.
    assert hexed("parts", "recovery_wrap")[:32] == commitment
    assert unpack(opened(hexed("parts", "recovery_wrap")[32:], recovery_key))[:2] == [2, ROOTS[2]]


def test_recovery_words() -> None:
    number = 0
    for word in PARTS["recovery_words"].split():
        number = number * 2048 + WORDS.index(word)
    entropy = (number >> 8).to_bytes(32)
    assert number & 255 == sha(entropy)[0]
    root = mac(sha(label("recovery salt"), ACCOUNT), entropy)
    assert public(expand(root, "recovery login")) == hexed("parts", "recovery_login_key")
    wrap = hexed("parts", "recovery_wrap")
    assert wrap[:32] == expand(root, "recovery commitment")
    assert header(wrap[32:])["object"] == sha(label("wrap id"), b"\x08recovery", ACCOUNT)[:16]
    found = unpack(opened(wrap[32:], expand(root, "recovery key encryption")))
    assert (found[0], found[1], found[4]) == (2, ROOTS[2], None)


def test_device_list() -> None:
    keys = {ACCOUNT: hexed("parts", "login_key")}
    parent = bytes(32)
    for number, (statement, signature) in enumerate(PARTS["device_list"]):
        signed = bytes.fromhex(statement)
        version, account, sequence, named, action, device, signing, exchange, _, signer = unpack(signed)
        assert (version, account, sequence, named, action) == (1, ACCOUNT, number, parent, "add")
        verified(keys[signer], bytes.fromhex(signature), signed)
        keys[device] = signing
        assert signing == hexed("parts", "devices", number, "signing_key")
        assert exchange == hexed("parts", "devices", number, "exchange_key")
        parent = sha(signed, bytes.fromhex(signature))
    assert six_words("device list words", (2).to_bytes(4), parent) == PARTS["device_list_words"]
    vector = hexed("parts", "devices", 0, "id") + (5).to_bytes(8) + make.drawn("own head", 32)
    assert six_words("vault words", (2).to_bytes(4), parent, vector) == PARTS["vault_words"]


def test_object_ids() -> None:
    key = expand(ROOTS[1], "object ids")
    device, kind = hexed("parts", "devices", 0, "id"), b"project"
    uuid = make.RECORD.uuid.encode()
    assert mac(key, label("activity id"), device, b"tail/472000")[:16] == hexed("parts", "ids", "tail/472000")
    assert mac(key, label("record id"), (7).to_bytes(4), kind, uuid)[:16] == hexed("parts", "ids", "project")
    assert mac(key, label("head id"), device)[:16] == hexed("parts", "ids", "head")
    assert sha(label("keyring id"), ACCOUNT)[:16] == hexed("parts", "ids", "keyring")


def test_keyring() -> None:
    assert unpack(opened(hexed("parts", "keyring")), strict=False) == {
        "v": 1,
        "k": ROOTS,
        "l": [[0, hexed("parts", "login_key")]],
        "r": [],
    }


def test_record() -> None:
    first, second = (hexed("parts", "devices", n, "id") for n in (0, 1))
    assert unpack(opened(hexed("parts", "record"))) == {
        "t": "project",
        "u": make.RECORD.uuid,
        "s": 1,
        "h": [1_700_000_000_000, 1, first],
        "f": {"name": "devpulse", "archived": False},
        "c": {"name": [1_700_000_000_000, 0, second], "archived": [1_700_000_000_000, 1, first]},
        "d": None,
        "x": [1, None, "kept"],
    }


def test_activity() -> None:
    tail = hexed("parts", "tail")
    assert (len(tail) - 116) % 512 == 0
    body = opened(tail)
    assert body == opened(hexed("sealed", "segment"))
    assert header(hexed("sealed", "segment"))["compression"] == 1
    found = unpack(body)
    assert (found["v"], found["s"], found["m"]) == (1, [[472_000, 3, 3, 0]], [])
    columns, names = found["c"], found["n"]
    at = 472_000 * 3_600_000
    rows: list[list[Any]] = []
    offset = 0
    for number in range(3):
        start = at + columns.get("g", [0] * 3)[number]
        at = start + columns["d"][number]
        offset += columns["z"][number]
        texts = {name: names[name][columns[name][number] - 1] for name in names if columns[name][number]}
        rows.append([start, at, offset, columns["f"][number], texts])
    begin = 472_000 * 3_600_000
    project = {"project": make.RECORD.uuid}
    assert rows == [
        [begin, begin + 61_000, 3600, 2, {"application": "editor", "title": "main.py"} | project],
        [begin + 61_000, begin + 90_000, 3600, 1, {}],
        [
            begin + 95_000,
            begin + 99_000,
            3600,
            6,
            {"application": "browser", "title": "docs", "url": "example.org"},
        ],
    ]
    assert sha(label("slot"), body) == hexed("parts", "slot_digest")


def test_head() -> None:
    envelope = hexed("parts", "head")
    version, payload, signature = unpack(opened(envelope))
    device = hexed("parts", "devices", 0, "id")
    verified(hexed("parts", "devices", 0, "signing_key"), signature, label("head"), ACCOUNT, device, payload)
    found = unpack(payload)
    record = hexed("parts", "record")
    leaf = b"\3" + hexed("parts", "ids", "project") + (1).to_bytes(8) + sha(record)
    assert version == 1
    assert found == {
        "q": 5,
        "t": 1_700_000_200_000,
        "e": 2,
        "i": make.drawn("lineage", 16),
        "l": list(list_end()),
        "a": sha(b"\0", (472_000).to_bytes(4), hexed("parts", "slot_digest")),
        "r": sha(b"\0", leaf),
        "s": [[hexed("parts", "devices", 1, "id"), 7, make.drawn("a head", 32)]],
    }


def test_device_name() -> None:
    sealed, device = hexed("parts", "device_name"), hexed("parts", "devices", 0, "id")
    assert sealed[:4] == (2).to_bytes(4)
    key = expand(ROOTS[2], "device name", device)
    name = AESGCM(key).decrypt(sealed[4:16], sealed[16:], sealed[:4] + ACCOUNT + device)
    assert name == b"laptop".ljust(64, b"\0")


def test_device_wrap() -> None:
    sealed, device = hexed("sealed", "device_wrap"), hexed("parts", "devices", 1, "id")
    of = header(sealed)
    assert of["object"] == sha(label("wrap id"), b"\6device", ACCOUNT, device)[:16]
    inner, signature = sealed[:-64], sealed[-64:]
    signing = hexed("parts", "devices", 0, "signing_key")
    verified(signing, signature, label("device wrap"), ACCOUNT, device, inner)
    secret = X25519PrivateKey.from_private_bytes(hexed("parts", "devices", 1, "exchange_secret"))
    info = label("device wrap") + sealed[:100] + ACCOUNT + device
    assert unpack(HPKE.decrypt(inner[100:], secret, info)) == [2, ROOTS[2], *list_end(), None, None]


def test_pairing() -> None:
    note = hexed("parts", "pairing", "offer")
    code = PARTS["pairing"]["code"]
    stretched = hash_secret_raw(code.encode(), sha(label("pairing code")), 3, 65_536, 4, 32, Type.ID)
    assert expand(stretched, "pairing place") == hexed("parts", "pairing", "place")
    key = expand(stretched, "pairing mac")
    assert mac(key, label("pairing offer"), note[:-32]) == note[-32:]
    version, device, signing, exchange = unpack(note[:-32])
    assert (version, device) == (1, hexed("parts", "devices", 1, "id"))
    assert six_words("pairing words", device, signing, exchange) == PARTS["pairing"]["words"]

    welcome = hexed("sealed", "welcome")
    assert mac(key, label("pairing answer"), sha(note), welcome[:-32]) == welcome[-32:]
    secret = X25519PrivateKey.from_private_bytes(hexed("parts", "devices", 1, "exchange_secret"))
    found = unpack(HPKE.decrypt(welcome[:-32], secret, label("pairing answer") + sha(note)))
    assert found[:3] == [1, ACCOUNT, "https://sync.example.org"]
    assert unpack(found[4], strict=False)["k"] == ROOTS
    assert tuple(found[5:7]) == list_end()
    assert found[7] == [[hexed("parts", "devices", 0, "id"), 5, make.drawn("own head", 32)]]
