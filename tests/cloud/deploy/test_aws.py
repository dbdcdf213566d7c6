"""AWS: what the template promises beyond being valid."""

from __future__ import annotations

from typing import Any

import yaml

from cloud.serving import GRACE_SECONDS
from tests.cloud.deploy.dockerfile import ROOT


class Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short functions, as lists of their name and value."""


def _function(loader: Loader, suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return {suffix: loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {suffix: loader.construct_sequence(node, deep=True)}
    return {suffix: loader.construct_mapping(node, deep=True)}  # type: ignore[arg-type]


Loader.add_multi_constructor("!", _function)
TEMPLATE: dict[str, Any] = yaml.load(
    (ROOT / "cloud" / "deploy" / "aws" / "devpulse-cloud.yaml").read_text(), Loader
)
RESOURCES: dict[str, Any] = TEMPLATE["Resources"]


def of(kind: str) -> dict[str, Any]:
    found = {name: it["Properties"] for name, it in RESOURCES.items() if it["Type"] == f"AWS::{kind}"}
    assert found
    return found


def test_data_is_doubled_sealed_and_not_public() -> None:
    (database,) = of("RDS::DBInstance").values()
    assert database["Engine"] == "postgres"
    for name in ("MultiAZ", "StorageEncrypted", "DeletionProtection"):
        assert database[name] is True
    assert database["PubliclyAccessible"] is False
    assert database["BackupRetentionPeriod"] >= 7
    (redis,) = of("ElastiCache::ReplicationGroup").values()
    for name in (
        "MultiAZEnabled",
        "AutomaticFailoverEnabled",
        "TransitEncryptionEnabled",
        "AtRestEncryptionEnabled",
    ):
        assert redis[name] is True
    assert RESOURCES["Database"]["DeletionPolicy"] == "Snapshot"
    assert RESOURCES["ServiceSecret"]["DeletionPolicy"] == "Retain"


def test_no_secret_is_a_parameter_or_a_word() -> None:
    assert not [name for name in TEMPLATE["Parameters"] if "Password" in name or "Token" in name]
    for name, secret in of("SecretsManager::Secret").items():
        made = (
            "GenerateSecretString" in secret or "{{resolve:secretsmanager:" in secret["SecretString"]["Sub"]
        )
        assert made, name
    for container in RESOURCES["Task"]["Properties"]["ContainerDefinitions"]:
        names = {variable["Name"] for variable in container["Environment"]}
        assert not [name for name in names if "SECRET" in name or ("URL" in name and "PUBLIC" not in name)]


def test_the_running_service_may_do_nothing_in_the_account() -> None:
    assert "Policies" not in RESOURCES["TaskRole"]["Properties"]
    assert "ManagedPolicyArns" not in RESOURCES["TaskRole"]["Properties"]
    for role in of("IAM::Role").values():
        for policy in role.get("Policies", ()):
            for statement in policy["PolicyDocument"]["Statement"]:
                actions = statement["Action"]
                assert "*" not in str(actions)
                if statement["Resource"] == "*":
                    assert actions == "ecr:GetAuthorizationToken"  # which knows no resource


def test_containers_are_locked_and_have_the_time_to_drain() -> None:
    containers = RESOURCES["Task"]["Properties"]["ContainerDefinitions"]
    for container in containers:
        assert container["ReadonlyRootFilesystem"] is True
        assert container["User"] == "10001:10001"
    service = next(container for container in containers if container["Name"] == "service")
    drain = next(int(v["Value"]) for v in service["Environment"] if v["Name"].endswith("DRAIN_SECONDS"))
    assert service["StopTimeout"] >= drain + GRACE_SECONDS
    assert service["DependsOn"] == [{"ContainerName": "migrate", "Condition": "SUCCESS"}]


def test_only_cloudfront_comes_in() -> None:
    (rule,) = RESOURCES["BalancerGroup"]["Properties"]["SecurityGroupIngress"]
    assert "SourcePrefixListId" in rule
    default = RESOURCES["Listener"]["Properties"]["DefaultActions"][0]
    assert default["FixedResponseConfig"]["StatusCode"] == "403"
    for group in of("EC2::SecurityGroup").values():
        assert "0.0.0.0/0" not in str(group["SecurityGroupIngress"])


def test_alarms_reach_somebody() -> None:
    alarms = of("CloudWatch::Alarm")
    assert len(alarms) >= 7
    assert all(alarm["AlarmActions"] == [{"Ref": "Alarms"}] for alarm in alarms.values())
