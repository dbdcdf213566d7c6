"""The account's root keys: one for each epoch, and which counts now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from app.sync.crypto.derivation import KEY_BYTES
from app.sync.crypto.refusals import Unexpected, UnknownEpoch
from app.sync.crypto.secret import Random, Secret

FIRST_EPOCH = 1


@dataclass(frozen=True, slots=True)
class RootKey:
    """The root key of one epoch."""

    epoch: int
    key: Secret


@dataclass(frozen=True, slots=True)
class RootKeys:
    """`epoch` is the one that seals; older ones only open."""

    epoch: int
    keys: Mapping[int, Secret]

    def __post_init__(self) -> None:
        if self.epoch not in self.keys or max(self.keys) != self.epoch or min(self.keys) < FIRST_EPOCH:
            raise ValueError("the current epoch is the latest there is")

    @classmethod
    def first(cls, random: Random) -> Self:
        """A new account's."""
        return cls(FIRST_EPOCH, {FIRST_EPOCH: Secret.random(KEY_BYTES, random)})

    @classmethod
    def of(cls, root: RootKey) -> Self:
        """What a wrap gives: the current one only."""
        return cls(root.epoch, {root.epoch: root.key})

    @property
    def current(self) -> RootKey:
        """The root key that seals."""
        return RootKey(self.epoch, self.keys[self.epoch])

    @property
    def complete(self) -> bool:
        """Whether every epoch's key is here. If not, open the keyring object."""
        return len(self.keys) == self.epoch - FIRST_EPOCH + 1

    def key(self, epoch: int) -> Secret:
        """The root key of an epoch. Raises `UnknownEpoch`."""
        try:
            return self.keys[epoch]
        except KeyError:
            raise UnknownEpoch(epoch) from None

    def rotated(self, random: Random) -> Self:
        """With a new root key: the next epoch."""
        epoch = self.epoch + 1
        return type(self)(epoch, {**self.keys, epoch: Secret.random(KEY_BYTES, random)})

    def joined(self, others: Self) -> Self:
        """These and the others. Raises `Unexpected` where both have an epoch's key, and not the same."""
        for epoch in self.keys.keys() & others.keys.keys():
            if self.keys[epoch] != others.keys[epoch]:
                raise Unexpected("a root key that differs from the one this machine has")
        return type(self)(max(self.epoch, others.epoch), {**others.keys, **self.keys})
