"""The Emergency Kit: the one page to print and put away, as data, as text, and as a page without any link."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape


@dataclass(frozen=True, slots=True)
class Wording:
    """What the page says around the values, in English unless a window gives it in the person's language."""

    title: str = "DevPulse Emergency Kit"
    foreword: str = (
        "Print this page, write your password on it by hand if you like, and keep it where you keep papers "
        "that matter. Who has this page and your password, or the recovery words alone, can read everything "
        "you have recorded. Without it nobody can help you, not even the people who run the service."
    )
    steps: tuple[str, ...] = (
        "On a new machine: sign in with your e-mail address or account, your password, and the Secret Key.",
        "If the password is lost: choose “Use recovery words”, type the 24 words, and set a new password.",
        "If you think somebody has seen this page: change the password and make new recovery words.",
    )
    service: str = "Service"
    email: str = "E-mail"
    account: str = "Account"
    secret_key: str = "Secret Key"  # noqa: S105 - what it is called
    made_on: str = "Made on"
    password: str = "Password"  # noqa: S105 - what it is called
    recovery_words: str = "Recovery words"
    when: str = "When you need it"


ENGLISH = Wording()


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
        return self.lines_in(ENGLISH)

    def lines_in(self, wording: Wording) -> tuple[tuple[str, str], ...]:
        """The same, named in other words."""
        found = (
            (wording.service, self.server),
            (wording.email, self.email),
            (wording.account, self.account),
            (wording.secret_key, self.secret_key),
            (wording.made_on, self.made_on),
        )
        return tuple((name, value) for name, value in found if value)

    @property
    def numbered_words(self) -> tuple[str, ...]:
        """`1 abandon`, …"""
        return tuple(f"{number} {word}" for number, word in enumerate(self.words.split(), 1))

    def as_text(self) -> str:
        """For a terminal or a printer without pages."""
        wide = max(len(name) for name, _ in self.lines)
        parts = [
            ENGLISH.title, "", ENGLISH.foreword, "",
            *(f"{name:<{wide}}  {value}" for name, value in self.lines),
        ]  # fmt: skip
        if self.words:
            words = [f"{word:<14}" for word in self.numbered_words]
            rows = ["".join(words[at : at + 4]).rstrip() for at in range(0, len(words), 4)]
            parts += ["", ENGLISH.recovery_words, *rows]
        parts += ["", *(f"• {step}" for step in ENGLISH.steps)]
        return "\n".join([*parts, "", f"{ENGLISH.password}: ______________________________", ""])

    def as_html(self, wording: Wording = ENGLISH) -> str:
        """A whole page: no script, no picture, no link; black on white, one sheet of A4 or Letter.

        Laid out by what a browser and Qt's text documents both know.
        """
        title = escape(wording.title)
        lines = "".join(
            f'<tr><th align="left" width="28%">{escape(name)}</th><td>{escape(value)}</td></tr>'
            for name, value in (*self.lines_in(wording), (wording.password, ""))
        )
        steps = "".join(f"<li>{escape(step)}</li>" for step in wording.steps)
        return (
            "<!DOCTYPE html>\n"
            f'<html><head><meta charset="utf-8"><title>{title}</title>'
            '<meta name="robots" content="noindex"><meta http-equiv="Content-Security-Policy" '
            f"content=\"default-src 'none'; style-src 'unsafe-inline'\"><style>{_STYLE}</style></head>"
            f"<body><h1>{title}</h1><p>{escape(wording.foreword)}</p>"
            f'<table class="lines" width="100%" cellspacing="0" cellpadding="7" border="1">{lines}</table>'
            f"{self._words_in(wording)}<h2>{escape(wording.when)}</h2><ul>{steps}</ul></body></html>\n"
        )

    def _words_in(self, wording: Wording) -> str:
        words = self.words.split()
        if not words:
            return ""
        rows = -(-len(words) // _COLUMNS)
        cells = [f'<td class="n">{n}</td><td>{escape(word)}</td>' for n, word in enumerate(words, 1)]
        lines = "".join(f"<tr>{''.join(cells[row::rows])}</tr>" for row in range(rows))
        return (
            f"<h2>{escape(wording.recovery_words)}</h2>"
            f'<table class="words" width="100%" cellspacing="0" cellpadding="3">{lines}</table>'
        )


_COLUMNS = 4
_STYLE = (
    "@page{margin:18mm}body{font-family:'Inter','Segoe UI','Helvetica Neue','Noto Sans',sans-serif;"
    "font-size:11pt;color:#000000;background:#ffffff;"
    "max-width:170mm;margin:auto}h1{font-size:20pt}h2{font-size:13pt}"
    "table{border-collapse:collapse}th{font-weight:600}td{font-family:monospace;font-size:11pt}"
    "td.n{color:#555555;text-align:right;width:5%}"
)
