"""Fails unless the tests reached the pure logic wholly, every branch of it."""

from __future__ import annotations

import subprocess
import sys

# Values in, values out; an effect in one of them is a reason to split it.
PURE = (
    "app/clock", "app/durations", "app/errors", "app/models/values", "app/models/rollups",
    "app/analytics/aggregates", "app/analytics/periods", "app/analytics/reports/written",
    "app/analytics/zone", "app/analytics/attention", "app/analytics/averages", "app/analytics/best_hours",
    "app/analytics/cube", "app/analytics/digest", "app/analytics/explained", "app/analytics/focus_trend",
    "app/analytics/goals", "app/analytics/interruptions", "app/analytics/labels", "app/analytics/ranges",
    "app/analytics/series", "app/analytics/streaks", "app/analytics/timeline", "app/analytics/trends",
    "app/analytics/usual",
    "app/tracking/addresses", "app/tracking/applications", "app/tracking/classifier",
    "app/tracking/commandline",
    "app/tracking/conditions", "app/tracking/focus", "app/tracking/gitconfig", "app/tracking/languages",
    "app/tracking/patterns", "app/tracking/policy", "app/tracking/presence", "app/tracking/privacy",
    "app/tracking/remotes", "app/tracking/schedule", "app/tracking/spans", "app/tracking/titles",
    "app/tracking/troubles",
)  # fmt: skip


def main() -> int:
    """Judge what the last run with --cov left; prints the lines that were missed."""
    files = ",".join(f"{name}.py" for name in PURE)
    words = [sys.executable, "-m", "coverage", "report", "-m", "--fail-under=100", f"--include={files}"]
    return subprocess.call(words)


if __name__ == "__main__":
    sys.exit(main())
