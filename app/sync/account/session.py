"""The open session: an access token for each request, renewed in time, begun anew by the device's key.

The next refresh token is on the disk before it is sent for, so a run that is killed in between repeats the
very same request, which the service answers the same.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

import msgspec

from app.errors import NotSignedIn, ServiceUntrusted
from app.sync.account.member import Member, Session
from app.sync.account.member_file import MemberFile
from app.sync.crypto import signing
from app.sync.crypto.device_keys import DeviceKeys
from app.sync.crypto.device_names import UNNAMED, seal_name
from app.sync.crypto.root_keys import RootKeys
from app.sync.crypto.secret import Random, Secret
from app.sync.link.problems import Refusal
from app.sync.link.service import Service
from app.sync.wire.accounts import (
    Action,
    Challenge,
    ChallengeRequest,
    Refresh,
    SignIn,
    Tokens,
)
from app.sync.wire.exchange import Pulled, SyncAnswer, SyncRequest, VersionList

T = TypeVar("T")

TOKEN_BYTES = 32
# A request takes some seconds, and clocks are not the same.
_SPARE_MS = 60_000


def ask_challenge(service: Service, action: Action, login: str) -> Challenge:
    """Something to sign. Raises what `Service.call` does."""
    return service.call("POST", "/v1/auth/challenge", Challenge, ChallengeRequest(action, login))


def sign_in(
    service: Service,
    challenge: Challenge,
    device: DeviceKeys,
    seed: Secret,
    *,
    method: str,
    now_ms: int,
    label: bytes = UNNAMED,
    random: Random = os.urandom,
) -> Session:
    """A session for a device, proven by the key of `seed`. Raises what `Service.call` does."""
    action: Action = "recover" if method == "recovery" else "sign-in"
    message = signing.proof(
        action, challenge.server.bytes, challenge.account.bytes, device.device, challenge.challenge
    )
    refresh = Secret.random(TOKEN_BYTES, random)
    asked = SignIn(
        account=challenge.account,
        device=UUID(bytes=device.device),
        method=method,  # type: ignore[arg-type]
        challenge=challenge.challenge,
        proof=signing.sign(seed, message),
        device_key=device.public.signing_key,
        device_proof=device.sign(message),
        refresh=_digest(refresh),
        device_label=label,
    )
    tokens = service.call("POST", "/v1/auth/token", Tokens, asked)
    return Session(refresh, None, tokens.access_token, now_ms + tokens.expires_in * 1000)


class Signed:
    """Requests of a member, each with a token that counts. `member` is what is known now, and on the disk."""

    def __init__(
        self,
        service: Service,
        file: MemberFile,
        member: Member,
        now_ms: Callable[[], int],
        random: Random = os.urandom,
    ) -> None:
        self.service = service
        self.member = member
        self.now_ms = now_ms
        self.random = random
        self._file = file

    def keep(self, member: Member) -> None:
        """From now on this is what is known of the account."""
        self._file.save(member)
        self.member = member

    def forget(self) -> None:
        """Nobody is signed in here any more."""
        self._file.forget()

    def call(self, method: str, path: str, answer: type[T], message: msgspec.Struct | None = None) -> T:
        """As `Service.call`, as this member."""
        return self._with_token(lambda token: self.service.call(method, path, answer, message, token))

    def tell(self, method: str, path: str, message: msgspec.Struct | None = None) -> None:
        """As `Service.tell`, as this member."""
        self._with_token(lambda token: self.service.tell(method, path, message, token))

    def exchange(self, request: SyncRequest) -> SyncAnswer:
        """As `Service.exchange`, as this member."""
        return self._with_token(lambda token: self.service.exchange(request, token))

    def versions(self, object_: bytes, kind: int) -> VersionList:
        """As `Service.versions`, as this member."""
        name = str(UUID(bytes=object_))
        return self._with_token(lambda token: self.service.versions(name, kind, token))

    @contextmanager
    def snapshot(self, after: int, lineage: bytes) -> Generator[tuple[bytes, Iterator[Pulled]]]:
        """As `Service.snapshot`, as this member."""
        with self.service.snapshot(after, lineage, self.token()) as found:
            yield found

    def token(self) -> str:
        """An access token that is good for another minute. Raises `NotSignedIn`, and what `call` does."""
        session = self.member.session
        if session is not None and session.access and self.now_ms() < session.until_ms - _SPARE_MS:
            return session.access
        return self._renewed().access

    def _with_token(self, ask: Callable[[str], T]) -> T:
        token = self.token()
        try:
            return ask(token)
        except NotSignedIn:
            # The session was ended elsewhere, or the clocks differ: once more with a new one.
            return ask(self._renewed().access)

    def _renewed(self) -> Session:
        session = self.member.session
        if session is not None:
            try:
                return self._refreshed(session)
            except Refusal as refused:
                if refused.status != 401:
                    raise
        return self._begun_anew()

    def _refreshed(self, session: Session) -> Session:
        following = session.following or Secret.random(TOKEN_BYTES, self.random)
        if session.following is None:
            self.keep(replace(self.member, session=replace(session, following=following)))
        digest, next_ = _digest(session.refresh), _digest(following)
        member = self.member
        proof = signing.proof(
            "refresh", member.server_id, member.account, member.device.device, digest + next_
        )
        asked = Refresh(session.refresh.reveal(), next_, member.device.sign(proof))
        tokens = self.service.call("POST", "/v1/auth/refresh", Tokens, asked)
        return self._kept(
            Session(following, None, tokens.access_token, self.now_ms() + tokens.expires_in * 1000)
        )

    def _begun_anew(self) -> Session:
        """A listed device needs no password."""
        member = self.member
        challenge = ask_challenge(self.service, "sign-in", str(UUID(bytes=member.account)))
        require_same_server(challenge, member)
        try:
            session = sign_in(
                self.service,
                challenge,
                member.device,
                member.device.signing,
                method="device",
                now_ms=self.now_ms(),
                label=name_of(member, self.random),
                random=self.random,
            )
        except Refusal as refused:
            if refused.status not in (401, 403):
                raise
            raise NotSignedIn(
                "This machine is no longer signed in.",
                detail="Its session has ended, and the account does not list it any more. Your data stays.",
                advice="`devpulse account sign-in` with your password, your recovery words, or by pairing.",
            ) from None
        return self._kept(session)

    def _kept(self, session: Session) -> Session:
        self.keep(replace(self.member, session=session))
        return session


def require_same_server(challenge: Challenge, member: Member) -> None:
    """Raise `ServiceUntrusted` unless this is the service, and the account, that we know."""
    if challenge.server.bytes != member.server_id or challenge.account.bytes != member.account:
        raise ServiceUntrusted(
            "This is another service than the one you signed in to.",
            detail="Nothing was signed for it.",
            advice="Check the setting sync.server; to use another service, sign out first.",
        )


def name_of(member: Member, random: Random) -> bytes:
    """This machine's name, sealed for the account's machines."""
    return sealed_name(member.label, member.device.device, member.roots, member.account, random)


def sealed_name(label: str, device: bytes, roots: RootKeys, account: bytes, random: Random) -> bytes:
    """A machine's name, sealed for the account's machines."""
    return seal_name(label, device, roots=roots, account=account, random=random)


def _digest(token: Secret) -> bytes:
    return hashlib.sha256(token.view()).digest()
