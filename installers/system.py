"""System packages: which are missing, and getting them by apt where that is allowed."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from problem import SetupProblem

# Packages that bring a service along, which Debian starts at once.
_SERVICES = {"postgresql": "postgresql", "redis-server": "redis-server"}

# One line of a list: the names that would do, best first.
Choice = tuple[str, ...]


def read_list(file: Path) -> list[Choice]:
    """The packages of a list: one a line, `a | b` where either will do, `#` begins a remark."""
    lines = (line.split("#", 1)[0].strip() for line in file.read_text(encoding="utf-8").splitlines())
    return [tuple(name.strip() for name in line.split("|")) for line in lines if line]


def missing(choices: Sequence[Choice]) -> list[Choice]:
    """Those of which no name is installed; on a system without dpkg nothing can be said, so none."""
    if shutil.which("dpkg-query") is None:
        return []
    names = sorted({name for choice in choices for name in choice})
    command = ["dpkg-query", "-W", "-f", "${db:Status-Status} ${Package}\n", *names]
    shown = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    installed = {line.split(" ", 1)[1] for line in shown.splitlines() if line.startswith("installed ")}
    return [choice for choice in choices if not installed.intersection(choice)]


def install(choices: Sequence[Choice], log: Path, tell: Callable[[str], None]) -> None:
    """Get one of each choice by apt, as root or by a sudo that asks nothing; `tell` says so first.

    Raises SetupProblem.
    """
    wanted = [choice[0] for choice in choices]
    by_hand = "apt-get install --no-install-recommends -y " + " ".join(wanted)
    prefix = _privilege()
    if prefix is None:
        raise SetupProblem(
            "Some system packages are missing, and installing them needs an administrator.\n"
            f"Run this once, then the same make command again:\n\n    sudo {by_hand}\n"
        )
    tell(f"installing {len(wanted)} system packages: {' '.join(wanted)}")
    with log.open("w", encoding="utf-8") as out:
        # A mirror that does not answer may not matter: the packages can still be in the cache.
        _apt(prefix, ["update"], out.fileno())
        chosen = [_available(choice) for choice in choices]
        failed = _apt(prefix, ["install", "--no-install-recommends", "-y", *chosen], out.fileno())
    if failed:
        said = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-8:]
        told = "\n".join("    " + line for line in said)
        raise SetupProblem(
            f"apt-get could not install the system packages. Everything is in {log}:\n{told}\n"
            f"To try by hand:\n\n    {by_hand}\n"
        )
    # Only what has just been installed: a server that was there before is somebody's.
    rest([_SERVICES[name] for name in chosen if name in _SERVICES])


def rest(services: Sequence[str]) -> None:
    """Stop what Debian started when it installed these, and let it not start again by itself.

    The tests start servers of their own; one more of each would run for nobody.
    """
    prefix = _privilege()
    if prefix is None or not services:
        return
    for service in services:
        if Path("/run/systemd/system").is_dir():
            command = ["systemctl", "disable", "--now", service]
        else:
            command = ["service", service, "stop"]
        subprocess.run([*prefix, *command], capture_output=True, check=False)


def unresolved(libraries: Sequence[Path]) -> list[str]:
    """The shared libraries that these need and the system lacks."""
    if shutil.which("ldd") is None:
        return []
    lacking: set[str] = set()
    for library in libraries:
        shown = subprocess.run(["ldd", library], capture_output=True, text=True, check=False).stdout
        lacking.update(line.split()[0] for line in shown.splitlines() if line.endswith("=> not found"))
    return sorted(lacking)


def _privilege() -> list[str] | None:
    """The words before an apt-get command that may run now, or None."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    sudo = ["sudo", "-n"]
    asked = subprocess.run([*sudo, "true"], capture_output=True, check=False)
    return sudo if asked.returncode == 0 else None


def _available(choice: Choice) -> str:
    """The first name that this system's archive has; the first of all when it has none."""
    for name in choice:
        if subprocess.run(["apt-cache", "show", name], capture_output=True, check=False).returncode == 0:
            return name
    return choice[0]


def _apt(prefix: Sequence[str], words: Sequence[str], out: int) -> int:
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive"]
    # Another apt may be at work, an unattended upgrade for one: wait for it.
    command = [*prefix, *quiet, "apt-get", "-q", "-o", "DPkg::Lock::Timeout=600", *words]
    return subprocess.call(command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT)
