"""Compose: what is open, what is secret, what waits for what, by the Compose specification."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from cloud.serving import GRACE_SECONDS
from cloud.settings import from_environment
from tests.cloud.deploy.dockerfile import DOCKERFILE, ROOT, steps

HERE = ROOT / "cloud" / "deploy" / "compose"
COMPOSE: dict[str, Any] = yaml.safe_load((HERE / "compose.yaml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
# The names that the specification knows, as far as they make sense here: a typing error is none of them.
TOP = {"name", "services", "networks", "volumes", "secrets"}
SERVICE = {
    "image", "build", "command", "environment", "secrets", "networks", "read_only", "tmpfs", "cap_drop",
    "security_opt", "init", "restart", "healthcheck", "depends_on", "ports", "stop_grace_period", "deploy",
    "volumes", "shm_size",
}  # fmt: skip
HEALTH = {"test", "interval", "timeout", "retries", "start_period", "disable"}


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """The secrets, as the script makes them."""
    shutil.copy(HERE / "secrets.sh", tmp_path)
    subprocess.run(["sh", tmp_path / "secrets.sh"], check=True, capture_output=True)
    return tmp_path / "secrets"


def test_it_says_only_what_the_specification_knows() -> None:
    assert {name for name in COMPOSE if not name.startswith("x-")} == TOP
    for service in SERVICES.values():
        assert set(service) <= SERVICE
        assert set(service.get("healthcheck", {})) <= HEALTH
        assert set(service.get("secrets", ())) <= set(COMPOSE["secrets"])
        assert set(service["networks"]) <= set(COMPOSE["networks"])
        assert set(service.get("depends_on", {})) <= set(SERVICES)
        for volume in service.get("volumes", ()):
            assert volume.partition(":")[0] in COMPOSE["volumes"]


def test_the_databases_are_reached_only_from_inside() -> None:
    assert COMPOSE["networks"]["inside"]["internal"] is True
    for name in ("postgres", "redis"):
        assert "ports" not in SERVICES[name]
        assert SERVICES[name]["networks"] == ["inside"]
        assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES["service"]["ports"] == ["127.0.0.1:8420:8420"]


def test_everything_keeps_what_it_must_and_no_more() -> None:
    for name in ("migrate", "service"):
        service = SERVICES[name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]
    assert SERVICES["postgres"]["volumes"]
    assert SERVICES["redis"]["volumes"]
    assert all(re.search(r":\d+\.\d+", service["image"]) for service in SERVICES.values())


def test_no_secret_is_in_the_file() -> None:
    text = (HERE / "compose.yaml").read_text()
    assert "://devpulse:" not in text
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|TOKEN|DATABASE_URL|REDIS_URL", name):
                assert name.endswith("_FILE")
                assert value.removeprefix("/run/secrets/") in service["secrets"]
    assert "secrets/" in (HERE / ".gitignore").read_text().split()


def test_it_starts_in_order_and_stops_in_time() -> None:
    waits = SERVICES["service"]["depends_on"]
    assert waits["migrate"] == {"condition": "service_completed_successfully"}
    assert SERVICES["migrate"]["depends_on"]["postgres"] == {"condition": "service_healthy"}
    grace = int(SERVICES["service"]["stop_grace_period"].removesuffix("s"))
    drain = int(SERVICES["service"]["environment"]["DEVPULSE_CLOUD_DRAIN_SECONDS"])
    assert grace >= drain + GRACE_SECONDS


def test_it_builds_the_image_from_the_top() -> None:
    build = SERVICES["service"]["build"]
    assert (HERE / build["context"]).resolve() == ROOT
    assert ROOT / build["dockerfile"] == DOCKERFILE
    assert [step.rest for step in steps(DOCKERFILE.read_text()) if step.word == "EXPOSE"] == ["8420"]


def test_its_settings_are_understood(made: Path) -> None:
    given = {
        name: re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value).replace("/run/secrets", str(made))
        for name, value in SERVICES["service"]["environment"].items()
    }
    settings = from_environment(given)
    assert settings.postgresql
    assert settings.redis_url.startswith("redis://:")
    assert len(base64.b64decode(settings.secrets[0])) == 32
    assert (made / "postgres_password").read_text() in settings.database_url
    password = settings.redis_url.split(":")[2].split("@")[0]
    assert f"requirepass {password}\n" in (made / "redis_conf").read_text()


def test_secrets_are_made_once_and_for_the_owner(made: Path) -> None:
    assert {path.name for path in made.iterdir()} == set(COMPOSE["secrets"])
    assert made.stat().st_mode & 0o777 == 0o700
    before = (made / "service_secret").read_bytes()
    subprocess.run(["sh", made.parent / "secrets.sh"], check=True, capture_output=True)
    assert (made / "service_secret").read_bytes() == before
