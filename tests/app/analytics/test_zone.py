"""The time zone's name."""

from __future__ import annotations

import pytest

from app.analytics.zone import zone_name


@pytest.mark.parametrize(
    ("given", "name"),
    [("Europe/Berlin", "Europe/Berlin"), (":Asia/Tokyo", "Asia/Tokyo"), ("UTC", "UTC"), ("EST", "EST")],
)
def test_from_the_environment(given, name):
    assert zone_name({"TZ": given}) == name


@pytest.mark.parametrize("given", ["CET-1CEST", "/usr/share/zoneinfo/UTC", "<+03>-3"])
def test_rules_and_paths_become_an_offset(given):
    assert zone_name({"TZ": given})


def test_from_the_link(tmp_path):
    (tmp_path / "localtime").symlink_to("/usr/share/zoneinfo/America/Argentina/Salta")
    assert zone_name({}, tmp_path / "localtime") == "America/Argentina/Salta"
    assert zone_name({}, tmp_path / "none")
    (tmp_path / "file").write_text("")
    assert zone_name({}, tmp_path / "file")
