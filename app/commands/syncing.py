"""Syncing as commands do it: the database beside the account, one run between them, and how it went."""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from app.commands.context import Context
from app.errors import DevPulseError, ServiceAway

if TYPE_CHECKING:
    from app.models.keys import DataKey
    from app.models.store import Store
    from app.sync.account.pairing import Heads as SeenHeads
    from app.sync.account.session import Signed
    from app.sync.outcome import Progress, Standing, Tally
    from app.sync.reading import Reader
    from app.sync.state.state import SyncState

# The file that others read progress from is written at most so often.
_TELL_EVERY_S = 0.3


@contextmanager
def open_state(context: Context, key: DataKey, signed: Signed) -> Generator[tuple[Store, SyncState]]:
    """The database's part in the account. Raises `StorageError`, `KeyUnavailable`."""
    from app.commands.membership import now_ms, settings_of
    from app.commands.storage import open_store
    from app.models.seeds import defaults
    from app.paths import resources
    from app.sync.reading import Reader
    from app.sync.state.state import SyncState
    from app.sync.strategies import strategies_of

    with open_store(context, key.cipher()) as store:
        yield (
            store,
            SyncState(
                store,
                Reader(signed).ids,
                signed.member.device.device,
                lambda: now_ms(context),
                strategies=strategies_of(settings_of(context)),
                defaults=defaults(resources()),
            ),
        )


def begin(context: Context, key: DataKey, signed: Signed, *, heads: SeenHeads | None = None) -> None:
    """From now on changes are noted for the account. `heads`: what the machine that let us in had seen."""
    from app.commands.link import reload
    from app.sync.heads import expect_heads

    with open_state(context, key, signed) as (store, state):
        state.begin(signed.member.account)
        if heads:
            expect_heads(store, heads)
    reload(context)


def end(context: Context, key: DataKey) -> None:
    """Nothing is noted any more; what is recorded stays, also what came from other machines."""
    from app.commands.link import reload
    from app.commands.storage import open_store, recorded
    from app.sync.crypto.object_ids import ObjectIds
    from app.sync.crypto.root_keys import RootKeys
    from app.sync.state.state import SyncState

    if recorded(context):
        with open_store(context, key.cipher()) as store:
            # No object is named any more, so any account's names will do.
            nobody = ObjectIds(RootKeys.first(bytes), bytes(16))
            SyncState(store, nobody, bytes(16), lambda: 0).end(keep_others=True)
    context.paths.sync_state.unlink(missing_ok=True)
    reload(context)


def known_heads(context: Context, key: DataKey) -> SeenHeads:
    """The latest heads this machine has seen, for one that it lets in."""
    from app.commands.storage import open_store
    from app.sync.heads import load_heads

    with open_store(context, key.cipher()) as store:
        return {device: (known.head.sequence, known.digest) for device, known in load_heads(store).items()}


def run_once(
    context: Context,
    key: DataKey,
    signed: Signed,
    tell: Callable[[Progress], None] = lambda _: None,
) -> Tally:
    """One sync, and a word of how it went for whoever asks later. Raises what the engine does."""
    from app.sync.outcome import read_standing, write_standing

    path = context.paths.sync_state
    standing = replace(
        read_standing(path), last_attempt_ms=context.clock.now().wall_ms, progress=None, problem=None
    )
    write_standing(path, standing)
    told = _Teller(context, standing, tell)
    # Hundreds of thousands of small values come and stay: the collector would walk them again and again.
    gc.disable()
    try:
        tally = _run(context, key, signed, told)
    except DevPulseError as error:
        write_standing(path, _failed(told.standing, error))
        _announce(context, {"ok": False, "error": error.as_json()})
        raise
    finally:
        gc.enable()
    now = context.clock.now().wall_ms
    certificate = signed.service.connection.peer_certificate()
    write_standing(
        path,
        replace(
            told.standing,
            last_success_ms=now,
            last=asdict(tally),
            breaker=told.standing.breaker.succeeded(),
            progress=None,
            server_key=None if certificate is None else _pin(certificate),
        ),
    )
    _announce(context, {"ok": True, **asdict(tally)})
    return tally


