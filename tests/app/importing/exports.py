"""Files as other trackers write them, made from plain lists; the shapes follow the trackers' own code."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from random import Random

T0 = 1_772_442_000_000  # Monday 2026-03-02 09:00 UTC


def stamp(ms, style="python"):
    """As aw-core writes a time (isoformat), or as chrono does (aw-server-rust)."""
    moment = datetime.fromtimestamp(ms / 1000, UTC)
    if style == "rust":
        return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{ms % 1000:03d}Z"
    return moment.isoformat()


def event(start_s, seconds, data, style="python", number=None):
    told = {"timestamp": stamp(T0 + round(start_s * 1000), style), "duration": seconds, "data": data}
    return {"id": number, **told} if style == "rust" else told


def bucket(name, kind, client, events, host="desk", style="python"):
    """(seconds from T0, length, data) as a bucket; the Python server's keys are sorted, the newest first."""
    listed = [event(s, d, data, style, n) for n, (s, d, data) in enumerate(events)]
    if style == "rust":
        return {
            "id": name, "type": kind, "client": client, "hostname": host, "created": stamp(T0, style),
            "data": {}, "metadata": {"start": None, "end": None}, "events": listed, "last_updated": None,
        }  # fmt: skip
    return {
        "client": client, "created": stamp(T0), "data": {}, "events": list(reversed(listed)),
        "hostname": host, "id": name, "last_updated": stamp(T0), "name": None, "type": kind,
    }  # fmt: skip


def windows(events, **options):
    return bucket("aw-watcher-window_desk", "currentwindow", "aw-watcher-window",
                  [(s, d, {"app": a, "title": t}) for s, d, a, t in events], **options)  # fmt: skip


def afk(events, **options):
    return bucket("aw-watcher-afk_desk", "afkstatus", "aw-watcher-afk",
                  [(s, d, {"status": status}) for s, d, status in events], **options)  # fmt: skip


def web(events, browser="firefox", host="unknown", **options):
    data = [
        (s, d, {"url": u, "title": t, "audible": False, "incognito": i, "tabCount": 3})
        for s, d, u, t, i in events
    ]
    return bucket(f"aw-watcher-web-{browser}", "web.tab.current", "aw-client-web", data, host=host, **options)


def editor(events, client="aw-watcher-vscode", **options):
    data = [
        (s, d, {"language": lang, "project": project, "file": file, "branch": branch})
        for s, d, project, file, lang, branch in events
    ]
    return bucket(f"{client}_desk", "app.editor.activity", client, data, **options)


def export(*buckets):
    """What `/api/0/export` gives."""
    return json.dumps({"buckets": {b["id"]: b for b in buckets}}).encode()


def heartbeat(seconds, entity, project="app", branch="main", language="Python", kind="file", **more):
    return {
        "branch": branch, "category": "coding", "created_at": "2026-03-02T09:00:01Z", "cursorpos": None,
        "dependencies": [], "entity": entity, "id": "0bff3974", "is_write": False, "language": language,
        "lineno": None, "lines": 120, "machine_name_id": "3f1c2f6e", "project": project,
        "time": T0 / 1000 + seconds, "type": kind, "user_agent_id": "9d2b1f60", "user_id": "71580bdd", **more,
    }  # fmt: skip


USER = {"id": "71580bdd", "username": "ada", "timezone": "Europe/Berlin"}


def dump(*days):
    """A data dump; each day: {"date": …, "heartbeats": […]} or {"date": …, "projects": […]}."""
    return json.dumps(
        {"user": USER, "range": {"start": 1772000000, "end": 1772500000}, "days": list(days)}
    ).encode()


def total(name, seconds, **more):
    return {
        "name": name, "total_seconds": seconds, "digital": "0:03:24", "hours": 0, "minutes": 3, "seconds": 24,
        "percent": 100.0, "text": "3 mins", **more,
    }  # fmt: skip


def project_sum(name, seconds, entities=(), editors=("VS Code",), branches=("main",), languages=("Python",)):
    return {
        "name": name,
        "grand_total": {"total_seconds": seconds, "digital": "1:00", "text": "1 hr"},
        "entities": [total(path, s, type="file") for path, s in entities],
        "editors": [total(e, seconds) for e in editors],
        "branches": [total(b, seconds) for b in branches],
        "languages": [total(lang, seconds) for lang in languages],
        "operating_systems": [total("Linux", seconds)],
    }


def write_large(path, events, seed=1):
    """An export of a busy time: windows, absence, pages and files, about `events` in all; piece by piece."""
    random = Random(seed)
    programs = ["Code", "firefox", "Alacritty", "Slack", "Google-chrome", "org.gnome.Nautilus"]
    count = events * 3 // 4 - events // 40
    # Some windows come back all day, most seldom: a tenth of all events shows one never seen before.
    shown = [int(events // 10 * random.random() ** 2) for _ in range(count)]

    def window(number):
        return {"app": programs[number % 6], "title": f"window {number} of {programs[number % 6]}"}

    def page(number):
        return {
            "url": f"https://example.org/{number}", "title": f"page {number}", "audible": False,
            "incognito": False, "tabCount": 4,
        }  # fmt: skip

    def file(number):
        folder = f"/work/project{number % 13}"
        path = f"{folder}/src/module_{number}.py"
        return {"language": "python", "project": folder, "file": path, "branch": "main"}

    def of(program, data):
        return ((n, data(number)) for n, number in enumerate(shown) if number % 6 == program)

    away = ((n, {"status": "not-afk" if n % 160 else "afk"}) for n in range(0, count, 40))
    buckets = (
        ("aw-watcher-window_desk", "currentwindow", "aw-watcher-window", 1, enumerate(map(window, shown))),
        ("aw-watcher-afk_desk", "afkstatus", "aw-watcher-afk", 40, away),
        ("aw-watcher-web-firefox", "web.tab.current", "aw-client-web", 1, of(1, page)),
        ("aw-watcher-vscode_desk", "app.editor.activity", "aw-watcher-vscode", 1, of(0, file)),
    )
    with path.open("w", encoding="utf-8") as out:
        out.write('{"buckets": {')
        for number, (name, kind, client, long, listed) in enumerate(buckets):
            head = {"id": name, "created": stamp(T0), "type": kind, "client": client, "hostname": "desk"}
            out.write(", " if number else "")
            out.write(f'{json.dumps(name)}: {json.dumps(head)[:-1]}, "events": [')
            for place, (n, data) in enumerate(listed):
                told = event((n - count) * 20.0, long * 20.0, data)
                out.write((", " if place else "") + json.dumps(told))
            out.write("]}")
        out.write("}}")
