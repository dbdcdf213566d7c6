"""What others know about these files: a Dockerfile linter, Kubernetes' schemas, CloudFormation's resources.

They weigh 340 MB, so they get an environment of their own, which is kept in build/ for the next time.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import venv
from pathlib import Path

import pytest

from tests.cloud.deploy.dockerfile import DOCKERFILE, ROOT

pytestmark = pytest.mark.slow
DEPLOY = ROOT / "cloud" / "deploy"
KUBERNETES_VERSIONS = ("1.31", "1.37")


@pytest.fixture(scope="module")
def linters() -> Path:
    """The folder of their commands."""
    lock = ROOT / "locks" / "linters.txt"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    home = ROOT / "build" / "linters"
    stamp = home / "lock"
    if not stamp.exists() or stamp.read_text() != wanted:
        shutil.rmtree(home, ignore_errors=True)
        venv.create(home, with_pip=True)
        install = [home / "bin" / "python", "-m", "pip", "install", "-q", "--require-hashes", "-r", lock]
        subprocess.run(install, check=True)
        stamp.write_text(wanted)
    return home / "bin"


def passes(*words: str | Path) -> None:
    run = subprocess.run(words, capture_output=True, text=True, timeout=240)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.timeout(900)
def test_the_dockerfile(linters: Path) -> None:
    passes(linters / "hadolint", "--failure-threshold", "warning", DOCKERFILE)


@pytest.mark.timeout(900)
def test_the_cloudformation_template(linters: Path) -> None:
    passes(linters / "cfn-lint", "--non-zero-exit-code", "warning", DEPLOY / "aws" / "devpulse-cloud.yaml")


@pytest.mark.timeout(900)
@pytest.mark.parametrize("version", KUBERNETES_VERSIONS)
def test_the_manifests(linters: Path, version: str) -> None:
    files = [path for path in DEPLOY.glob("kubernetes/*/*.yaml") if path.name != "kustomization.yaml"]
    passes(linters / "kubernetes-validate", "--strict", "-k", version, *files)
