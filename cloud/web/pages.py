"""The pages' HTML: plain, readable without style, every text escaped by `html`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape

from litestar import MediaType, Response

from cloud.settings import Settings


@dataclass(frozen=True, slots=True)
class Line:
    """One device or session: what it is, since when, and the form that ends it (none where it cannot)."""

    title: str
    detail: str
    action: str
    button: str


def page(
    settings: Settings, title: str, body: str, *, returns_to: str = "", status: int = 200
) -> Response[str]:
    """A whole page under a policy that lets it load its stylesheet and send its forms, and nothing else.

    `returns_to` is a loopback address a form of this page ends at, which browsers check as well.
    """
    port = returns_to.split("/")[2] if returns_to else ""
    forms = f"'self' http://{port}" if port else "'self'"
    policy = (
        f"default-src 'none'; style-src 'self'; form-action {forms}; frame-ancestors 'none'; base-uri 'none'"
    )
    html = (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)} – DevPulse</title>"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="stylesheet" href="/account/style.css"></head>\n'
        f"<body><header><p>DevPulse</p></header><main><h1>{escape(title)}</h1>{body}</main>"
        f"<footer><p>{escape(settings.public_url)}</p></footer></body></html>\n"
    )
    # Under "no-referrer" a browser would send its own forms with the origin "null".
    headers = {"Content-Security-Policy": policy, "Referrer-Policy": "same-origin"}
    return Response(html, media_type=MediaType.HTML, headers=headers, status_code=status)


def notice(settings: Settings, title: str, words: str, status: int = 200) -> Response[str]:
    """A page that only says something."""
    return page(
        settings, title, f'<p>{escape(words)}</p><p><a href="/account">Your account</a></p>', status=status
    )


def _form(action: str, button: str, hidden: str = "", kind: str = "") -> str:
    field = f'<input type="hidden" name="ticket" value="{escape(hidden)}">' if hidden else ""
    return (
        f'<form method="post" action="{escape(action)}">{field}'
        f'<button class="{kind or "plain"}">{escape(button)}</button></form>'
    )


def consent(settings: Settings, vendor: str, returns_to: str, ticket: str) -> Response[str]:
    """The vendor has said who it is; does the person want this very computer signed in?"""
    body = (
        f"<p>{escape(vendor)} has confirmed who you are. DevPulse on this computer asks to be signed in.</p>"
        f"<p>It waits at <code>{escape(returns_to)}</code>. If you did not just start this in DevPulse, "
        "close this page; nothing has happened.</p>"
        + _form("/v1/auth/oauth/consent", "Sign in DevPulse on this computer", ticket, "main")
    )
    return page(settings, "Sign in this computer?", body, returns_to=returns_to)


def landing(settings: Settings, vendors: Sequence[tuple[str, str]]) -> Response[str]:
    """Nobody is signed in."""
    body = "<p>Open this page from DevPulse on one of your computers: Settings, Sync, “Account in the browser”.</p>"
    for name, title in vendors:
        body += _form(f"/account/sign-in/{name}", f"Sign in with {title}", kind="main")
    body += (
        "<p>This service keeps your computers in step. What they keep here is sealed on them: neither this page "
        "nor whoever runs the service can read it.</p>"
    )
    return page(settings, "Your account", body)


def enter(settings: Settings, ticket: str) -> Response[str]:
    """The ticket from the application is spent only by a click, so that no link signs anybody in by itself."""
    body = (
        "<p>DevPulse opened this page. Go on to see your devices and sessions in this browser.</p>"
        + _form("/account/enter", "Open my account here", ticket, "main")
    )
    return page(settings, "Open your account?", body)


def account(
    settings: Settings,
    name: str,
    devices: Iterable[Line],
    sessions: Iterable[Line],
    identities: Iterable[Line],
) -> Response[str]:
    """The account: devices, sessions, sign-in by vendors, and its end."""
    body = (
        f"<p>Signed in as <strong>{escape(name)}</strong>.</p>{_form('/account/sign-out', 'Sign out here')}"
        + _section(
            "Devices", "What your devices are called is sealed; here they go by their first signs.", devices
        )
        + _section(
            "Sessions", "Ending a session signs it out at once. Nothing on that computer is lost.", sessions
        )
        + _section(
            "Sign in with", "Proves who you are; the vault still needs your password or a device.", identities
        )
        + "<section><h2>Delete the account</h2><p>Erases everything this service keeps of you, at once and for "
        "good. What is on your computers stays there.</p>"
        '<form method="post" action="/account/delete"><label for="word">Type <b>delete</b> to confirm</label> '
        '<input id="word" name="word" autocomplete="off" required pattern="delete">'
        '<button class="grave">Delete my account</button></form></section>'
    )
    return page(settings, "Your account", body)


def _section(title: str, words: str, lines: Iterable[Line]) -> str:
    rows = "".join(
        f"<li><div><b>{escape(line.title)}</b><br><small>{escape(line.detail)}</small></div>"
        + (_form(line.action, line.button) if line.action else "")
        + "</li>"
        for line in lines
    )
    shown = f"<ul>{rows}</ul>" if rows else "<p>None.</p>"
    return f"<section><h2>{escape(title)}</h2><p>{escape(words)}</p>{shown}</section>"


def stamp(ms: int) -> str:
    """A time as people of any country read it: 2026-11-27 14:05 UTC."""
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")


STYLE = """
:root { color-scheme: light dark; --ink: #1c2330; --paper: #fbfbfd; --line: #d5d9e2; --main: #2457c5; --grave: #b3261e; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9f0; --paper: #14171d; --line: #343a46; --main: #8fb2ff; --grave: #ff9a91; }
}
body { margin: 0 auto; max-width: 42rem; padding: 1.5rem; font: 1rem/1.55 system-ui, sans-serif;
  color: var(--ink); background: var(--paper); }
header p { font-weight: 700; letter-spacing: .02em; color: var(--main); }
h1 { font-size: 1.6rem; line-height: 1.25; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
ul { list-style: none; padding: 0; }
li { display: flex; gap: 1rem; justify-content: space-between; align-items: center; padding: .7rem 0;
  border-top: 1px solid var(--line); }
code { overflow-wrap: anywhere; } form { margin: .5rem 0; }
input { font: inherit; color: inherit; background: transparent; padding: .45rem .6rem; border-radius: .4rem;
  border: 1px solid var(--line); margin: .4rem .6rem .4rem 0; }
button { font: inherit; padding: .5rem .9rem; border-radius: .4rem; border: 1px solid currentcolor;
  background: transparent; color: var(--ink); cursor: pointer; }
button.main { background: var(--main); border-color: var(--main); color: var(--paper); font-weight: 600; }
li button { white-space: nowrap; }
button.grave { color: var(--grave); }
a { color: var(--main); } :focus-visible { outline: 3px solid var(--main); outline-offset: 2px; }
footer p { margin-top: 3rem; font-size: .85rem; overflow-wrap: anywhere; }
"""
