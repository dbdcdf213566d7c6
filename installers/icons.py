"""Draws the PNG icons of `resources/icons` from `devpulse.svg` and the tray symbols below.

Run it after changing a drawing (`python installers/icons.py`); what it writes is committed, so that the
agent loads small PNGs and never the SVG machinery. `--sheet FILE` also paints all of them on light and
dark panels, to be looked at.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from PyQt6.QtCore import QByteArray, QPoint, QRectF, Qt
from PyQt6.QtGui import QColor, QGuiApplication, QImage, QPainter
from PyQt6.QtSvg import QSvgRenderer

ICONS = Path(__file__).resolve().parent.parent / "resources" / "icons"
APPLICATION_SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
TRAY_SIZES = (16, 22, 24, 32, 48, 64)
FOCUS_STEPS = 12

# Middle tones that stand out from a white and from a black panel; told apart by shape as well as colour.
TEAL, GREY, AMBER, VIOLET, RED, BLUE = "#129a8e", "#7d8894", "#c9820a", "#7f62c9", "#d8483e", "#3b82d8"


def _svg(*shapes: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">{"".join(shapes)}</svg>'


def _disc(colour: str) -> str:
    return f'<circle cx="12" cy="12" r="11.2" fill="{colour}"/>'


def _line(path: str, width: float, colour: str = "#ffffff") -> str:
    return (
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}"'
        ' stroke-linecap="round" stroke-linejoin="round"/>'
    )


def _dot(x: float, y: float, radius: float, colour: str = "#ffffff") -> str:
    return f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{colour}"/>'


def _ring(radius: float, width: float, colour: str, *, opacity: float = 1.0) -> str:
    return (
        f'<circle cx="12" cy="12" r="{radius}" fill="none" stroke="{colour}" stroke-opacity="{opacity}"'
        f' stroke-width="{width}"/>'
    )


def _tracking(bold: float) -> str:
    return _svg(_disc(TEAL), _line("M4.4 12.6 H8 L10.2 7 L13.6 17 L15.6 12.6 H19.6", 1.7 * bold))


def _idle(bold: float) -> str:
    return _svg(_disc(GREY), _line("M5.6 12 H18.4", 1.8 * bold))


def _paused(bold: float) -> str:
    return _svg(_disc(AMBER), _line("M9.2 8 V16 M14.8 8 V16", 2.3 * bold))


def _private(bold: float) -> str:
    lashes = "M5.4 10.4 Q12 17.6 18.6 10.4 M12 14 V17.4 M7.6 12.6 L5.9 15.4 M16.4 12.6 L18.1 15.4"
    return _svg(_disc(VIOLET), _line(lashes, 1.6 * bold))


def _attention(bold: float) -> str:
    return _svg(_disc(RED), _line("M12 6.4 V13", 2.1 * bold), _dot(12, 17.2, 1.25 * bold))


def _starting(bold: float) -> str:
    ring = (
        f'<circle cx="12" cy="12" r="{11.2 - bold}" fill="none" stroke="{TEAL}" stroke-width="{2 * bold}"/>'
    )
    return _svg(ring, *(_dot(x, 12, 1.35 * bold, TEAL) for x in (7, 12, 17)))


def _focus(step: int) -> Callable[[float], str]:
    """A ring that empties clockwise: `step` + 1 of `FOCUS_STEPS` parts are left."""

    def drawn(bold: float) -> str:
        width = 2.9 * bold
        radius = 11.4 - width / 2
        left = (step + 1) / FOCUS_STEPS
        angle = 2 * math.pi * (1 - left)
        x, y = 12 + radius * math.sin(angle), 12 - radius * math.cos(angle)
        track = _ring(radius, width, GREY, opacity=0.45)
        arc = f"M{x:.3f} {y:.3f} A{radius} {radius} 0 {int(left > 0.5)} 1 12 {12 - radius}"
        part = f'<path d="{arc}" fill="none" stroke="{BLUE}" stroke-width="{width}"/>'
        ring = _ring(radius, width, BLUE) if left >= 1 else part
        return _svg(track, ring, _dot(12, 12, 4.1, BLUE))

    return drawn


SYMBOLS: Mapping[str, Callable[[float], str]] = {
    "tracking": _tracking,
    "idle": _idle,
    "paused": _paused,
    "private": _private,
    "attention": _attention,
    "starting": _starting,
    **{f"focus-{step:02}": _focus(step) for step in range(FOCUS_STEPS)},
}


def painted(svg: str, size: int) -> QImage:
    """The drawing as a transparent image of `size` × `size` pixels."""
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return image


def _boldness(size: int) -> float:
    """Small symbols need thicker lines, or they turn to grey."""
    return 1.25 if size <= 16 else 1.12 if size <= 24 else 1.0


def _saved(image: QImage, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # 0 is the strongest compression of Qt's PNG writer; nothing is lost.
    if not image.save(str(path), "PNG", 0):
        raise SystemExit(f"{path} could not be written.")


def draw(folder: Path) -> None:
    """Write every icon below `folder`."""
    application = (ICONS / "devpulse.svg").read_text(encoding="utf-8")
    for size in APPLICATION_SIZES:
        _saved(painted(application, size), folder / f"devpulse-{size}.png")
    for name, symbol in SYMBOLS.items():
        for size in TRAY_SIZES:
            _saved(painted(symbol(_boldness(size)), size), folder / "tray" / f"{name}-{size}.png")


def sheet(folder: Path) -> QImage:
    """All of them on panels, from white to black."""
    grounds = ("#ffffff", "#ececec", "#8c8c8c", "#3b3f45", "#1e1e22")
    row = sum(TRAY_SIZES[:4]) + 8 * 5 + 64
    image = QImage(row * len(grounds), 72 * (len(SYMBOLS) + 1) + 150, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    for column, ground in enumerate(grounds):
        left = column * row
        painter.fillRect(left, 0, row, image.height(), QColor(ground))
        for line, name in enumerate([*SYMBOLS, ""]):
            x = left + 8
            for size in (16, 22, 24, 32, 64):
                file = folder / "tray" / f"{name}-{size}.png" if name else folder / f"devpulse-{size}.png"
                painter.drawImage(QPoint(x, 72 * line + (72 - size) // 2), QImage(str(file)))
                x += size + 8
        painter.drawImage(QPoint(left + 20, image.height() - 140), QImage(str(folder / "devpulse-128.png")))
    painter.end()
    return image


def main() -> None:
    """Draw; with `--sheet FILE` also the contact sheet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sheet", type=Path, help="a PNG of all icons on light and dark panels")
    given = parser.parse_args()
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = QGuiApplication(sys.argv[:1])
    draw(ICONS)
    if given.sheet:
        _saved(sheet(ICONS), given.sheet)
    application.quit()


if __name__ == "__main__":
    main()
