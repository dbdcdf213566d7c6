"""Real repositories for the tests of this folder."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest


class Git:
    """Runs the real git with nothing of the machine's own settings."""

    def __init__(self, home: Path) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self.environ = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "A",
            "GIT_AUTHOR_EMAIL": "a@example.org",
            "GIT_COMMITTER_NAME": "A",
            "GIT_COMMITTER_EMAIL": "a@example.org",
            "GIT_EDITOR": "true",
        }

    def __call__(self, folder: Path, *words: str, check: bool = True) -> str:
        ran = subprocess.run(
            ["git", "-c", "protocol.file.allow=always", *words],
            cwd=folder, env=self.environ, capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert not check or ran.returncode == 0, ran.stderr
        return ran.stdout.strip()

    def repository(self, folder: Path, *, branch: str = "main", remote: str | None = None) -> Path:
        """A repository with one commit whose id depends on the folder's name."""
        folder.mkdir(parents=True)
        self(folder, "init", "-q", "-b", branch)
        (folder / "README.md").write_text(f"# {folder.name}\n")
        (folder / "main.py").write_text("print()\n")
        self(folder, "add", ".")
        self(folder, "commit", "-q", "-m", f"first of {folder.name}")
        if remote is not None:
            self(folder, "remote", "add", "origin", remote)
        return folder

    def change(self, folder: Path, name: str, content: str) -> None:
        """One more commit."""
        (folder / name).write_text(content)
        self(folder, "add", name)
        self(folder, "commit", "-q", "-m", f"change {name}")


@pytest.fixture
def git(tmp_path: Path) -> Git:
    return Git(tmp_path / "git-home")
