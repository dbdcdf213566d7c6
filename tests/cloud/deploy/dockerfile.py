"""Reads the Dockerfile, and does what it says in a clean folder, where no container engine is at hand.

Every absolute path of the image lies below that folder. The base image is this machine's Python.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
DOCKERFILE = ROOT / "cloud" / "deploy" / "Dockerfile"
# The folders of the image that are the service's own; everything else is the base's.
OURS = ("/opt/devpulse", "/var/lib/devpulse-cloud")


@dataclass(frozen=True)
class Step:
    word: str
    rest: str


def steps(text: str) -> list[Step]:
    whole = re.sub(r"\\\n\s*", " ", "\n".join(x for x in text.splitlines() if not x.lstrip().startswith("#")))
    return [Step(*line.split(None, 1)) for line in whole.splitlines() if line.strip()]


@dataclass
class Image:
    """What building left: a tree, and how a container of it starts."""

    tree: Path
    environ: dict[str, str] = field(default_factory=dict)
    user: int = 0
    folder: str = "/"
    entry: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    probe: list[str] = field(default_factory=list)

    def here(self, text: str) -> str:
        """The same words with the image's paths as they are on this machine."""
        for ours in OURS:
            text = text.replace(ours, f"{self.tree}{ours}")
        return text

    def run(self, words: list[str], **environ: str) -> dict[str, Any]:
        """How to start these words as a container would: its user, its environment and no other."""
        settings = {name: self.here(value) for name, value in self.environ.items()} | environ
        options: dict[str, Any] = {
            "args": [self.here(word) for word in words],
            "cwd": self.here(self.folder),
            "env": {"PATH": "/usr/local/bin:/usr/bin:/bin", **settings},
        }
        if os.geteuid() == 0:
            options |= {"user": self.user, "group": self.user, "extra_groups": []}
        return options


def build(context: Path, tree: Path) -> Image:
    """Perform every step; raises CalledProcessError where one fails."""
    image = Image(tree)
    for step in steps(DOCKERFILE.read_text()):
        _STEPS[step.word](image, context, step.rest)
    return image


def _run(image: Image, _: Path, rest: str) -> None:
    rest = re.sub(r"^python ", f"{shlex.quote(sys.executable)} ", rest)
    clean = {"PATH": os.environ["PATH"], "PIP_DISABLE_PIP_VERSION_CHECK": "1", "HOME": str(image.tree)}
    # Where packages come from is this machine's own business.
    clean |= {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    subprocess.run(["/bin/sh", "-ec", image.here(rest)], check=True, env=clean, cwd=image.tree)


def _copy(image: Image, context: Path, rest: str) -> None:
    source, target = rest.split()[-2:]
    if rest.startswith("--from"):  # the stages share one tree here
        return
    to = Path(image.here(target))
    to.parent.mkdir(parents=True, exist_ok=True)
    if (context / source).is_dir():
        shutil.copytree(context / source, to)
    else:
        shutil.copy(context / source, to)


def _environ(image: Image, _: Path, rest: str) -> None:
    image.environ |= dict(part.split("=", 1) for part in shlex.split(rest))


def _from(image: Image, _: Path, __: str) -> None:
    image.environ = {}  # what a stage before has set is not carried over


def _nothing(_: Image, __: Path, ___: str) -> None: ...


def _sets(name: str, read: Any) -> Any:
    return lambda image, _, rest: setattr(image, name, read(rest))


_STEPS: dict[str, Any] = {
    "RUN": _run, "COPY": _copy, "ENV": _environ, "FROM": _from,
    "ARG": _nothing, "LABEL": _nothing, "VOLUME": _nothing, "EXPOSE": _nothing, "STOPSIGNAL": _nothing,
    "WORKDIR": _sets("folder", str),
    "USER": _sets("user", lambda rest: int(rest.split(":")[0])),
    "ENTRYPOINT": _sets("entry", json.loads),
    "CMD": _sets("words", json.loads),
    "HEALTHCHECK": _sets("probe", lambda rest: json.loads(rest.partition("CMD ")[2])),
}  # fmt: skip