def _run(context: Context, key: DataKey, signed: Signed, told: _Teller) -> Tally:
    from app.commands.fresh import refresh
    from app.commands.membership import now_ms
    from app.sync.alarms import require_no_alarm
    from app.sync.engine import Engine
    from app.sync.heads import Heads, Leaves
    from app.sync.reading import Reader

    # The open span belongs to it, too.
    refresh(context)
    with open_state(context, key, signed) as (store, state):
        if state.position() is None:
            # Killed between signing in and this.
            state.begin(signed.member.account)
        require_no_alarm(store.connection)
        reader = Reader(signed)
        heads = Heads(store, signed, reader, Leaves(store, state), lambda: now_ms(context))
        position = state.position()
        engine = Engine(signed, state, reader, heads, told, shared_settings(context))
        tally = engine.run()
        _name_machines(signed, reader, state)
        if position is None or not position.ready:
            take_settings(context, store, state)
    if tally.erased:
        _renew_backups(context)
    if tally.records or tally.spans:
        from app.commands.link import reload

        reload(context)
    return tally


def _name_machines(signed: Signed, reader: Reader, state: SyncState) -> None:
    """Call the other machines as they call themselves, where the list was read in this run anyway."""
    from app.sync.account.device_list import names_of

    if reader.shown is not None:
        state.name_devices(names_of(signed.member, reader.shown))


# What is of one machine alone.
_OWN_SETTINGS = ("sync.", "general.start_with_system", "logs.", "memory.", "projects.folders")


def shared_settings(context: Context) -> Mapping[str, Any]:
    """The settings that a new machine of the account starts from."""
    from app.commands.membership import settings_of
    from app.config import SETTINGS

    given = settings_of(context).given
    return {
        name: value
        for name, value in given.items()
        if name in SETTINGS and not name.startswith(_OWN_SETTINGS)
    }


def take_settings(context: Context, store: Store, state: SyncState) -> None:
    """A machine that is new to the account starts with the latest settings of the others, where none is set.

    What is private was decided for what is recorded: such settings only go where nothing was recorded yet.
    """
    from app import config
    from app.errors import InvalidSetting

    own = "SELECT 1 FROM activity_logs WHERE device_id = 1 LIMIT 1"
    recorded = store.connection.execute(own).fetchone() is not None
    before = settings = config.load(context.paths.settings)
    for name, value in state.settings_to_start_with().items():
        private = name.startswith("privacy.") and recorded
        if name in settings.given or private or name.startswith(_OWN_SETTINGS):
            continue
        try:
            settings = settings.with_value(name, value)
        except InvalidSetting:
            continue  # another version's
    if settings != before:
        config.save(context.paths.settings, settings)


def _renew_backups(context: Context) -> None:
    """Something was erased on another machine: it must not live on in backups here."""
    from app.commands.membership import settings_of
    from app.models import backups

    try:
        if backups.discard(context.paths):
            backups.back_up(context.paths, keep=settings_of(context).number("storage.backups_kept"))
    except DevPulseError as error:
        context.warn(f"The backups still hold what was erased elsewhere: {error.title}")


class _Teller:
    """Passes progress on, and now and then writes it where the windows look."""

    def __init__(self, context: Context, standing: Standing, tell: Callable[[Progress], None]) -> None:
        self.standing = standing
        self._path = context.paths.sync_state
        self._tell = tell
        self._told_at = 0.0

    def __call__(self, progress: Progress) -> None:
        from app.sync.outcome import write_standing

        self._tell(progress)
        now = time.monotonic()
        if now - self._told_at >= _TELL_EVERY_S:
            self._told_at = now
            write_standing(self._path, replace(self.standing, progress=progress))


def _failed(standing: Standing, error: DevPulseError) -> Standing:
    """Every failure makes the next try wait; what the service itself asks for counts."""
    asked = error.retry_after_s if isinstance(error, ServiceAway) else None
    breaker = standing.breaker.failed(time.time(), random.random, asked)
    return replace(standing, breaker=breaker, problem=error.as_json(), progress=None)


def _announce(context: Context, told: dict[str, Any]) -> None:
    """Let a running agent, and through it the windows, know."""
    from app.commands.link import ask_if_running

    try:
        ask_if_running(context, "synced", outcome=told)
    except DevPulseError:
        return


def _pin(certificate: bytes) -> str:
    from app.sync.link.trust import key_digest, shown_pin

    return shown_pin(key_digest(certificate))
