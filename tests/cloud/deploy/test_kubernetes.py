"""Kubernetes: three replicas that drain, spread and keep to themselves; no secret but by reference."""

from __future__ import annotations

from typing import Any

import yaml

from cloud.serving import GRACE_SECONDS
from cloud.settings import from_environment
from tests.cloud.deploy.dockerfile import DOCKERFILE, ROOT, steps

KUBERNETES = ROOT / "cloud" / "deploy" / "kubernetes"


def manifest(name: str) -> dict[str, Any]:
    return yaml.safe_load((KUBERNETES / "base" / f"{name}.yaml").read_text())


DEPLOYMENT = manifest("deployment")["spec"]
POD = DEPLOYMENT["template"]["spec"]
(SERVICE,) = POD["containers"]
CONFIGURATION: dict[str, str] = manifest("configuration")["data"]


def test_every_file_is_named_and_every_name_is_a_file() -> None:
    for folder in ("base", "example"):
        named = yaml.safe_load((KUBERNETES / folder / "kustomization.yaml").read_text())["resources"]
        files = {path.name for path in (KUBERNETES / folder).glob("*.yaml")} - {"kustomization.yaml"}
        assert {name for name in named if not name.startswith("..")} == files


def test_a_roll_never_has_fewer_than_three() -> None:
    assert DEPLOYMENT["replicas"] == 3
    assert DEPLOYMENT["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}
    assert manifest("disruption")["spec"]["minAvailable"] == 2
    assert manifest("autoscaling")["spec"]["minReplicas"] == 3


def test_a_pod_has_the_time_to_drain() -> None:
    drain = int(CONFIGURATION["DEVPULSE_CLOUD_DRAIN_SECONDS"])
    assert POD["terminationGracePeriodSeconds"] >= drain + GRACE_SECONDS
    ready = SERVICE["readinessProbe"]
    # Told "not ready" so often, the cluster has turned away before the service stops listening.
    assert drain >= ready["periodSeconds"] * ready["failureThreshold"]


def test_probes_ask_what_they_are_for() -> None:
    assert SERVICE["readinessProbe"]["httpGet"]["path"] == "/health/ready"
    assert SERVICE["livenessProbe"]["httpGet"]["path"] == "/health/live"
    assert SERVICE["startupProbe"]["httpGet"]["path"] == "/health/live"
    assert SERVICE["ports"][0]["containerPort"] == 8420


def test_pods_are_restricted() -> None:
    user = next(step.rest for step in steps(DOCKERFILE.read_text()) if step.word == "USER")
    context = POD["securityContext"]
    assert f"{context['runAsUser']}:{context['runAsGroup']}" == user
    assert context["runAsNonRoot"] is True
    assert context["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in (*POD["containers"], *POD["initContainers"]):
        held = container["securityContext"]
        assert held["readOnlyRootFilesystem"] is True
        assert held["allowPrivilegeEscalation"] is False
        assert held["capabilities"] == {"drop": ["ALL"]}
        assert container["resources"]["limits"]["memory"]
        assert container["resources"]["requests"]["cpu"]
    namespace = yaml.safe_load((KUBERNETES / "example" / "namespace.yaml").read_text())
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"


def test_secrets_come_by_reference_and_settings_are_understood() -> None:
    given = dict(CONFIGURATION)
    sample = {
        "database-url": "postgresql://u:p@db/devpulse",
        "redis-url": "redis://r:6379/0",
        "service-secret": "A" * 43 + "=",
        "operator-token": "o" * 32,
    }
    for variable in SERVICE["env"]:
        assert set(variable) == {"name", "valueFrom"}
        given[variable["name"]] = sample[variable["valueFrom"]["secretKeyRef"]["key"]]
    assert from_environment(given).migrate == "by-hand"
    assert not [path for path in KUBERNETES.rglob("*.yaml") if "kind: Secret\n" in path.read_text()]


def test_selectors_find_the_pods() -> None:
    labels = DEPLOYMENT["template"]["metadata"]["labels"]
    chosen = [DEPLOYMENT["selector"]["matchLabels"], manifest("service")["spec"]["selector"]]
    chosen.append(manifest("disruption")["spec"]["selector"]["matchLabels"])
    chosen.append(manifest("network")["spec"]["podSelector"]["matchLabels"])
    chosen += [spread["labelSelector"]["matchLabels"] for spread in POD["topologySpreadConstraints"]]
    assert all(selector.items() <= labels.items() for selector in chosen)


def test_the_network_is_closed_but_for_what_is_named() -> None:
    policy = manifest("network")["spec"]
    assert policy["policyTypes"] == ["Ingress", "Egress"]
    assert all(rule["from"] and rule["ports"] for rule in policy["ingress"])
    assert {port["port"] for rule in policy["egress"] for port in rule["ports"]} == {53, 443, 5432, 6379}
    world = next(rule for rule in policy["egress"] if rule["ports"][0]["port"] == 443)
    assert "169.254.0.0/16" in world["to"][0]["ipBlock"]["except"]
