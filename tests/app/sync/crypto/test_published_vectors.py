"""What sync builds on, against vectors that others have published (packages `cryptography_vectors`, RFCs)."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.sync.crypto import derivation, hpke, signing
from app.sync.crypto.refusals import NotSealedForUs
from app.sync.crypto.secret import Secret

VECTORS = files("cryptography_vectors")


def blocks(*path: str) -> Iterator[dict[str, str]]:
    """`name = value` lines, a block from each `Count` on; headings in brackets hold for all that follow."""
    heading: dict[str, str] = {}
    block: dict[str, str] = {}
    for line in VECTORS.joinpath(*path).read_text().splitlines():
        name, found, value = (part.strip() for part in line.strip().strip("[]").partition("="))
        if line.startswith("#"):
            continue
        if name.lower() == "count" and block:
            yield block
        if name.lower() == "count":
            block = dict(heading)
        elif line.startswith("["):
            heading[name] = value
        elif found or name == "FAIL":
            block[name] = value
    yield block


def data(case: dict[str, str], name: str) -> bytes:
    return bytes.fromhex(case[name])


def test_aes_256_gcm_encrypts_as_nist_says() -> None:
    cases = [
        case
        for case in blocks("ciphers", "AES", "GCM", "gcmEncryptExtIV256.rsp")
        if (case.get("IVlen"), case.get("Taglen")) == ("96", "128") and "Key" in case
    ]
    assert len(cases) > 300
    for case in cases:
        sealed = AESGCM(data(case, "Key")).encrypt(data(case, "IV"), data(case, "PT"), data(case, "AAD"))
        assert sealed == data(case, "CT") + data(case, "Tag")


def test_aes_256_gcm_opens_and_refuses_as_nist_says() -> None:
    refused = 0
    for case in blocks("ciphers", "AES", "GCM", "gcmDecrypt256.rsp"):
        if (case.get("IVlen"), case.get("Taglen")) != ("96", "128") or "Key" not in case:
            continue
        sealed = data(case, "CT") + data(case, "Tag")
        try:
            plain = AESGCM(data(case, "Key")).decrypt(data(case, "IV"), sealed, data(case, "AAD"))
            assert plain == data(case, "PT")
        except InvalidTag:
            assert "FAIL" in case
            refused += 1
    assert refused > 100


def test_hkdf_is_rfc_5869s() -> None:
    cases = [case for case in blocks("KDF", "rfc-5869-HKDF-SHA256.txt") if "OKM" in case]
    assert len(cases) == 3
    for case in cases:
        root = derivation.extract(data(case, "salt"), Secret(data(case, "IKM")))
        assert root.reveal() == data(case, "PRK")
        expanded = derivation.expand(root, data(case, "info"), size=int(case["L"]))
        assert expanded.reveal() == data(case, "OKM")


def test_ed25519_is_rfc_8032s() -> None:
    lines = VECTORS.joinpath("asymmetric", "Ed25519", "sign.input").read_text().splitlines()
    assert len(lines) == 1024
    for line in lines[::8]:
        secret, public, message, signed = (bytes.fromhex(part) for part in line.split(":")[:4])
        seed, signature = Secret(secret[:32]), signed[:64]
        assert signing.public_key(seed) == public
        assert signing.sign(seed, message) == signature
        assert signing.verified(public, signature, message)
        assert not signing.verified(public, signature, message + b"\0")
        assert not signing.verified(public, signature[:-1] + bytes((signature[-1] ^ 0x20,)), message)


def test_x25519_is_rfc_7748s() -> None:
    for case in blocks("asymmetric", "X25519", "rfc7748.txt"):
        if "INPUT_SCALAR" in case:
            private = X25519PrivateKey.from_private_bytes(data(case, "INPUT_SCALAR"))
            public = X25519PublicKey.from_public_bytes(data(case, "INPUT_U"))
            assert private.exchange(public) == data(case, "OUTPUT_U")


def test_argon2id_is_rfc_9106s() -> None:
    """Section 5.3, through the very library that `kdf` uses; its simple call takes no secret and no data."""
    from argon2.low_level import ARGON2_VERSION, Type, core, ffi

    cases = [case for case in blocks("KDF", "argon2id.txt") if "ad" in case and "secret" in case]
    assert cases
    for case in cases:
        parts = {name: ffi.new("uint8_t[]", data(case, name)) for name in ("pass", "salt", "secret", "ad")}
        out = ffi.new("uint8_t[]", int(case["length"]))
        context = ffi.new(
            "argon2_context *",
            {
                "version": ARGON2_VERSION,
                "out": out,
                "outlen": int(case["length"]),
                "pwd": parts["pass"],
                "pwdlen": len(data(case, "pass")),
                "salt": parts["salt"],
                "saltlen": len(data(case, "salt")),
                "secret": parts["secret"],
                "secretlen": len(data(case, "secret")),
                "ad": parts["ad"],
                "adlen": len(data(case, "ad")),
                "t_cost": int(case["iter"]),
                "m_cost": int(case["memcost"]),
                "lanes": int(case["lanes"]),
                "threads": 1,
                "allocate_cbk": ffi.NULL,
                "free_cbk": ffi.NULL,
                "flags": 0,
            },
        )
        assert core(context, Type.ID.value) == 0
        assert bytes(out) == data(case, "output")


HPKE_CASES = [
    case
    for case in json.loads(VECTORS.joinpath("HPKE", "test-vectors.json").read_text())
    if (case["mode"], case["kem_id"], case["kdf_id"], case["aead_id"]) == (0, 0x20, 1, 2)
]


class BaseMode:
    """RFC 9180's base mode for the receiver, from its pseudocode and the standard library's HMAC."""

    def __init__(self, secret: bytes, public: bytes, enc: bytes, info: bytes) -> None:
        kem, suite = b"KEM\x00\x20", b"HPKE\x00\x20\x00\x01\x00\x02"
        shared = X25519PrivateKey.from_private_bytes(secret).exchange(X25519PublicKey.from_public_bytes(enc))
        eae = self._extract(kem, b"", b"eae_prk", shared)
        secret_ = self._expand(kem, eae, b"shared_secret", enc + public, 32)
        context = b"\0" + self._extract(suite, b"", b"psk_id_hash", b"")
        context += self._extract(suite, b"", b"info_hash", info)
        root = self._extract(suite, secret_, b"secret", b"")
        self.key = self._expand(suite, root, b"key", context, 32)
        self.nonce = self._expand(suite, root, b"base_nonce", context, 12)

    def open(self, ciphertext: bytes, aad: bytes) -> bytes:
        return AESGCM(self.key).decrypt(self.nonce, ciphertext, aad)

    @staticmethod
    def _extract(suite: bytes, salt: bytes, label: bytes, material: bytes) -> bytes:
        return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + material, "sha256")

    @staticmethod
    def _expand(suite: bytes, key: bytes, label: bytes, info: bytes, size: int) -> bytes:
        labelled = size.to_bytes(2) + b"HPKE-v1" + suite + label + info
        return hmac.digest(key, labelled + b"\1", hashlib.sha256)[:size]


@pytest.mark.parametrize("case", HPKE_CASES)
def test_hpke_is_rfc_9180s(case: dict[str, Any]) -> None:
    """The RFC's vectors hold for the pseudocode, and what `hpke` seals opens by the pseudocode."""
    secret, public, enc, info = (bytes.fromhex(case[name]) for name in ("skRm", "pkRm", "enc", "info"))
    receiver = BaseMode(secret, public, enc, info)
    assert (receiver.key.hex(), receiver.nonce.hex()) == (case["key"], case["base_nonce"])
    first = case["encryptions"][0]
    plain = bytes.fromhex(first["pt"])
    assert receiver.open(bytes.fromhex(first["ct"]), bytes.fromhex(first["aad"])) == plain

    assert hpke.public_key(Secret(secret)) == public
    sealed = hpke.seal_to(public, plain, info)
    assert BaseMode(secret, public, sealed[:32], info).open(sealed[32:], b"") == plain
    again = enc + AESGCM(receiver.key).encrypt(receiver.nonce, plain, b"")
    assert hpke.open_with(Secret(secret), again, info) == plain
    with pytest.raises(NotSealedForUs):
        hpke.open_with(Secret(secret), again, info + b"x")


def test_there_are_hpke_vectors_for_this_suite() -> None:
    assert HPKE_CASES
