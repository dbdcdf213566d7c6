from __future__ import annotations

import pytest

from app.config import Settings
from app.declarations import SETTINGS
from app.errors import InvalidSetting


def test_every_default_passes_its_own_check() -> None:
    for setting in SETTINGS.values():
        assert setting.checked(setting.default) == setting.default
        assert setting.title and setting.prose.endswith(".")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("tracking.idle_after_s", True),
        ("tracking.idle_after_s", 9),
        ("tracking.idle_after_s", 3601),
        ("tracking.count_microphone", 1),
        ("privacy.detail", "everything"),
        ("privacy.excluded_applications", ["", "x"]),
        ("privacy.excluded_applications", "x"),
        ("focus.presets_min", [0]),
        ("focus.presets_min", [True]),
        ("privacy.title_rules", [{"pattern": "x"}]),
        ("privacy.title_rules", [{"pattern": "x", "action": "burn"}]),
        ("privacy.title_rules", [{"pattern": "", "action": "drop"}]),
        ("privacy.title_rules", [{"pattern": "x", "action": "drop", "colour": "red"}]),
        ("privacy.title_rules", [{"pattern": "x", "action": "replace", "replacement": 3}]),
        ("privacy.title_rules", ["x"]),
        ("privacy.title_rules", {}),
        ("no.such", 1),
    ],
)
def test_what_does_not_fit_is_refused_with_words(key: str, value: object) -> None:
    with pytest.raises(InvalidSetting) as caught:
        Settings().with_value(key, value)
    assert key in caught.value.title
