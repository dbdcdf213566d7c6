"""The environment becomes settings, or all reasons why not."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from cloud.settings import Settings, SettingsRefused, from_environment


def listening(settings: Settings) -> tuple[str, int, str]:
    return settings.host, settings.port, settings.log_level


def test_an_empty_environment_is_this_machine_only() -> None:
    settings = from_environment({"PATH": "/bin"})
    assert listening(settings) == ("127.0.0.1", 8420, "info")
    assert (settings.sign_up, settings.database_url, settings.redis_url) == ("closed", "", "")
    assert settings.migrate == "on-start"


def test_the_command_line_wins() -> None:
    values = {"HOST": "10.0.0.1", "PORT": "1", "LOG_LEVEL": " Debug "}
    environ = {f"DEVPULSE_CLOUD_{name}": value for name, value in values.items()}
    assert listening(from_environment(environ)) == ("10.0.0.1", 1, "debug")
    assert listening(from_environment(environ, host="::1", port="0")) == ("::1", 0, "debug")


@pytest.mark.parametrize("port", ["", "-1", "65536", "8e3", "٣", "1" * 5000, "8420.0"])
def test_a_port_is_a_number_in_range(port: str) -> None:
    with pytest.raises(SettingsRefused, match="PORT must be a number"):
        from_environment({}, port=port)


def test_all_reasons_are_told_at_once() -> None:
    environ = {
        "DEVPULSE_CLOUD_HOST": " ",
        "DEVPULSE_CLOUD_PORT": "many",
        "DEVPULSE_CLOUD_LOG_LEVEL": "loud",
        "DEVPULSE_CLOUD_PROT": "1",
    }
    with pytest.raises(SettingsRefused) as refused:
        from_environment(environ)
    assert len(refused.value.reasons) == 4
    assert "DEVPULSE_CLOUD_PROT is not a setting" in str(refused.value)


KEY = base64.b64encode(b"k" * 32).decode()
POSTGRES = "postgresql://devpulse:hunter2@db/pulse"


def test_a_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "url"
    file.write_text(POSTGRES + "\n")
    environ = {"DEVPULSE_CLOUD_DATABASE_URL_FILE": str(file), "DEVPULSE_CLOUD_SECRET": f"{KEY}, {KEY}"}
    settings = from_environment(environ)
    assert settings.database_url == POSTGRES
    assert settings.secrets == (KEY, KEY)
    assert settings.migrate == "by-hand"
    with pytest.raises(SettingsRefused, match="not both"):
        from_environment({**environ, "DEVPULSE_CLOUD_DATABASE_URL": POSTGRES})


def test_settings_tell_no_secret(tmp_path: Path) -> None:
    environ = {
        "DEVPULSE_CLOUD_DATABASE_URL": POSTGRES,
        "DEVPULSE_CLOUD_SECRET": KEY,
        "DEVPULSE_CLOUD_OPERATOR_TOKEN": "a" * 30,
        "DEVPULSE_CLOUD_GITHUB_CLIENT_ID": "id",
        "DEVPULSE_CLOUD_GITHUB_CLIENT_SECRET": "vendors-secret",
    }
    told = repr(from_environment(environ))
    for secret in ("hunter2", KEY, "a" * 30, "vendors-secret"):
        assert secret not in told


def test_a_refusal_repeats_no_value() -> None:
    environ = {"DEVPULSE_CLOUD_SECRET": "hunter2", "DEVPULSE_CLOUD_DATABASE_URL": "mysql://hunter2@db"}
    with pytest.raises(SettingsRefused) as refused:
        from_environment(environ)
    assert len(refused.value.reasons) == 2
    assert "hunter2" not in str(refused.value)


def test_more_than_one_worker_needs_redis() -> None:
    with pytest.raises(SettingsRefused, match="takes Redis"):
        from_environment({}, workers="2")
    assert from_environment({"DEVPULSE_CLOUD_REDIS_URL": "redis://r/0"}, workers="2").workers == 2


def test_postgresql_needs_a_secret_that_all_replicas_share() -> None:
    with pytest.raises(SettingsRefused, match="openssl rand"):
        from_environment({"DEVPULSE_CLOUD_DATABASE_URL": POSTGRES})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRUSTED_PROXIES", "10.0.0.0/33"),
        ("PUBLIC_URL", "pulse.example.org"),
        ("PUBLIC_URL", "https://a@b"),
        ("SIGN_UP", "maybe"),
        ("DATA", "relative"),
        ("RATE_SIGN_IN", "often"),
        ("DRAIN_SECONDS", "-1"),
        ("OPERATOR_TOKEN", "short"),
        ("TLS_CERT", "/nowhere"),
        ("GITHUB_CLIENT_ID", "alone"),
        ("SECRET_FILE", "/nowhere"),
    ],
)
def test_each_value_has_its_rule(name: str, value: str) -> None:
    with pytest.raises(SettingsRefused, match=name):
        from_environment({f"DEVPULSE_CLOUD_{name}": value})


def test_proxies_and_origins_are_normal() -> None:
    environ = {
        "DEVPULSE_CLOUD_TRUSTED_PROXIES": "10.1.2.3/8, ::1",
        "DEVPULSE_CLOUD_PUBLIC_URL": "https://p.org/",
    }
    settings = from_environment(environ)
    assert settings.trusted_proxies == ("10.0.0.0/8", "::1/128")
    assert settings.public_url == "https://p.org"
