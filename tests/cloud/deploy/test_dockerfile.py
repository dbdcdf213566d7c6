"""The image: what its recipe promises, and that its steps make a service that answers."""

from __future__ import annotations

import re
import subprocess
import time
from pathlib import Path

import httpx2
import pytest

from cloud.serving import GRACE_SECONDS
from tests.cloud.deploy.dockerfile import DOCKERFILE, ROOT, build, steps
from tests.cloud.servers import free_port, servers_folder, wait_for

STEPS = steps(DOCKERFILE.read_text())


def all_of(word: str) -> list[str]:
    return [step.rest for step in STEPS if step.word == word]


def test_its_base_is_pinned_and_its_user_is_nobody() -> None:
    (base,) = all_of("ARG")
    assert re.fullmatch(r"PYTHON=python:3\.\d+\.\d+-slim-\w+", base)
    (user,) = all_of("USER")
    assert int(user.split(":")[0]) >= 10_000
    after = [step.word for step in STEPS[[step.word for step in STEPS].index("USER") :]]
    assert "RUN" not in after and "COPY" not in after


def test_only_wheels_that_the_lock_names_are_installed() -> None:
    (install,) = (rest for rest in all_of("RUN") if "pip install" in rest)
    for option in ("--require-hashes", "--only-binary :all:", "--no-deps", "locks/cloud.txt"):
        assert option in install
    assert not any(word in rest for rest in all_of("RUN") for word in ("curl", "wget", "apt-get"))


def test_everything_it_copies_is_there_and_let_through() -> None:
    let = (DOCKERFILE.parent / "Dockerfile.dockerignore").read_text().split()
    assert let.count("*") == 1
    for rest in all_of("COPY"):
        source = rest.split()[0]
        if not source.startswith("--from"):
            assert (ROOT / source).exists()
            assert f"!{source}" in let


def test_its_health_check_asks_without_a_tool() -> None:
    (check,) = all_of("HEALTHCHECK")
    assert "cloud.system.probe" in check
    assert all_of("STOPSIGNAL") == ["SIGTERM"]
    assert GRACE_SECONDS > 0


@pytest.mark.slow
def test_its_steps_make_a_service_that_answers() -> None:
    with servers_folder() as folder:
        tree = folder / "image"
        tree.mkdir(mode=0o755)
        image = build(ROOT, tree)
        started = {"DEVPULSE_CLOUD_PORT": str(free_port()), "DEVPULSE_CLOUD_HOST": "127.0.0.1"}
        address = f"http://127.0.0.1:{started['DEVPULSE_CLOUD_PORT']}"
        log = (folder / "log").open("wb")
        assert subprocess.run(**image.run(image.probe, **started)).returncode == 1
        before = files(tree / "opt")
        process = subprocess.Popen(**image.run(image.entry + image.words, **started), stdout=log, stderr=log)
        try:
            wait_for(lambda: answers(address), 60, "the service answering")
            health = httpx2.get(f"{address}/health").json()
            assert health["status"] == "healthy"
            assert subprocess.run(**image.run(image.probe, **started)).returncode == 0
            # Nothing of the program was written: the root may be read-only.
            assert files(tree / "opt") == before
            assert not (tree / "opt/devpulse/lib/app/models").exists()
            assert not list((tree / "opt/devpulse/venv").rglob("pip/__init__.py"))
        finally:
            process.terminate()
            assert process.wait(40) == 0, (folder / "log").read_text()


def files(folder: Path) -> set[str]:
    return {str(path) for path in folder.rglob("*")}


def answers(address: str) -> bool:
    time.sleep(0.1)
    try:
        return httpx2.get(f"{address}/health/ready").status_code == 200
    except httpx2.HTTPError:
        return False
