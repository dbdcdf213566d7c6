"""The rules for Prometheus name figures and labels that the service has."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import Any

import pytest
import yaml

from cloud.system.metrics import Metrics
from tests.cloud.deploy.dockerfile import ROOT

FILE = ROOT / "cloud" / "deploy" / "prometheus" / "alerts.yaml"
RULES: list[dict[str, Any]] = yaml.safe_load(FILE.read_text())["groups"][0]["rules"]
PROMETHEUS_OWN = {"up"}
FUNCTIONS = {"sum", "rate", "by", "histogram_quantile", "max_over_time", "changes", "increase"}


@pytest.fixture(scope="module")
def known() -> set[str]:
    metrics = Metrics()
    # Every figure by its full name, those without a value yet among them.
    told = re.findall(rb"^[a-z_]+", metrics.shown(), re.MULTILINE)
    return {*metrics.registry._names_to_collectors, *(name.decode() for name in told)}


@pytest.mark.parametrize("rule", RULES, ids=[rule["alert"] for rule in RULES])
def test_every_figure_is_the_services(rule: dict[str, Any], known: set[str]) -> None:
    without_labels = re.sub(r"\{[^}]*\}|\[[^\]]*\]", " ", rule["expr"])
    words = set(re.findall(r"[a-z_]{2,}", without_labels)) - FUNCTIONS - {"le"}
    assert words
    assert words <= known | PROMETHEUS_OWN


@pytest.mark.parametrize("rule", RULES, ids=[rule["alert"] for rule in RULES])
def test_every_alert_says_what_it_means(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in ("warning", "critical")
    assert len(rule["annotations"]["description"]) > 20
    for selector in re.findall(r"\w+\{([^}]*)\}", rule["expr"]):
        assert 'job="devpulse-cloud"' in selector


@pytest.mark.skipif(not shutil.which("promtool"), reason="Prometheus' own checker is not installed")
def test_prometheus_takes_the_rules() -> None:
    run = subprocess.run(["promtool", "check", "rules", FILE], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
