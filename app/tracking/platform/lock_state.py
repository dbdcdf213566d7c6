"""Whether the screen is locked, out of several tellers that each know only a part. Pure."""

from __future__ import annotations


class LockState:
    """Every method returns whether the screen is locked now, by the latest word of anybody.

    - A `Lock` signal *asks* a locker to lock. Many lockers never tell of their end, so `doubt` must be
      called some time after; without anybody's confirmation the screen then counts as unlocked. Idle
      time covers for the rest, where a person not being able to work at all would not be covered.
    - A hint or a screen saver counts when it changes.
    """

    def __init__(self) -> None:
        self.locked: bool = False
        self._hint: bool = False
        self._savers: frozenset[str] = frozenset()

    def lock(self) -> bool:
        """The login manager asked for the lock."""
        self.locked = True
        return self.locked

    def unlock(self) -> bool:
        """The login manager asked for the end of the lock."""
        self.locked = False
        return self.locked

    def hint(self, locked: bool) -> bool:  # noqa: FBT001 - the hint's value
        """The locker told the login manager."""
        if locked != self._hint:
            self._hint = self.locked = locked
        return self.locked

    def saver(self, name: str, active: bool) -> bool:  # noqa: FBT001 - the signal's value
        """The screen saver `name` became active, or not."""
        if active == (name in self._savers):
            return self.locked
        self._savers = self._savers | {name} if active else self._savers - {name}
        if active:
            self.locked = True
        elif not self._savers:
            self.locked = False
        return self.locked

    def doubt(self) -> bool:
        """A while has passed since `lock`."""
        if not self._hint and not self._savers:
            self.locked = False
        return self.locked
