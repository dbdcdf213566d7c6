"""Real git repositories, made by the git binary."""

from __future__ import annotations

import subprocess
from pathlib import Path

_NOBODY = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_SYSTEM": "/dev/null",
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
}


def git(folder: Path, *words: str) -> str:
    """Run git in `folder`; returns what it printed."""
    return subprocess.run(
        ["git", *words], cwd=folder, env=_NOBODY, check=True, capture_output=True, text=True
    ).stdout.strip()


def make_repository(
    folder: Path, *, branch: str = "main", also: tuple[str, ...] = (), files: dict[str, str] | None = None
) -> Path:
    """A repository in `folder` with one commit, on `branch`, and the branches `also`."""
    folder.mkdir(parents=True)
    git(folder, "init", "-q", "-b", branch)
    for name, text in (files or {"README.md": f"# {folder.name}\n"}).items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", f"Start {folder.name}")
    for other in also:
        git(folder, "branch", other)
    return folder
