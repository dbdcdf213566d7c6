"""Where a service lives: an `https` address, or `http` on this very machine and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from app.errors import UsageError

_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Address:
    """`host` without brackets; `path` is what comes before `/v1`, often nothing."""

    scheme: str
    host: str
    port: int
    path: str = ""

    @property
    def secure(self) -> bool:
        return self.scheme == "https"

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"


def parse_address(text: str) -> Address:
    """The service's address as a person writes it. Raises `UsageError`: what is wrong with it."""
    text = text.strip()
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        port = parts.port
    except ValueError:
        raise _refused("it is not an address.") from None
    if parts.scheme not in _PORTS or not parts.hostname or not parts.netloc.isascii():
        raise _refused("it begins with https://, or is the name of a machine.")
    if parts.username is not None or parts.query or parts.fragment:
        raise _refused("it has no user, no question mark and no #.")
    address = Address(parts.scheme, parts.hostname, port or _PORTS[parts.scheme], parts.path.rstrip("/"))
    if not address.secure and not is_loopback(address.host):
        raise UsageError(
            "This address is not encrypted.",
            detail="Plain http:// is only for a service on this machine; nothing was sent.",
            advice="Use the https:// address of the service.",
        )
    return address


def is_loopback(host: str) -> bool:
    """Whether a name or number means this machine. What a name leads to is looked at when it is connected."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _refused(why: str) -> UsageError:
    return UsageError(
        f"This is not the address of a service: {why}", advice="For example https://pulse.example.org"
    )
