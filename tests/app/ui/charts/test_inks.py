from __future__ import annotations

import pytest

from app.models.projects import PALETTE
from app.ui.charts.colors import ChartColors
from app.ui.charts.inks import contrast, ink, legible, mixed, on_ramp, text_on
from tests.app.ui.charts.looks import DARK, LIGHT


def test_contrast_is_wcags() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("colors", [LIGHT, DARK])
@pytest.mark.parametrize("color", [*PALETTE, "#0072B2", "#ffffff", "#000000"])
def test_every_project_colour_stands_out_from_the_surface(colors: ChartColors, color: str) -> None:
    assert contrast(legible(color, colors.surface), colors.surface) >= 3
    assert contrast(text_on(color), color) >= 4.5


@pytest.mark.parametrize("colors", [LIGHT, DARK])
def test_labels_read_at_aa(colors: ChartColors) -> None:
    assert contrast(colors.text, colors.surface) >= 4.5
    assert contrast(colors.muted, colors.surface) >= 4.5
    assert contrast(colors.raised_text, colors.raised) >= 4.5


@pytest.mark.parametrize("colors", [LIGHT, DARK])
def test_the_ramp_goes_one_way(colors: ChartColors) -> None:
    steps = [contrast(on_ramp(colors.ramp, n / 10), colors.surface) for n in range(11)]
    assert steps == sorted(steps)


def test_a_legible_colour_stays_as_it_is() -> None:
    assert legible("#4477aa", "#ffffff") == "#4477aa"


def test_a_colour_that_is_none_becomes_a_grey() -> None:
    assert legible("nonsense", "#ffffff") == "#808080"


def test_mixing_and_alpha() -> None:
    assert mixed("#000000", "#ffffff", 0.5) == "#808080"
    assert ink("#ff0000", 0.5).alpha() == 128
