"""`make bench`: runs every `bench_*.py` here, prints its figures beside their budgets, keeps them as JSON.

A benchmark module has `run() -> list[Figure]`. Each runs in a process of its own, so that none measures
what another left behind.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.benchmarks.figures import Figure, markdown, table

HERE = Path(__file__).resolve().parent
RESULTS = HERE.parents[1] / "build" / "bench.json"
PAGE = HERE.parents[1] / "docs" / "performance.md"
_BEGIN, _END = "<!-- figures -->\n", "<!-- end of figures -->\n"


class BenchmarkFailed(Exception):
    """A benchmark ended without figures; it has told why on standard error."""


def main(words: Sequence[str] | None = None) -> int:
    """Measure; 0 when all is within budget, 1 when a benchmark failed or a budget is broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.run", description="Measure DevPulse.")
    parser.add_argument("--only", metavar="NAME", action="append", help="only bench_NAME.py; may be repeated")
    parser.add_argument("--list", action="store_true", help="tell what there is to measure")
    parser.add_argument("--publish", action="store_true", help="put what is kept into docs/performance.md")
    parser.add_argument("--child", metavar="NAME", help=argparse.SUPPRESS)
    given = parser.parse_args(words)
    if given.child:
        return _measure_here(given.child)
    known = names(HERE)
    unknown = sorted(set(given.only or ()) - set(known))
    if unknown:
        parser.error(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(known)}")
    if given.list:
        sys.stdout.write("".join(f"{name}\n" for name in known))
        return 0
    if given.publish:
        PAGE.write_text(published(PAGE.read_text("utf-8"), json.loads(RESULTS.read_text("utf-8"))), "utf-8")
        return 0
    return _measure(given.only or known)


def names(folder: Path) -> list[str]:
    """The benchmarks of a folder, without `bench_`."""
    return sorted(file.stem.removeprefix("bench_") for file in folder.glob("bench_*.py"))


def merged(stored: Any, measured: dict[str, Any]) -> dict[str, Any]:
    """What is kept: the new results, and the old ones of what was not measured now."""
    return {**stored, **measured} if isinstance(stored, dict) else measured


def published(page: str, kept: dict[str, Any]) -> str:
    """The page with the kept figures between its two marks; ValueError when it lacks them."""
    before, _, rest = page.partition(_BEGIN)
    _, mark, after = rest.partition(_END)
    if not mark:
        raise ValueError("the page has no place for figures")
    parts: list[str] = []
    for name, result in sorted(kept.items()):
        figures = [Figure(**{k: v for k, v in told.items() if k != "verdict"}) for told in result["figures"]]
        machine = result["machine"]
        load = f" at a load of {machine['load']:.1f}" if "load" in machine else ""
        where = f"{result['at'][:10]}, {machine['cores']} cores{load}, Python {machine['python']}"
        parts.append(f"\n### {name} ({where})\n\n{markdown(figures)}\n")
    return f"{before}{_BEGIN}{''.join(parts)}\n{_END}{after}"


def _measure(chosen: Sequence[str]) -> int:
    failed = False
    for name in chosen:
        sys.stdout.write(f"\n{name} …\n")
        sys.stdout.flush()
        started = time.monotonic()
        try:
            figures = _in_a_process(name)
        except BenchmarkFailed as failure:
            sys.stdout.write(f"{failure}\n")
            failed = True
            continue
        sys.stdout.write(f"{table(figures)}\n({time.monotonic() - started:.0f} s)\n")
        failed |= any(figure.verdict not in ("", "ok") for figure in figures)
        _keep(name, figures)
    sys.stdout.write(f"\nkept in {RESULTS}\n")
    return int(failed)


def _in_a_process(name: str) -> list[Figure]:
    reading, writing = os.pipe()
    words = [sys.executable, "-m", "tests.benchmarks.run", "--child", name]
    environ = {**os.environ, "DEVPULSE_BENCH_RESULT": str(writing)}
    with subprocess.Popen(words, cwd=HERE.parents[1], pass_fds=(writing,), env=environ) as process:
        os.close(writing)
        # A process the benchmark left behind must not hold the pipe open: read, then ask for the end.
        with os.fdopen(reading, encoding="utf-8") as result:
            said = result.readline()
    if process.returncode or not said:
        raise BenchmarkFailed(f"bench_{name} failed (exit code {process.returncode})")
    return [Figure(**values) for values in json.loads(said)]


def _measure_here(name: str) -> int:
    result = int(os.environ.pop("DEVPULSE_BENCH_RESULT"))
    os.set_inheritable(result, False)
    figures: list[Figure] = import_module(f"tests.benchmarks.bench_{name}").run()
    told = [{key: value for key, value in figure.as_json().items() if key != "verdict"} for figure in figures]
    with os.fdopen(result, "w", encoding="utf-8") as out:
        out.write(json.dumps(told) + "\n")
    return 0


def _keep(name: str, figures: Sequence[Figure]) -> None:
    RESULTS.parent.mkdir(exist_ok=True)
    try:
        stored = json.loads(RESULTS.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        stored = {}
    machine = {
        "system": platform.platform(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        # Of the last five minutes, so that a reader knows whether the machine was the benchmark's alone.
        "load": os.getloadavg()[1],
    }
    measured = {
        "at": datetime.now().astimezone().isoformat(timespec="seconds"),
        "machine": machine,
        "figures": [figure.as_json() for figure in figures],
    }
    whole = json.dumps(merged(stored, {name: measured}), indent=1, ensure_ascii=False)
    RESULTS.write_text(whole + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
