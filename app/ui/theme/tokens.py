"""The tokens of the look: every colour, distance, radius and letter size there is, for light and dark."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Colors:
    """Named by what they are for; each `#rrggbb`. `text*` on `window`, `surface` and `raised` reads at AA."""

    window: str
    sidebar: str
    surface: str
    raised: str
    sunken: str
    hover: str
    selected: str
    border: str
    border_strong: str
    text: str
    text_muted: str
    text_faint: str
    accent: str
    accent_hover: str
    accent_soft: str
    on_accent: str
    success: str
    success_soft: str
    warning: str
    warning_soft: str
    danger: str
    danger_soft: str
    grid: str
    shadow: str


@dataclass(frozen=True, slots=True)
class Space:
    """Distances in device-independent pixels, on a grid of 4."""

    xs: int = 4
    s: int = 8
    m: int = 12
    l: int = 16  # noqa: E741 - the usual name of a size
    xl: int = 24
    xxl: int = 32
    xxxl: int = 48


@dataclass(frozen=True, slots=True)
class Radius:
    """Corner radii in device-independent pixels."""

    s: int = 4
    m: int = 6
    l: int = 10  # noqa: E741 - the usual name of a size


@dataclass(frozen=True, slots=True)
class Letters:
    """Letter sizes in device-independent pixels."""

    caption: int = 12
    body: int = 13
    strong: int = 14
    title: int = 16
    heading: int = 22
    display: int = 32


@dataclass(frozen=True, slots=True)
class Tokens:
    """One look. `categories`: told apart with any kind of colour blindness, in their order of use."""

    name: str
    dark: bool
    colors: Colors
    categories: tuple[str, ...]
    space: Space = Space()
    radius: Radius = Radius()
    letters: Letters = Letters()


# After Okabe and Ito, "Color Universal Design" (2008); the yellow is darkened on white, the black left out.
LIGHT = Tokens(
    name="light",
    dark=False,
    colors=Colors(
        window="#f7f7f9",
        sidebar="#f0f0f3",
        surface="#ffffff",
        raised="#ffffff",
        sunken="#f2f2f5",
        hover="#ebebef",
        selected="#e4e5f7",
        border="#e3e3e8",
        border_strong="#c9c9d1",
        text="#1a1a1f",
        text_muted="#5b5b66",
        text_faint="#6b6b76",
        accent="#4a55c9",
        accent_hover="#3c46b0",
        accent_soft="#ebecfa",
        on_accent="#ffffff",
        success="#1a7a55",
        success_soft="#e3f4ec",
        warning="#8a5a00",
        warning_soft="#fbf1dc",
        danger="#b8322a",
        danger_soft="#fbe9e7",
        grid="#ececf0",
        shadow="#1a1a1f",
    ),
    categories=("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#b8a800", "#8a8a94"),
)

DARK = Tokens(
    name="dark",
    dark=True,
    colors=Colors(
        window="#141417",
        sidebar="#18181c",
        surface="#1c1c21",
        raised="#25252b",
        sunken="#16161a",
        hover="#2a2a31",
        selected="#2d2f4a",
        border="#2d2d34",
        border_strong="#45454f",
        text="#ededf1",
        text_muted="#a9a9b4",
        text_faint="#92929e",
        accent="#929bff",
        accent_hover="#abb2ff",
        accent_soft="#26283f",
        on_accent="#14152b",
        success="#5fd0a0",
        success_soft="#19332a",
        warning="#e8b45a",
        warning_soft="#362b17",
        danger="#ff8f86",
        danger_soft="#3c2120",
        grid="#26262c",
        shadow="#000000",
    ),
    categories=("#4a9fd8", "#e69f00", "#2bb88f", "#d990b8", "#7cc8f2", "#e8743a", "#e3d64a", "#9a9aa6"),
)
