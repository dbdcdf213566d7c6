"""From which address a request really comes: a proxy's word counts only if the operator trusts the proxy."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Addresses:
    """Reads addresses with a list of trusted proxies."""

    def __init__(self, trusted: Sequence[str]) -> None:
        self._trusted: tuple[Network, ...] = tuple(ipaddress.ip_network(one) for one in trusted)

    def client(self, scope: Any) -> str:
        """The client's address: the last one in X-Forwarded-For that is not a trusted proxy's."""
        peer = scope.get("client")
        # A UNIX socket has no address: what connects there is the proxy beside us.
        address = peer[0] if peer else "127.0.0.1"
        if not self._trusts(address):
            return address
        forwarded = [
            one.strip()
            for name, value in scope["headers"]
            if name == b"x-forwarded-for"
            for one in value.decode("latin-1").split(",")
        ]
        for one in reversed(forwarded):
            if not _is_address(one):
                break
            address = one
            if not self._trusts(one):
                break
        return address

    def secure(self, scope: Any) -> bool:
        """Whether the person's connection is TLS, by ourselves or by a trusted proxy's word."""
        if scope["scheme"] in ("https", "wss"):
            return True
        peer = scope.get("client")
        if not self._trusts(peer[0] if peer else "127.0.0.1"):
            return False
        return dict(scope["headers"]).get(b"x-forwarded-proto", b"").split(b",")[-1].strip() == b"https"

    def _trusts(self, address: str) -> bool:
        return bool(self._trusted) and _within(address, self._trusted)


# Peers come again and again; reading an address takes longer than finding it.
@lru_cache(maxsize=4096)
def _within(address: str, networks: tuple[Network, ...]) -> bool:
    if not _is_address(address):
        return False
    parsed = ipaddress.ip_address(address)
    return any(parsed in network for network in networks)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def subject(address: str) -> str:
    """What to count by: an IPv4 address, or an IPv6 network of 64 bits, which is commonly one person's."""
    if ":" not in address:
        return address
    return str(ipaddress.ip_network(f"{address.split('%', maxsplit=1)[0]}/64", strict=False))
