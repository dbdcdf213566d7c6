"""The Emergency Kit: the one page to print and put away, as data, as text, and as a page without any link."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape

_TITLE = "DevPulse Emergency Kit"
_FOREWORD = (
    "Print this page, write your password on it by hand if you like, and keep it where you keep papers that "
    "matter. Who has this page and your password, or the recovery words alone, can read everything you have "
    "recorded. Without it nobody can help you, not even the people who run the service."
)
_STEPS = (
    "On a new machine: sign in with your e-mail address or account, your password, and the Secret Key.",
    "If the password is lost: choose “Use recovery words”, type the 24 words, and set a new password.",
    "If you think somebody has seen this page: change the password and make new recovery words.",
)


@dataclass(frozen=True, slots=True)
class EmergencyKit:
    """What the page says. `account`: the account's id as text; `words`: the 24, or "" to leave them out."""

    server: str
    account: str
    email: str
    secret_key: str = field(repr=False)
    words: str = field(repr=False)
    made_on: str

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """Name and value of each line, in their order; empty ones left out."""
        found = (
            ("Service", self.server),
            ("E-mail", self.email),
            ("Account", self.account),
            ("Secret Key", self.secret_key),
            ("Made on", self.made_on),
        )
        return tuple((name, value) for name, value in found if value)

    @property
    def numbered_words(self) -> tuple[str, ...]:
        """`1 abandon`, …"""
        return tuple(f"{number} {word}" for number, word in enumerate(self.words.split(), 1))

    def as_text(self) -> str:
        """For a terminal or a printer without pages."""
        wide = max(len(name) for name, _ in self.lines)
        parts = [_TITLE, "", _FOREWORD, "", *(f"{name:<{wide}}  {value}" for name, value in self.lines)]
        if self.words:
            words = [f"{word:<14}" for word in self.numbered_words]
            rows = ["".join(words[at : at + 4]).rstrip() for at in range(0, len(words), 4)]
            parts += ["", "Recovery words", *rows]
        parts += ["", *(f"• {step}" for step in _STEPS), "", "Password: ______________________________", ""]
        return "\n".join(parts)

    def as_html(self) -> str:
        """A whole page: no script, no picture, no link; black on white, one sheet of A4 or Letter."""
        lines = "".join(
            f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in self.lines
        )
        words = "".join(f"<li>{escape(word)}</li>" for word in self.words.split())
        recovery = f"<h2>Recovery words</h2><ol>{words}</ol>" if words else ""
        steps = "".join(f"<li>{escape(step)}</li>" for step in _STEPS)
        return (
            "<!DOCTYPE html>\n"
            f'<html lang="en"><head><meta charset="utf-8"><title>{_TITLE}</title>'
            '<meta name="robots" content="noindex"><meta http-equiv="Content-Security-Policy" '
            f"content=\"default-src 'none'; style-src 'unsafe-inline'\"><style>{_STYLE}</style></head>"
            f"<body><h1>{_TITLE}</h1><p>{escape(_FOREWORD)}</p><table>{lines}"
            '<tr><th>Password</th><td class="by-hand"></td></tr></table>'
            f"{recovery}<h2>When you need it</h2><ul>{steps}</ul></body></html>\n"
        )


_STYLE = (
    "@page{margin:18mm}body{font:11pt/1.45 sans-serif;color:#000;background:#fff;max-width:170mm;margin:auto}"
    "h1{font-size:20pt;margin:8mm 0 4mm}h2{font-size:13pt;margin:7mm 0 2mm}"
    "table{border-collapse:collapse;width:100%;margin:5mm 0}"
    "th,td{border:1px solid #999;padding:2.5mm 3mm;text-align:left}"
    "th{width:28mm;font-weight:600}td{font:12pt monospace;overflow-wrap:anywhere}.by-hand{height:9mm}"
    "ol{columns:4;font:12pt monospace;padding-left:9mm;margin:0}li{break-inside:avoid}"
)
