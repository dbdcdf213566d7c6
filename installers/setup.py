"""Makes this checkout ready to run, to demonstrate or to test: `setup.py run|demo|test`.

Only the standard library is used, and only what Debian's bare python3 has. What is done already is
not done again; what was interrupted is taken up where it stopped.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import environment
import system
from problem import SetupProblem

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOGS = ROOT / "build"
LISTS = ROOT / "installers" / "linux"
_NEEDED_BYTES = 600_000_000


@dataclass(frozen=True)
class Purpose:
    """What a checkout is made ready for: a lock, and lists of system packages."""

    lock: str
    lists: tuple[str, ...]


PURPOSES = {
    "run": Purpose("desktop", ("run",)),
    "demo": Purpose("desktop", ("run", "test")),
    "test": Purpose("dev", ("run", "test")),
}


def main(words: list[str]) -> int:
    """Set up for the purpose named; 0 when all is there, 1 with words when it cannot be."""
    if len(words) != 1 or words[0] not in PURPOSES:
        sys.stderr.write("usage: setup.py run|demo|test\n")
        return 2
    try:
        with _alone():
            prepare(words[0])
    except SetupProblem as problem:
        sys.stderr.write(f"\nset-up stopped: {problem}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nset-up was interrupted; run the same command to go on.\n")
        return 130
    except OSError as error:
        sys.stderr.write(f"\nset-up stopped: {error.strerror}: {error.filename}\n")
        return 1
    return 0


def prepare(name: str) -> None:
    """Do what is missing for this purpose, in order. Raises SetupProblem and OSError."""
    purpose = PURPOSES[name]
    ready = _ready_for()
    if name in ready:
        return
    _check_place()
    LOGS.mkdir(exist_ok=True)
    _system_packages(purpose)
    # Until all is done the environment counts as unfinished, whatever it was ready for before.
    _stamp_file().unlink(missing_ok=True)
    if not environment.works(VENV):
        ready = set[str]()
        _tell("making the virtual environment in .venv")
        environment.make(VENV)
    if not {PURPOSES[other].lock for other in ready} & {purpose.lock, "dev"}:
        lock = ROOT / "locks" / f"{purpose.lock}.txt"
        _tell(f"installing the packages of locks/{lock.name}; the first time this takes a minute or two")
        environment.install(VENV, lock, LOGS / "setup-pip.log")
    environment.link(VENV)
    _check_libraries()
    _write_stamp({other: _fingerprint(PURPOSES[other]) for other in (*ready, name)})
    _tell(f"ready to {name}")


def _system_packages(purpose: Purpose) -> None:
    choices = [choice for file in _lists(purpose) for choice in system.read_list(file)]
    if not environment.works(VENV) and not environment.can_make():
        choices.insert(0, ("python3-venv",))
    lacking = system.missing(choices)
    if lacking:
        system.install(lacking, LOGS / "setup-apt.log", _tell)
    if not environment.works(VENV) and not environment.can_make():
        raise SetupProblem(
            f"{sys.executable} cannot make virtual environments: it lacks venv or ensurepip.\n"
            "Install them from your system's packages, on Debian: apt-get install python3-venv"
        )


def _check_libraries() -> None:
    plugins = [*VENV.glob("lib/python3.*/site-packages/PyQt6/Qt6/plugins/platforms/libqxcb.so")]
    lacking = system.unresolved(plugins)
    if lacking:
        raise SetupProblem(
            "Qt's X11 plugin needs shared libraries that this system lacks:\n"
            + "".join(f"    {name}\n" for name in lacking)
            + "Install the packages that hold them, then run the same command again.\n"
            f"Debian's names for them are in {LISTS / 'packages-run.txt'}"
        )


def _check_place() -> None:
    if not os.access(ROOT, os.W_OK):
        raise SetupProblem(
            f"You may not write in {ROOT}, and set-up makes .venv there.\n"
            "Clone DevPulse to a folder of yours."
        )
    if os.pathsep in str(ROOT):
        raise SetupProblem(
            f"A virtual environment cannot be made in a path with a '{os.pathsep}': {ROOT}\n"
            "Move the checkout."
        )
    if shutil.disk_usage(ROOT).free < _NEEDED_BYTES:
        needed = f"{_NEEDED_BYTES // 1_000_000} MB"
        raise SetupProblem(f"Set-up needs {needed}, and the disk of {ROOT} has less free.")


class _alone:  # noqa: N801
    """Two set-ups of one checkout at once would tread on each other: the second waits."""

    def __enter__(self) -> None:
        self._folder = os.open(ROOT, os.O_RDONLY)
        try:
            fcntl.flock(self._folder, fcntl.LOCK_EX)
        except OSError:
            return  # some network disks know no locks

    def __exit__(self, *_: object) -> None:
        os.close(self._folder)


def _stamp_file() -> Path:
    return VENV / "devpulse-setup.json"


def _ready_for() -> set[str]:
    """The purposes this checkout is ready for as it stands."""
    try:
        stamp: Any = json.loads(_stamp_file().read_text(encoding="utf-8"))
        return {name for name, purpose in PURPOSES.items() if stamp.get(name) == _fingerprint(purpose)}
    except (OSError, ValueError, AttributeError):
        return set()  # none yet, or not as written here


def _write_stamp(stamp: dict[str, str]) -> None:
    _stamp_file().write_text(json.dumps(stamp, indent=1), encoding="utf-8")


def _fingerprint(purpose: Purpose) -> str:
    """Changes whenever set-up must look again: a lock, a list, these scripts, or the Python beneath."""
    files = [ROOT / "locks" / f"{purpose.lock}.txt", *_lists(purpose)]
    files += sorted(Path(__file__).parent.glob("*.py"))
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    beneath = environment.python_of(VENV)
    return digest.hexdigest()[:32] + " " + (os.path.realpath(beneath) if beneath.exists() else "none")


def _lists(purpose: Purpose) -> list[Path]:
    return [LISTS / f"packages-{name}.txt" for name in purpose.lists]


def _tell(words: str) -> None:
    sys.stdout.write(f"set-up: {words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
