"""The address of a repository's remote, written one way whatever protocol it is fetched by (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.tracking.gitconfig import Entry

_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)/?([^?#]*)", re.DOTALL)
# [user@]host:path, where the host has no slash and is not a drive letter of Windows.
_SCP = re.compile(r"(?:[^/]*@)?(\[[0-9A-Fa-f:.]+\]|[^/:@\[\]]{2,}):(?!:)(.*)", re.DOTALL)
_NETWORK = frozenset({"http", "https", "ssh", "git", "git+ssh", "ssh+git", "git+https", "ftp", "ftps"})
# The same service under the name it has for SSH over the HTTPS port.
_ALSO = {
    "ssh.github.com": "github.com",
    "altssh.gitlab.com": "gitlab.com",
    "altssh.bitbucket.org": "bitbucket.org",
}
_LONGEST = 2_000


def normalised(url: str) -> str | None:
    """`host/path` without protocol, user, password, port and ".git", the host in lower case; a local
    remote as `file:/path`. None for what names no place by itself (a relative path, a helper's own form).

    Ports are left out because one server has different ones for SSH and HTTPS.
    """
    url = url.strip()
    if not url or len(url) > _LONGEST or not url.isprintable():
        return None
    if match := _URL.fullmatch(url.split("?", 1)[0].split("#", 1)[0]):
        return _of_url(*match.groups())
    if url.startswith("/") or re.match(r"[A-Za-z]:[\\/]", url):
        return _local(url)
    if match := _SCP.fullmatch(url):
        return _joined(match[1], match[2])
    return None


def remote_of(config: Iterable[Entry]) -> str | None:
    """The normalised address of "origin", or else of the first remote that has one."""
    first = None
    for entry in config:
        if entry.section == "remote" and entry.key == "url" and entry.value and entry.subsection:
            found = normalised(entry.value)
            if found is not None and entry.subsection == "origin":
                return found
            first = first or found
    return first


def _of_url(protocol: str, authority: str, path: str) -> str | None:
    if protocol.lower() == "file":
        return _local("/" + path)
    if protocol.lower() not in _NETWORK:
        return None
    host = authority.rsplit("@", 1)[-1]
    return _joined(re.sub(r":\d*$", "", host), path)


def _joined(host: str, path: str) -> str | None:
    host = host.lower().rstrip(".")
    path = _tidy(path)
    # What is left of a broken address may still hold a password.
    if not host or not path or "@" in host or (":" in host and not host.startswith("[")):
        return None
    return f"{_ALSO.get(host, host)}/{path}"


def _local(path: str) -> str | None:
    path = _tidy(path.replace("\\", "/"))
    return f"file:/{path}" if path else None


def _tidy(path: str) -> str:
    path = "/".join(part for part in path.split("/") if part)
    # A bare `.git` is a folder of its own, the ending of `name.git` is not part of the name.
    return path[:-4] if path.endswith(".git") and not path.endswith("/.git") and path != ".git" else path
