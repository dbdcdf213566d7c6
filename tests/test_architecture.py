"""The house's rules, as tests: floors, what the agent may load, what a committed file may name, the locks."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from app.version import __version__
from cloud.version import __version__ as cloud_version

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

# What the agent must never carry: each would cost it megabytes all day (docs/performance.md).
HEAVY = {
    "sqlalchemy", "alembic", "numpy", "pyqtgraph", "pygit2", "requests", "keyring", "asyncio", "psutil",
    "platformdirs", "pywinctl", "Xlib", "argparse", "typing_extensions", "urllib.request", "email",
    "PyQt6.QtNetwork",
}  # fmt: skip


def python_files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def committed() -> list[Path]:
    run = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    files = [ROOT / name for name in run.stdout.split("\0") if name]
    return [file for file in files if file.is_file()]


def test_imports_only_go_down() -> None:
    # A process of its own: import-linter takes over logging.
    script = "import sys; from importlinter.cli import lint_imports as lint; sys.exit(lint(no_cache=True))"
    words = [sys.executable, "-c", script]
    run = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-1000:]


def loaded_by(module: str) -> set[str]:
    """Every module that a fresh Python holds after importing `module`."""
    script = f"import {module}, json, sys; print(json.dumps(sorted(sys.modules)))"
    words = [sys.executable, "-c", script]
    run = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    return set(json.loads(run.stdout))


def test_the_agent_stays_small() -> None:
    assert loaded_by("app.agent") & HEAVY == set()


def test_the_service_runs_without_qt_and_the_application_without_the_service() -> None:
    # Of the application the service loads the shapes of messages, and nothing beside them.
    shared = ("app.version", "app.sync.wire")
    strange = {name for name in loaded_by("cloud.asgi") if name.startswith(("PyQt6", "app."))}
    assert {name for name in strange if name != "app.sync" and not name.startswith(shared)} == set()
    assert not {
        name for name in loaded_by("app.cli") if name.startswith(("litestar", "uvicorn", "cloud", "msgspec"))
    }


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def test_only_the_user_interface_draws() -> None:
    drawing = ("PyQt6.QtWidgets", "PyQt6.QtGui", "pyqtgraph")
    offenders = {
        f"{file.relative_to(ROOT)}: {name}"
        for file in python_files("app")
        if not file.is_relative_to(ROOT / "app" / "ui")
        for name in imported(ast.parse(file.read_text()))
        if name.startswith(drawing)
    }
    assert offenders == set()


# The two rooms that speak to the service a person has signed in to; nothing else leaves the machine.
NETWORK_ROOMS = ("app/sync/link", "app/sync/account/browser.py")


def test_only_the_link_to_the_service_opens_a_network_connection() -> None:
    network = ("http", "urllib.request", "requests", "httpx", "ftplib", "smtplib", "ssl", "PyQt6.QtNetwork")
    internet = {"AF_INET", "AF_INET6", "create_connection"}
    offenders: set[str] = set()
    for file in python_files("app"):
        if file.relative_to(ROOT).as_posix().startswith(NETWORK_ROOMS):
            continue
        tree = ast.parse(file.read_text())
        names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        found = {name for name in imported(tree) if name.split(".")[0] in network or name in network}
        offenders.update(f"{file.relative_to(ROOT)}: {name}" for name in found | (names & internet))
    assert offenders == set()


def test_every_module_says_what_room_it_is() -> None:
    silent = [
        str(file.relative_to(ROOT))
        for file in python_files("app", "cloud", "installers")
        if not ast.get_docstring(ast.parse(file.read_text()))
    ]
    assert silent == []


def test_application_and_service_carry_one_version() -> None:
    assert cloud_version == __version__
    assert f"## [{__version__}]" in (ROOT / "CHANGELOG.md").read_text()


@pytest.mark.parametrize("words", [["-m", "app", "--version"], ["-m", "cloud", "--version"]])
def test_each_program_tells_its_version(words: list[str], tmp_path: Path) -> None:
    # From a folder with an `app` of its own, as a person's project may well have.
    for name in ("app", "cloud"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise SystemExit('somebody else')")
    environ = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, "-P", *words], cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=60
    )
    assert run.stdout.strip().endswith(f" {__version__}"), run.stderr


def test_the_installed_commands_work_from_anywhere(tmp_path: Path) -> None:
    scripts = Path(sys.executable).parent
    (tmp_path / "app.py").write_text("raise SystemExit('somebody else')")
    (tmp_path / "link").symlink_to(scripts / "devpulse")
    for script in (scripts / "devpulse", scripts / "devpulse-cloud", tmp_path / "link"):
        run = subprocess.run([script, "--version"], cwd=tmp_path, capture_output=True, text=True, timeout=60)
        assert run.stdout.strip().endswith(f" {__version__}"), run.stderr


# Where packages come from is a machine's business, and where the project lies a person's.
HOST = re.compile(r"index-url[ =]+\S*//|find-links[ =]+\S*//|files\.pythonhosted|pypi\.org/simple")
PLACE = re.compile(re.escape(str(ROOT)) + r"\b")


def test_no_committed_file_names_a_package_host_or_somebodys_path() -> None:
    named = {
        f"{file.relative_to(ROOT)}: {found[0]}"
        for file in committed()
        if file.suffix not in (".png", ".ico", ".icns") and file != Path(__file__)
        for pattern in (HOST, PLACE)
        for found in pattern.finditer(file.read_text(encoding="utf-8", errors="replace"))
    }
    assert named == set()


PINNED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ;\\]+)", re.MULTILINE)


def pins(lock: str) -> dict[str, str]:
    text = (ROOT / "locks" / f"{lock}.txt").read_text()
    return {canonicalize_name(found["name"]): found["version"] for found in PINNED.finditer(text)}


@pytest.mark.parametrize(
    ("lock", "extras"), [("desktop", ["desktop"]), ("cloud", ["cloud"]), ("dev", ["desktop", "cloud", "dev"])]
)
def test_a_lock_pins_all_that_the_project_asks_for(lock: str, extras: list[str]) -> None:
    pinned = pins(lock)
    for extra in extras:
        for line in PROJECT["optional-dependencies"][extra]:
            wanted = Requirement(line)
            version = pinned.get(canonicalize_name(wanted.name))
            assert version is not None, f"locks/{lock}.txt lacks {wanted.name}: make lock"
            assert wanted.specifier.contains(version), f"{wanted} against {version}: make lock"


@pytest.mark.parametrize("lock", ["desktop", "cloud"])
def test_the_tests_run_with_what_is_shipped(lock: str) -> None:
    developed = pins("dev")
    assert {name: developed.get(name) for name in pins(lock)} == pins(lock)


def test_every_pin_has_its_hash() -> None:
    for lock in ("desktop", "cloud", "dev"):
        text = (ROOT / "locks" / f"{lock}.txt").read_text()
        for block in re.split(r"\n(?=[A-Za-z0-9])", text):
            assert "==" not in block or "--hash=sha256:" in block, block.splitlines()[0]


def test_every_dependency_has_its_reason() -> None:
    told = (ROOT / "docs" / "dependencies.md").read_text().lower()
    asked = {Requirement(line).name for lines in PROJECT["optional-dependencies"].values() for line in lines}
    assert {name for name in asked if f"`{name.lower()}`" not in told} == set()


def test_nobody_waits_for_qts_dbus_thread_with_pythons_lock():
    """See docs/architecture.md, "The end of the agent"."""
    users = [file for file in python_files("app") if "import QDBusServiceWatcher" in file.read_text()]
    listed = [file for file in python_files("app") if "    QDBusServiceWatcher,\n" in file.read_text()]
    assert users + listed == []
