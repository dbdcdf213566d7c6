"""The frame of the benchmarks: figures, table, what is kept."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks import run
from tests.benchmarks.figures import Figure, number, table


@pytest.mark.parametrize(
    ("figure", "verdict"),
    [
        (Figure("a", 5, "MB"), ""),
        (Figure("a", 5, "MB", 5), "ok"),
        (Figure("a", 5.1, "MB", 5), "over"),
        (Figure("a", 5, "/s", 5, at_least=True), "ok"),
        (Figure("a", 4.9, "/s", 5, at_least=True), "under"),
    ],
)
def test_verdict(figure: Figure, verdict: str) -> None:
    assert figure.verdict == verdict


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.01234, "0.0123"), (48.24, "48.2"), (1234.5, "1,234"), (3e7, "30,000,000")],
)
def test_number(value: float, text: str) -> None:
    assert number(value) == text


def test_table_puts_the_budget_beside_the_figure() -> None:
    size = Figure("agent RSS", 48.2, "MB", 50, "after 10 min")
    rate = Figure("rate", 9, "/s", 10, at_least=True)
    _, first, second = table([size, rate]).splitlines()
    assert first.split() == ["agent", "RSS", "48.2", "MB", "≤", "50", "ok", "after", "10", "min"]
    assert second.split() == ["rate", "9", "/s", "≥", "10", "under"]


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of benchmarks that a child process finds before the real one."""
    folder = tmp_path / "tests" / "benchmarks"
    folder.mkdir(parents=True)
    for name in ("figures.py", "run.py"):
        (folder / name).write_text(Path(run.HERE, name).read_text())
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(run, "HERE", folder)
    monkeypatch.setattr(run, "RESULTS", tmp_path / "build" / "bench.json")
    return folder


BENCH = """
from tests.benchmarks.figures import Figure

def run():
    print("noise")
    return [Figure("ünits", {value}, "ms", 10, "note")]
"""


def test_a_benchmark_is_run_judged_and_kept(bench: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (bench / "bench_good.py").write_text(BENCH.format(value=1))
    (bench / "bench_slow.py").write_text(BENCH.format(value=11))
    assert run.main(["--only", "good"]) == 0
    assert run.main(["--only", "slow"]) == 1
    assert "over" in capsys.readouterr().out
    kept = json.loads(run.RESULTS.read_text())
    assert kept["good"]["figures"][0]["name"] == "ünits"
    assert kept["slow"]["figures"][0]["verdict"] == "over"


def test_one_that_fails_does_not_keep_the_others_from_running(bench: Path) -> None:
    (bench / "bench_a.py").write_text("def run():\n    raise ValueError('measured nothing')\n")
    (bench / "bench_b.py").write_text(BENCH.format(value=1))
    assert run.main([]) == 1
    assert set(json.loads(run.RESULTS.read_text())) == {"b"}


def test_a_name_that_is_not_there(bench: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (bench / "bench_b.py").write_text(BENCH.format(value=1))
    with pytest.raises(SystemExit):
        run.main(["--only", "z"])
    assert "there are b" in capsys.readouterr().err
    assert run.main(["--list"]) == 0
    assert capsys.readouterr().out == "b\n"


def test_what_is_kept_is_published_between_the_marks() -> None:
    machine = {"system": "Linux", "python": "3.11.2", "cores": 2}
    over = Figure("agent RSS", 60, "MB", 50, "note").as_json()
    kept = {"agent": {"at": "2026-11-24T10:00:00+00:00", "machine": machine, "figures": [over]}}
    page = "# Head\n<!-- figures -->\nold\n<!-- end of figures -->\nfoot\n"
    once = run.published(page, kept)
    assert "### agent (2026-11-24, 2 cores, Python 3.11.2)" in once
    assert "| agent RSS | 60 MB | ≤ 50 | **over** note |" in once
    assert "old" not in once
    assert once.startswith("# Head\n")
    assert once.endswith("foot\n")
    assert run.published(once, kept) == once
    kept["agent"]["machine"]["load"] = 9.87
    assert "2 cores at a load of 9.9, Python" in run.published(page, kept)
    with pytest.raises(ValueError, match="no place"):
        run.published("# Head\n", kept)


def test_every_benchmark_can_be_begun() -> None:
    imports = "\n".join(f"from tests.benchmarks.bench_{name} import run" for name in run.names(run.HERE))
    done = subprocess.run(
        [sys.executable, "-c", imports], cwd=run.HERE.parents[1], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
