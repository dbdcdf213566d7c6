"""Looks for what should be gone: every byte of every file of a home, and every text that a key opens."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from app.models.cipher import Cipher
from app.paths import Paths


def sealed_pieces(paths: Paths, cipher: Cipher, words: str) -> list[bytes]:
    """Pieces of the sealed form, and the digest, of every stored text that holds `words`."""
    connection = sqlite3.connect(paths.database)
    rows = connection.execute("SELECT digest, sealed FROM texts").fetchall()
    connection.close()
    found = [(digest, sealed) for digest, sealed in rows if words in cipher.open(sealed)]
    # A row may run over into another page, so short pieces are looked for.
    return [piece for digest, sealed in found for piece in (digest[:12], sealed[1:13], sealed[-12:])]


def files(paths: Paths) -> list[Path]:
    """Every file of the home."""
    return [file for file in paths.data.parent.rglob("*") if file.is_file()]


def bearing(paths: Paths, pieces: list[bytes]) -> list[str]:
    """Names of the files that hold one of these byte strings."""
    return [file.name for file in files(paths) if any(piece in file.read_bytes() for piece in pieces)]


def opened(paths: Paths, cipher: Cipher) -> list[str]:
    """Every text in every database of the home that the key opens."""
    texts: list[str] = []
    for file in files(paths):
        if file.read_bytes()[:15] == b"SQLite format 3":
            connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
            texts += [cipher.open(row[0]) for row in connection.execute("SELECT sealed FROM texts")]
            connection.close()
    return texts
