"""What the cryptography refuses, told to a person. No word of what is sealed is ever in one.

```
Refused
├── NotSealedForUs        another key, or altered on the way
├── Unexpected            sealed by the account, but not what was asked for
├── UnknownEpoch          of a root key this device does not have
├── WrongPassword         password or Secret Key, recovery words
├── Mistyped              a code or words with a slip in it
├── WeakParameters        the service asks for a password hardened too little, or absurdly much
├── WrongDeviceList       the chain of devices is broken, forged, or not the one we know
├── NotADevice            signed by nobody on the list
└── BadBody               opened, but not in the form of this protocol
    └── MadeByNewer       … but perhaps in that of a newer DevPulse
```
"""

from __future__ import annotations

from app.errors import DevPulseError

_UNCHANGED = "Your local data is untouched, and nothing of it was taken over."


class Refused(DevPulseError):
    """Something from the service, or something typed, is not accepted."""


class NotSealedForUs(Refused):
    """This key did not seal it, or it was altered since."""

    def __init__(self) -> None:
        super().__init__(
            "Something from the service does not open with this account's keys.",
            detail=f"It was altered on the way, or is another account's. {_UNCHANGED}",
        )


class Unexpected(Refused):
    """Sealed, but not what was asked for; `what` names the part that differs (never a value)."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"The service gave something other than what was asked for: {what}.",
            detail=_UNCHANGED,
        )
        self.what = what


class UnknownEpoch(Refused):
    """Sealed under a root key that this device does not have (yet)."""

    def __init__(self, epoch: int) -> None:
        super().__init__(
            "The account's keys were changed on another machine, and this one does not have them yet.",
            detail=f"They are of round {epoch}. {_UNCHANGED}",
            advice="Sync again. If it stays so, sign in anew.",
        )
        self.epoch = epoch


class WrongPassword(Refused):
    """The key commitment differs: it is not the password, the Secret Key, or the recovery words."""

    def __init__(self) -> None:
        super().__init__(
            "Password and Secret Key do not fit this account.",
            detail="Nothing was changed.",
            advice="Check both; the Secret Key is in the Emergency Kit. Or use the 24 recovery words.",
        )


class Mistyped(Refused):
    """A code or a list of words that nobody was given; `detail` says where to look."""


class WeakParameters(Refused):
    """How the password is to become a key lies below our floor, above our ceiling, or below what was seen."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            "The service asks for your password to be processed in a way that is not safe; it was not.",
            detail=f"{reason} Nothing was sent.",
            advice="Ask the person who runs the service; somebody may be trying to learn your password.",
        )


class WrongDeviceList(Refused):
    """The account's device list is not what its devices have signed, or not the one this device knows."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            "The service shows a list of machines that the account's own machines have not signed.",
            detail=f"{reason} {_UNCHANGED}",
            advice="Compare the fingerprint words on two of your machines.",
        )
        self.reason = reason


class NotADevice(Refused):
    """Signed by no device that the account's list holds."""

    def __init__(self) -> None:
        super().__init__(
            "Something from the service is not signed by one of this account's machines.",
            detail=_UNCHANGED,
        )


class BadBody(Refused):
    """What was opened does not have the form of this protocol; `reason` names no content."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            "Something from another machine could not be read.",
            detail=f"{reason} {_UNCHANGED}",
            advice="If that machine has a newer DevPulse, bring this one up to date.",
        )
        self.reason = reason


class MadeByNewer(BadBody):
    """A form that only a newer DevPulse knows."""

    def __init__(self) -> None:
        super().__init__("It was written by a newer DevPulse.")
