"""`devpulse conflicts`: where two machines changed the same, what holds, and the person's choice."""

from __future__ import annotations

import argparse
import json
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from app.commands.context import Context
from app.commands.membership import account_command
from app.commands.words import Subparsers, group
from app.errors import UsageError

if TYPE_CHECKING:
    from app.models.store import Store
    from app.sync.state.state import SyncState
    from app.sync.state.values import Conflict

_BOTH = 2


def register(subparsers: Subparsers) -> None:
    """Declare `conflicts` and what it holds."""
    commands = group(subparsers, "conflicts", summary="Where two machines changed the same.")
    parser = account_command(
        commands,
        "list",
        list_,
        summary="List the conflicts, those that want your choice first.",
        data="It only reads.",
    )
    parser.add_argument("--all", action="store_true", help="also those that are settled")
    parser = account_command(
        commands,
        "resolve",
        resolve,
        summary="Choose what holds; on all your machines.",
        secrets='{"merge"}',
        examples=(
            ("conflicts resolve 3f2a --take 0", "the first side"),
            ("conflicts resolve 3f2a --take both", "both, of two focus sessions"),
        ),
        data="What you did not choose stays in the list of conflicts, and `conflicts undo` brings it back.",
    )
    parser.add_argument("id", help="as `conflicts list` shows it; its beginning will do")
    parser.add_argument("--take", choices=("0", "1", "both"), help="which side holds")
    parser = account_command(
        commands,
        "undo",
        undo,
        summary="Take a choice back.",
        data="What held before it holds again.",
    )
    parser.add_argument("id", help="as `conflicts list` shows it; its beginning will do")


def list_(arguments: argparse.Namespace, context: Context) -> int:
    """List them."""
    from app.commands.secrets import given_secrets

    with _state(context, given_secrets(arguments, context)) as (store, state, device):
        found = [one for one in state.conflicts() if arguments.all or arguments.json or one.asks]
        shown = [_shown(store, one, device) for one in found]
        names = _names(store)
    if arguments.json:
        context.say_json({"conflicts": shown, "names": names})
        return 0
    if not shown:
        context.say("There are no conflicts." if arguments.all else "No conflict wants your choice.")
    for one in shown:
        context.say(f"{one['id'][:8]}  {one['type']} {one['name']}: {', '.join(one['fields'])}")
        for number, side in enumerate(one["sides"]):
            mark = "holds" if one["holds"] == number else "     "
            context.say(f"  {number} {mark}  {side['device']}: {_value(side['values'])}")
    return 0


def resolve(arguments: argparse.Namespace, context: Context) -> int:
    """Choose."""
    from app.commands.secrets import given_secrets

    given = given_secrets(arguments, context)
    choice = _choice(arguments, given)
    with _state(context, given) as (_, state, _device):
        conflict = _named(state, arguments.id)
        state.resolve(conflict.uuid, choice)  # type: ignore[arg-type]
    return _told(
        arguments,
        context,
        given,
        conflict.uuid,
        "It holds from now on, on your other machines after their next sync.",
    )


def undo(arguments: argparse.Namespace, context: Context) -> int:
    """Take a choice back."""
    from app.commands.secrets import given_secrets

    given = given_secrets(arguments, context)
    with _state(context, given) as (_, state, _device):
        conflict = _named(state, arguments.id)
        state.undo(conflict.uuid)
    return _told(arguments, context, given, conflict.uuid, "The choice is taken back.")


def _told(
    arguments: argparse.Namespace, context: Context, given: dict[str, str], uuid: str, words: str
) -> int:
    from app.commands.link import reload
    from app.commands.sync import tell_what_waits

    reload(context)
    tell_what_waits(context, given)
    if arguments.json:
        context.say_json({"id": uuid})
    else:
        context.say(words)
    return 0


@contextmanager
def _state(context: Context, given: dict[str, str]) -> Generator[tuple[Store, SyncState, bytes]]:
    from app.commands.membership import home_key, signed_in
    from app.commands.syncing import open_state

    signed = signed_in(context, given)
    with open_state(context, home_key(context, given), signed) as (store, state):
        yield store, state, signed.member.device.device


def _choice(arguments: argparse.Namespace, given: dict[str, str]) -> int | Mapping[str, int]:
    """A side, or which side for each field. Raises `UsageError`."""
    if "merge" in given:
        try:
            found: object = json.loads(given["merge"])
        except ValueError:
            found = None
        fields = cast("dict[str, Any]", found) if isinstance(found, dict) else {}
        if not fields or not all(side in (0, 1) for side in fields.values()):
            raise UsageError('"merge" is an object of fields, each 0 or 1.')
        return {name: int(side) for name, side in fields.items()}
    if arguments.take is None:
        raise UsageError("Which side holds?", advice="`--take 0`, `--take 1`, or `--take both`.")
    return _BOTH if arguments.take == "both" else int(arguments.take)


def _named(state: SyncState, name: str) -> Conflict:
    found = [one for one in state.conflicts() if one.uuid == name or one.uuid.startswith(name)]
    exact = [one for one in found if one.uuid == name] or found
    if len(exact) != 1 or not name:
        raise UsageError(f"There is no one conflict {name!r}.", advice="`devpulse conflicts list --all`")
    return exact[0]


def _shown(store: Store, conflict: Conflict, device: bytes) -> dict[str, Any]:
    devices = [side.device for side in conflict.sides]
    return {
        "id": conflict.uuid,
        "type": conflict.type,
        "of": conflict.of,
        "name": _name_of(conflict),
        "fields": list(conflict.fields),
        "sides": [
            {
                "device_id": side.device.hex(),
                "device": "this machine" if side.device == device else _machine(store, side.device),
                "at_ms": side.at_ms,
                "values": None
                if side.values is None
                else {name: _plain(one) for name, one in side.values.items()},
            }
            for side in conflict.sides
        ],
        "here": devices.index(device) if device in devices else None,
        "holds": conflict.holds,
        "choice": conflict.choice,
        "asks": conflict.asks,
        "at_ms": conflict.at_ms,
    }


def _name_of(conflict: Conflict) -> str:
    for side in conflict.sides:
        name = None if side.values is None else side.values.get("name")
        if isinstance(name, str):
            return name
    return ""


def _names(store: Store) -> dict[str, str]:
    """By uuid, of what the two sides' values may refer to."""
    rows = store.connection.execute("SELECT uuid, name FROM projects UNION SELECT uuid, name FROM categories")
    return {str(uuid): str(name) for uuid, name in rows}


def _machine(store: Store, device: bytes) -> str:
    row = store.connection.execute("SELECT name FROM devices WHERE owner = ?", (device,)).fetchone()
    return f"machine {device.hex()[:8]}" if row is None or not row[0] else str(row[0])


def _plain(value: object) -> Any:
    return value.hex() if isinstance(value, bytes) else value


def _value(values: Mapping[str, Any] | None) -> str:
    return "deleted" if values is None else json.dumps(values, ensure_ascii=False)
