"""This machine leaves the account: off the list, its session ended, its keys forgotten. Local data stays."""

from __future__ import annotations

from app.errors import DevPulseError
from app.sync.account.rotating import take_off
from app.sync.account.session import Signed


def sign_out(signed: Signed) -> DevPulseError | None:
    """Forget the account here, whatever the service says; what it could not be told of, as an error.

    The keys are destroyed here, so no new root key is needed.
    """
    failed: DevPulseError | None = None
    try:
        take_off(signed, signed.member.device.public)
    except DevPulseError as error:
        failed = error
    signed.forget()
    return failed
