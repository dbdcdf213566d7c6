"""What was pulled, opened: each envelope must be what it may be here, or nothing of its page is taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.errors import ServiceUntrusted
from app.sync.account.device_list import read_devices
from app.sync.account.keyring_object import joined_logins, read_keyring
from app.sync.account.rotating import fetch_root
from app.sync.account.session import Signed
from app.sync.bodies.codec import decode
from app.sync.crypto.device_list import DeviceList
from app.sync.crypto.envelopes import Expected, Opened, open_envelope
from app.sync.crypto.keyring import open_keyring
from app.sync.crypto.object_ids import ObjectIds
from app.sync.crypto.refusals import MadeByNewer, NotADevice, Unexpected, UnknownEpoch
from app.sync.state.values import Incoming
from app.sync.wire.accounts import DeviceList as ShownDevices
from app.sync.wire.envelope import EnvelopeRefused, Header, Kind, header_of
from app.sync.wire.exchange import Pulled


@dataclass(frozen=True, slots=True)
class Page:
    """`heads`: those of the page, opened, not judged. `newer`: objects only a newer DevPulse can read."""

    incoming: tuple[Incoming, ...]
    heads: tuple[Opened, ...]
    newer: int = 0


class Reader:
    """Opens pages for one member; fetches keys and the device list where the page is ahead of them.

    `shown`: the machines as the service told them, once the list has been read.
    """

    def __init__(self, signed: Signed) -> None:
        self._signed = signed
        self._devices: DeviceList | None = None
        self.shown: ShownDevices | None = None
        self._ids: ObjectIds | None = None

    @property
    def ids(self) -> ObjectIds:
        """The account's names of objects; the keyring is read for them where the first key is missing."""
        if self._ids is None:
            if not self._signed.member.roots.complete:
                self._learn_keyring()
            self._ids = self._signed.member.ids
        return self._ids

    @property
    def devices(self) -> DeviceList:
        """The device list, read once a run, and again when an envelope is by nobody on it."""
        if self._devices is None:
            self._devices, self.shown = read_devices(self._signed)
        return self._devices

    def look_again(self) -> None:
        """Read the device list anew at its next use."""
        self._devices = None

    def read(self, pulled: Sequence[Pulled], after: int) -> Page:
        """Open a page. `after`: the sequence that was asked from.

        Raises `Refused` (forged, altered, not expected), `ServiceUntrusted`; then nothing of it may be taken.
        """
        last = after
        outsides: list[tuple[int, Header, bytes]] = []
        for one in pulled:
            if one.sequence <= last:
                raise ServiceUntrusted(
                    "The service's page is out of order.", detail="Nothing of it was taken."
                )
            last = one.sequence
            outsides.append((one.sequence, _outside(one.envelope), one.envelope))
        for _, header, envelope in outsides:
            if header.kind is Kind.KEYRING:
                self._take_keyring(header, envelope)
        return self._read(outsides)

    def _read(self, outsides: Sequence[tuple[int, Header, bytes]]) -> Page:
        incoming: list[Incoming] = []
        heads: list[Opened] = []
        newer = 0
        for sequence, header, envelope in outsides:
            if header.kind in (Kind.KEYRING, Kind.WRAP):
                continue
            opened = self._open(header, envelope)
            if header.kind is Kind.HEAD:
                heads.append(opened)
                continue
            body = None
            try:
                body = decode(opened, self.ids)
            except MadeByNewer:
                newer += 1
            incoming.append(
                Incoming(
                    header.kind, header.object, header.version, opened.digest, header.device, sequence, body
                )
            )
        return Page(tuple(incoming), tuple(heads), newer)

    def _open(self, header: Header, envelope: bytes) -> Opened:
        self._require_listed(header)
        object_ = self.ids.head(header.device) if header.kind is Kind.HEAD else None
        expected = Expected(header.kind, object_, devices=frozenset(self.devices.devices))
        member = self._signed.member
        try:
            return open_envelope(envelope, expected, roots=member.roots, account=member.account)
        except UnknownEpoch:
            self._learn_roots(header.epoch)
            member = self._signed.member
            return open_envelope(envelope, expected, roots=member.roots, account=member.account)

    def _require_listed(self, header: Header) -> None:
        """Raise `NotADevice` for an envelope by nobody who was ever on the list."""
        if header.device in self.devices.devices:
            return
        self._devices = None
        if header.device not in self.devices.devices:
            raise NotADevice

    def _learn_roots(self, epoch: int) -> None:
        if epoch > self._signed.member.roots.epoch:
            fetch_root(self._signed)
        if epoch not in self._signed.member.roots.keys:
            self._learn_keyring()

    def _learn_keyring(self) -> None:
        member = self._signed.member
        keyring = read_keyring(self._signed, member.roots, member.logins)
        self._keep(keyring.roots, keyring.logins)

    def _take_keyring(self, header: Header, envelope: bytes) -> None:
        self._require_listed(header)
        if header.epoch > self._signed.member.roots.epoch:
            fetch_root(self._signed)
        member = self._signed.member
        keyring = open_keyring(envelope, member.roots, account=member.account)
        self._keep(keyring.roots, joined_logins(keyring.logins, member.logins))

    def _keep(self, roots: object, logins: object) -> None:
        member = self._signed.member
        changed = replace(member, roots=roots, logins=logins)  # type: ignore[arg-type]
        if changed != member:
            self._signed.keep(changed)


def _outside(envelope: bytes) -> Header:
    try:
        return header_of(envelope)
    except EnvelopeRefused as refused:
        raise Unexpected(f"no envelope ({refused})") from None
