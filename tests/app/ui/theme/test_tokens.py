import re
from dataclasses import asdict

import pytest

from app.ui.theme.tokens import DARK, LIGHT, Tokens

LOOKS = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=lambda tokens: tokens.name)


def luminance(color: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@LOOKS
@pytest.mark.parametrize("ground", ["window", "sidebar", "surface", "raised", "sunken"])
@pytest.mark.parametrize(
    "text", ["text", "text_muted", "text_faint", "accent", "danger", "success", "warning"]
)
def test_text_reads_at_aa(tokens: Tokens, ground: str, text: str) -> None:
    colors = asdict(tokens.colors)
    assert contrast(colors[text], colors[ground]) >= 4.5


@LOOKS
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("on_accent", "accent"),
        ("on_accent", "accent_hover"),
        ("text", "selected"),
        ("text", "hover"),
        ("accent", "accent_soft"),
        ("success", "success_soft"),
        ("warning", "warning_soft"),
        ("danger", "danger_soft"),
    ],
)
def test_text_reads_on_its_own_ground(tokens: Tokens, text: str, ground: str) -> None:
    colors = asdict(tokens.colors)
    assert contrast(colors[text], colors[ground]) >= 4.5


@LOOKS
def test_every_color_is_written_the_same_way(tokens: Tokens) -> None:
    assert all(
        re.fullmatch(r"#[0-9a-f]{6}", c) for c in (*asdict(tokens.colors).values(), *tokens.categories)
    )


@LOOKS
def test_distances_stand_on_the_grid(tokens: Tokens) -> None:
    assert all(distance % 4 == 0 for distance in asdict(tokens.space).values())


@LOOKS
def test_categories_are_seen_on_a_surface(tokens: Tokens) -> None:
    assert min(contrast(color, tokens.colors.surface) for color in tokens.categories) >= 1.9
    assert len(set(tokens.categories)) == len(tokens.categories)
