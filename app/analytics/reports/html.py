"""A report as one HTML file: no script, nothing loaded from elsewhere, fit to print. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from app.analytics.reports.composition import Composed, Section, Table
from app.analytics.reports.drawing import Box, Drawing, Line, Shape, Words

_STYLE = """
:root { color-scheme: light; --ink: #1c2330; --quiet: #5a6372; --rule: #dde1e8; }
* { box-sizing: border-box; }
body { margin: 0; background: #f4f6f9; color: var(--ink);
  font: 14px/1.5 system-ui, "Segoe UI", "Helvetica Neue", "Noto Sans", sans-serif; }
main { max-width: 820px; margin: 32px auto; padding: 48px 56px; background: #fff; border-radius: 12px;
  box-shadow: 0 1px 3px rgb(20 30 50 / .12); }
h1 { margin: 0 0 6px; font-size: 26px; line-height: 1.25; letter-spacing: -.01em; overflow-wrap: anywhere; }
h2 { margin: 0 0 14px; font-size: 17px; }
.meta { margin: 0; color: var(--quiet); overflow-wrap: anywhere; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); gap: 12px;
  margin: 28px 0 8px; padding: 0; list-style: none; }
.figures li { padding: 14px 16px; border: 1px solid var(--rule); border-radius: 8px; }
.figures b { display: block; font-size: 20px; font-weight: 600; font-variant-numeric: tabular-nums; }
.figures span { color: var(--quiet); font-size: 12.5px; }
section { margin-top: 36px; }
.beside { display: grid; grid-template-columns: minmax(0, 5fr) minmax(0, 6fr); gap: 28px;
  align-items: start; }
svg { display: block; width: 100%; height: auto; font-family: inherit; }
svg + svg { margin-top: 8px; }
svg + table { margin-top: 16px; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 13px; }
th, td { padding: 5px 10px 5px 0; border-bottom: 1px solid var(--rule); text-align: start;
  vertical-align: top; }
th:last-child, td:last-child { padding-inline-end: 0; }
section > table tbody th { white-space: nowrap; }
thead th { color: var(--quiet); font-weight: 500; font-size: 12px; }
tbody th { font-weight: 400; overflow-wrap: anywhere; }
tfoot th, tfoot td { border-bottom: 0; font-weight: 600; }
.n { text-align: end; white-space: nowrap; }
.n + .w, th.n + th:not(.n) { padding-inline-start: 12px; }
td.w { color: var(--quiet); overflow-wrap: anywhere; }
footer { margin-top: 40px; padding-top: 12px; border-top: 1px solid var(--rule); color: var(--quiet);
  font-size: 12px; }
@media (max-width: 680px) { main { margin: 0; padding: 24px; border-radius: 0; } .beside { display: block; }
  .beside svg { margin-bottom: 16px; } }
@page { size: A4; margin: 18mm 16mm; }
@media print { body { background: #fff; font-size: 12px; } table { font-size: 11.5px; }
  tfoot { display: table-row-group; } main { margin: 0; padding: 0; max-width: none;
  box-shadow: none; } h2, thead, .figures, svg { break-inside: avoid; } h2 { break-after: avoid; }
  tr { break-inside: avoid; } * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
"""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def as_html(report: Composed) -> str:
    """The whole file."""
    title = escape(report.title)
    meta = "".join(f'<p class="meta"><bdi>{escape(line)}</bdi></p>' for line in report.meta)
    if report.empty:
        body = "<section><p>Nothing was recorded in this time.</p></section>"
    else:
        figures = "".join(
            f"<li><b>{escape(f.value)}</b><span>{escape(f.meaning)}</span></li>" for f in report.figures
        )
        sections = "".join(_section(section) for section in report.sections)
        body = f'<ul class="figures" aria-label="Summary">{figures}</ul>{sections}'
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f"<title>{title}</title><style>{_STYLE}</style></head>\n<body><main>"
        f"<header><h1><bdi>{title}</bdi></h1>{meta}</header>\n{body}\n"
        f"<footer>{escape(report.note)}</footer></main></body></html>\n"
    )


def _section(section: Section) -> str:
    drawings = "".join(as_svg(drawing) for drawing in section.drawings)
    content = f"{drawings}{_table(section.table, section.heading)}"
    if section.beside:
        content = f'<div class="beside"><div>{drawings}</div>{_table(section.table, section.heading)}</div>'
    return f"\n<section><h2>{escape(section.heading)}</h2>{content}</section>"


def _table(table: Table, name: str) -> str:
    head = "".join(_cell("th", n, text, table, ' scope="col"') for n, text in enumerate(table.headings))
    rows = "".join(f"<tr>{_row(row, table)}</tr>" for row in table.rows)
    foot = f"<tfoot><tr>{_row(table.sums, table)}</tr></tfoot>" if table.sums else ""
    body = f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>{foot}"
    return f'<table aria-label="{escape(name)}">{body}</table>'


def _row(cells: tuple[str, ...], table: Table) -> str:
    first = f'<th scope="row"><bdi>{escape(cells[0])}</bdi></th>'
    return first + "".join(_cell("td", n, text, table) for n, text in enumerate(cells) if n)


def _cell(tag: str, column: int, text: str, table: Table, more: str = "") -> str:
    kind = ' class="n"' if column in table.numbers else ' class="w" dir="ltr"' if tag == "td" else ""
    return f"<{tag}{kind}{more}>{escape(text)}</{tag}>"


def as_svg(drawing: Drawing) -> str:
    """A drawing as inline SVG, with its title and description for those who cannot see it."""
    shapes = "".join(_shapes(drawing.shapes))
    return (
        f'<svg viewBox="0 0 {drawing.width:g} {drawing.height:g}" role="img" '
        f'aria-label="{escape(drawing.title)}"><title>{escape(drawing.title)}</title>'
        f"<desc>{escape(drawing.description)}</desc>{shapes}</svg>"
    )


def _shapes(shapes: tuple[Shape, ...]) -> Iterator[str]:
    for shape in shapes:
        if isinstance(shape, Box):
            yield _box(shape)
        elif isinstance(shape, Line):
            yield (
                f'<line x1="{shape.x1:.1f}" y1="{shape.y1:.1f}" x2="{shape.x2:.1f}" y2="{shape.y2:.1f}" '
                f'stroke="{shape.color}"/>'
            )
        else:
            yield _words(shape)


def _box(box: Box) -> str:
    title = f"<title>{escape(box.title)}</title>" if box.title else ""
    radius = f' rx="{box.radius:g}"' if box.radius else ""
    return (
        f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}"{radius} '
        f'fill="{escape(box.fill)}">{title}</rect>'
    )


def _words(words: Words) -> str:
    weight = ' font-weight="600"' if words.bold else ""
    return (
        f'<text x="{words.x:.1f}" y="{words.y:.1f}" font-size="{words.size:g}" fill="{words.color}" '
        f'text-anchor="{words.anchor}"{weight}>{escape(words.text)}</text>'
    )
