"""A new machine by a code: it shows one, a listed machine is told it, the service carries two notes."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID, uuid4

from app.errors import UsageError
from app.sync.account.device_list import add_statement, read_devices
from app.sync.account.keyring_object import read_keyring
from app.sync.account.member import Member
from app.sync.account.member_file import MemberFile
from app.sync.account.session import Signed, ask_challenge, require_same_server, sealed_name, sign_in
from app.sync.crypto import device_list, pairing
from app.sync.crypto.device_keys import DeviceKeys
from app.sync.crypto.device_list import Mark
from app.sync.crypto.pairing import Offer, PairingCode, Welcome
from app.sync.crypto.secret import Random
from app.sync.crypto.wraps import wrap_for_device
from app.sync.link.problems import Refusal
from app.sync.link.service import Service
from app.sync.wire.accounts import Account, PairingContent, PairingOffer
from app.sync.wire.accounts import DeviceList as ShownDevices

Heads = dict[bytes, tuple[int, bytes]]

# The service counts how often somebody without a session asks.
LOOK_EVERY_S = 3.0
CODE_LIVES_S = 600.0


class Newcomer:
    """The new machine's side: it leaves an offer, shows `code` and `words`, and waits for the welcome."""

    def __init__(self, service: Service, random: Random = os.urandom) -> None:
        """Leave an offer. Raises what `Service.tell` does."""
        self._service = service
        self._random = random
        self._keys = DeviceKeys.fresh(uuid4().bytes, random)
        self._code = pairing.fresh_code(random)
        self.code = self._code.text
        self.words = pairing.offer_words(self._keys.public)
        offer = pairing.make_offer(self._keys.public, self._code)
        service.tell("POST", "/v1/pairing", PairingOffer(self._code.place, offer))

    def welcome(self) -> Welcome | None:
        """What a listed machine has answered; None as long as none has. Raises `NotSealedForUs`."""
        try:
            found = self._service.call("GET", f"/v1/pairing/{self._code.place.hex()}/answer", PairingContent)
        except Refusal as refused:
            if refused.problem == "pairing":
                return None
            raise
        return pairing.read_welcome(found.content, self._keys, self._code)

    def join(self, welcome: Welcome, file: MemberFile, label: str, now_ms: Callable[[], int]) -> Signed:
        """Sign in by this machine's own key, which the other machine has listed. Raises `WrongDeviceList`."""
        challenge = ask_challenge(self._service, "sign-in", str(UUID(bytes=welcome.account)))
        now = now_ms()
        session = sign_in(
            self._service,
            challenge,
            self._keys,
            self._keys.signing,
            method="device",
            now_ms=now,
            label=sealed_name(label, self._keys.device, welcome.keyring.roots, welcome.account, self._random),
            random=self._random,
        )
        told = self._service.call("GET", "/v1/account", Account, token=session.access)
        member = Member(
            server=self._service.connection.address.url,
            server_id=challenge.server.bytes,
            account=welcome.account,
            email=told.email,
            device=self._keys,
            label=label,
            roots=welcome.keyring.roots,
            logins=welcome.keyring.logins,
            kdf=told.kdf,
            mark=welcome.anchor,
            secret_key=welcome.secret_key,
            session=session,
        )
        require_same_server(challenge, member)
        signed = Signed(self._service, file, member, now_ms, self._random)
        shown = signed.call("GET", "/v1/devices", ShownDevices)
        found = device_list.read(
            shown.chain, member.account, logins=member.logins, known=welcome.anchor, anchor=welcome.anchor
        )
        found.device(self._keys.device)
        signed.keep(replace(member, mark=found.mark))
        return signed


def read_offer(signed: Signed, text: str) -> tuple[PairingCode, Offer]:
    """What waits under a code that was typed. Raises `Mistyped`, `ServiceRefused` (nothing there)."""
    if signed.member.secret_key is None:
        raise UsageError(
            "This machine does not have the Secret Key, so it cannot hand it on.",
            advice="Set a new password first: `devpulse account password`.",
        )
    code = pairing.read_code(text)
    found = signed.call("GET", f"/v1/pairing/{code.place.hex()}", PairingContent)
    return code, pairing.read_offer(found.content, code)


def accept(signed: Signed, code: PairingCode, offer: Offer, heads: Heads) -> None:
    """Put the new machine on the list, and leave it all it needs. `heads`: the latest that was seen here.

    Only after the person has compared the six words. Raises what `add_statement` does.
    """
    read_devices(signed)
    member = signed.member
    keyring = read_keyring(signed, member.roots, member.logins)

    def wrap(mark: Mark) -> bytes:
        return wrap_for_device(
            keyring.roots.current, mark, offer.public, account=member.account, signer=member.device
        )

    found = add_statement(
        signed,
        "add",
        offer.public,
        signer=member.device.device,
        seed=member.device.signing,
        wrap=wrap,
    )
    assert member.secret_key is not None
    welcome = Welcome(member.account, member.server, member.secret_key, keyring, found.mark, heads)
    note = pairing.make_welcome(welcome, offer, code)
    signed.tell("PUT", f"/v1/pairing/{code.place.hex()}/answer", PairingContent(note))
