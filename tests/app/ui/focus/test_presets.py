import pytest

from app.ui.focus.presets import break_min, presets


@pytest.mark.parametrize(("work", "rest"), [(5, 5), (25, 5), (50, 10), (90, 20), (120, 25)])
def test_the_break_grows_with_the_work(work: int, rest: int) -> None:
    assert break_min(work) == rest


def test_each_length_once_and_the_open_end_last() -> None:
    found = presets([25, 50, 25])
    assert [(one.minutes, one.words) for one in found] == [(25, "25 / 5"), (50, "50 / 10"), (None, "Free")]
