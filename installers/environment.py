"""The virtual environment: made by a system Python, filled from a lock, and tied to this checkout."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from problem import SetupProblem

# A .pth line is taken relative to site-packages, so a checkout that is moved still works.
_PTH = "devpulse.pth"
_CHECKOUT = "../../../.."

# -P keeps the folder a person stands in, which may well hold an `app` of its own, out of sys.path.
_SCRIPT = """\
#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
exec "$here/python" -P -m {module} "$@"
"""
SCRIPTS = {"devpulse": "app", "devpulse-cloud": "cloud"}

_REASONS = (
    ("DO NOT MATCH THE HASHES", "A downloaded package is not the one that was checked, so it was refused."),
    ("No space left on device", "The disk is full."),
    ("Disk quota exceeded", "Your disk quota is used up."),
    ("Permission denied", "A file could not be written: permission denied."),
    ("CERTIFICATE_VERIFY_FAILED", "The package index's certificate is not trusted here."),
    ("Connection", "The package index could not be reached. Is there a network?"),
    ("Name or service not known", "The package index could not be reached. Is there a network?"),
    ("No matching distribution", "The package index does not offer a package for this Python and machine."),
)


def python_of(venv: Path) -> Path:
    """The environment's interpreter."""
    return venv / "bin" / "python"


def works(venv: Path) -> bool:
    """Whether the environment is whole enough to install into: its Python starts and has pip."""
    python = python_of(venv)
    if not python.exists():
        return False
    probe = "import pip, sys; sys.exit(sys.version_info < (3, 11))"
    return subprocess.run([python, "-I", "-c", probe], capture_output=True, check=False).returncode == 0


def can_make() -> bool:
    """Whether this Python brings what `venv` needs; Debian ships that apart."""
    probe = "import ensurepip, venv"
    run = subprocess.run([sys.executable, "-I", "-c", probe], capture_output=True, check=False)
    return run.returncode == 0


def make(venv: Path) -> None:
    """Make the environment anew, whatever is there. Raises SetupProblem."""
    command = [sys.executable, "-I", "-m", "venv", "--clear", str(venv)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        said = _tail(run.stdout + run.stderr)
        raise SetupProblem(f"The virtual environment could not be made in {venv}:\n{said}")


def install(venv: Path, lock: Path, log: Path) -> None:
    """Install exactly what `lock` names; pip takes its index from the machine's own configuration.

    Everything pip says goes to `log`. Raises SetupProblem.
    """
    # The lock is complete, so nothing is resolved, and nothing is built on the person's machine.
    options = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--no-input"]
    pip = [python_of(venv), "-I", "-m", "pip", "--disable-pip-version-check", "install", *options, "-r", lock]
    with log.open("w", encoding="utf-8") as out:
        code = subprocess.call(pip, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT)
    if code:
        said = log.read_text(encoding="utf-8", errors="replace")
        advice = f"Run the same command again to go on. Everything is in {log}:"
        raise SetupProblem(f"{reason(said)}\n{advice}\n{_tail(said)}")


def link(venv: Path) -> None:
    """Put the checkout on the environment's path, and the commands into its bin folder."""
    for site in venv.glob("lib/python3.*/site-packages"):
        (site / _PTH).write_text(_CHECKOUT + "\n", encoding="utf-8")
    for name, module in SCRIPTS.items():
        script = venv / "bin" / name
        script.write_text(_SCRIPT.format(module=module), encoding="utf-8")
        script.chmod(0o755)


def reason(said: str) -> str:
    """One sentence about why pip failed, from what it said."""
    for sign, words in _REASONS:
        if sign in said:
            return words
    return "Installing the Python packages failed."


def _tail(said: str, lines: int = 8) -> str:
    return "\n".join("    " + line for line in said.strip().splitlines()[-lines:])
