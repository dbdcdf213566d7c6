"""Where a sign-in may return to: a port of this very machine, exactly (RFC 8252, section 7.3)."""

from __future__ import annotations

from urllib.parse import urlsplit

from cloud.errors import Problem

_HOSTS = ("127.0.0.1", "[::1]")


def require_loopback(uri: str) -> str:
    """The address, if it is `http://127.0.0.1:PORT/…` or `http://[::1]:PORT/…`. Raises Problem 400."""
    try:
        parts = urlsplit(uri)
        port = parts.port
    except ValueError:
        raise _refused() from None
    # Rebuilt and compared: no user, no other spelling of the host, no query or fragment gets through.
    exact = any(uri == f"http://{host}:{port}{parts.path}" for host in _HOSTS)
    plain = uri.isascii() and uri.isprintable() and not set(uri) & set("\\ \"'<>;,%")
    if not exact or not plain or not port or not parts.path.startswith("/"):
        raise _refused()
    return uri


def _refused() -> Problem:
    return Problem(
        400,
        "A sign-in returns only to a port of the same machine: http://127.0.0.1:PORT/… or http://[::1]:PORT/….",
        kind="redirect-uri",
    )
