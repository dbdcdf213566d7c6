from __future__ import annotations

import ctypes
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models import aead as module
from app.models.aead import AlteredError, OpenSsl, Portable, aead, openssl

KEY = bytes(range(32))
NONCE = b"n" * 12
BYTES = st.binary(max_size=300)

pytestmark = pytest.mark.skipif(openssl() is None, reason="this system has no OpenSSL 3 of its own")


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=12, max_size=12), BYTES, BYTES)
def test_both_ways_seal_alike_and_open_each_other(key, nonce, text, purpose):
    one, other = OpenSsl(key), Portable(key)
    sealed = one.seal(nonce, text, purpose)
    assert sealed == other.seal(nonce, text, purpose)
    assert one.open(nonce, sealed, purpose) == other.open(nonce, sealed, purpose) == text


def test_a_known_answer():
    # The Galois/Counter Mode of Operation (McGrew, Viega), test case 16: AES-256, with purpose.
    key = bytes.fromhex("feffe9928665731c6d6a8f9467308308" * 2)
    text = bytes.fromhex(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
    )
    purpose = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    sealed = OpenSsl(key).seal(bytes.fromhex("cafebabefacedbaddecaf888"), text, purpose)
    assert sealed.hex() == (
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
        "76fc6ece0f4e1768cddf8853bb2d551b"
    )


@pytest.mark.parametrize("kind", [OpenSsl, Portable])
@given(text=BYTES, at=st.integers(0, 10_000), mask=st.integers(1, 255))
def test_whatever_is_altered_is_noticed(kind, text, at, mask):
    cipher = kind(KEY)
    sealed = cipher.seal(NONCE, text, b"purpose")
    altered = bytearray(sealed)
    altered[at % len(altered)] ^= mask
    for nonce, content, purpose in (
        (NONCE, bytes(altered), b"purpose"),
        (NONCE, sealed[:-1], b"purpose"),
        (NONCE, sealed + b"\0", b"purpose"),
        (NONCE, sealed, b"another"),
        (NONCE, sealed, b""),
        (b"m" * 12, sealed, b"purpose"),
    ):
        with pytest.raises(AlteredError):
            cipher.open(nonce, content, purpose)
    with pytest.raises(AlteredError):
        kind(bytes(32)).open(NONCE, sealed, b"purpose")


@pytest.mark.parametrize("length", [0, 1, 15])
def test_less_than_a_tag_is_no_sealed_text(length):
    for kind in (OpenSsl, Portable):
        with pytest.raises(AlteredError):
            kind(KEY).open(NONCE, bytes(length), b"")


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_keys_and_nonces_of_another_length_are_refused(length):
    with pytest.raises(ValueError, match="32 bytes"):
        aead(bytes(length))
    with pytest.raises(ValueError, match="32 bytes and a nonce 12"):
        OpenSsl(KEY).seal(bytes(length), b"", b"")
    with pytest.raises(ValueError, match="32 bytes and a nonce 12"):
        OpenSsl(bytes(length)).seal(NONCE, b"", b"")


def test_threads_share_one():
    cipher, wrong = OpenSsl(KEY), list[int]()

    def work(number):
        text = bytes([number]) * 500
        for turn in range(300):
            nonce = turn.to_bytes(12)
            if cipher.open(nonce, cipher.seal(nonce, text, b"p"), b"p") != text:
                wrong.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_nothing_is_kept_from_text_to_text():
    cipher = OpenSsl(KEY)
    before = _resident_kb()
    for turn in range(30_000):
        cipher.seal(turn.to_bytes(12), b"x" * 200, b"p")
    assert _resident_kb() - before < 2_000


def test_without_a_system_library_the_other_way_is_taken(monkeypatch):
    monkeypatch.setattr(module, "openssl", lambda: None)
    assert isinstance(aead(KEY), Portable)


@pytest.mark.parametrize("missing", ["library", "function", "system"])
def test_a_library_that_will_not_do_is_left_alone(monkeypatch, missing):
    def load(name):
        if missing == "library":
            raise OSError
        return object()

    monkeypatch.setattr(ctypes, "CDLL", load)
    if missing == "system":
        monkeypatch.setattr(module.sys, "platform", "darwin")
    assert openssl.__wrapped__() is None


def test_a_refusal_of_openssl_is_no_silent_success(monkeypatch):
    class Refuses:
        def __getattr__(self, name):
            return lambda *_: 0 if name == "EVP_CipherInit_ex" else 1

    monkeypatch.setattr(module, "openssl", Refuses)
    with pytest.raises(RuntimeError, match="refused"):
        OpenSsl(KEY).seal(NONCE, b"text", b"")


def test_no_memory_for_a_context(monkeypatch):
    class Empty:
        def __getattr__(self, name):
            return lambda *_: None

    monkeypatch.setattr(module, "openssl", Empty)
    with pytest.raises(MemoryError):
        OpenSsl(KEY).seal(NONCE, b"text", b"")


def _resident_kb() -> int:
    with open("/proc/self/statm") as file:  # noqa: PTH123
        return int(file.read().split()[1]) * 4
