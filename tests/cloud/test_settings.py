"""The environment becomes settings, or all reasons why not."""

from __future__ import annotations

import pytest

from cloud.settings import Settings, SettingsRefused, from_environment


def test_an_empty_environment_is_this_machine_only() -> None:
    assert from_environment({"PATH": "/bin"}) == Settings("127.0.0.1", 8420, "info")


def test_the_command_line_wins() -> None:
    values = {"HOST": "10.0.0.1", "PORT": "1", "LOG_LEVEL": " Debug "}
    environ = {f"DEVPULSE_CLOUD_{name}": value for name, value in values.items()}
    assert from_environment(environ) == Settings("10.0.0.1", 1, "debug")
    assert from_environment(environ, host="::1", port="0") == Settings("::1", 0, "debug")


@pytest.mark.parametrize("port", ["", "-1", "65536", "8e3", "٣", "1" * 5000, "8420.0"])
def test_a_port_is_a_number_in_range(port: str) -> None:
    with pytest.raises(SettingsRefused, match="port must be a number"):
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
    assert "DEVPULSE_CLOUD_PROT" in refused.value.reasons[0]
