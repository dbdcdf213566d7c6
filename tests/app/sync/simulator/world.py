"""One run of the simulator: everything in it follows from the seed."""

from __future__ import annotations

import random
import shutil
from dataclasses import dataclass
from pathlib import Path

from app.sync.account.member import Member
from app.sync.crypto import device_list, signing
from app.sync.crypto.device_keys import DeviceKeys
from app.sync.crypto.device_list import BEGINNING, Login, Mark
from app.sync.crypto.root_keys import RootKeys
from app.sync.crypto.secret import Secret
from app.sync.wire.accounts import Kdf, SignedStatement
from tests.app.sync.simulator.machine import HOUR_MS, NOW, Machine, Network
from tests.app.sync.simulator.vault import ATTACKS, Malice, Vault


@dataclass
class World:
    """Machines of one account around one service. `attack`: what the service does at times, if anything."""

    seed: int
    attack: str | None
    machines: list[Machine]
    vault: Vault
    random: random.Random
    attacked: int = 0
    restored: bool = False
    done: int = 0

    def run(self, steps: int) -> None:
        """Some steps of work, edits, syncs and faults, in an order of the seed's."""
        kept = self.vault.backup()
        for step in range(steps):
            machine = self.random.choice(self.machines)
            what = self.random.random()
            if what < 0.3:
                for _ in range(self.random.randrange(1, 4)):
                    machine.work(self.random.randrange(2_000), f"title {step}", self.random)
            elif what < 0.42:
                machine.color_project(self.random)
            elif what < 0.48:
                machine.add_project(f"project {self.seed} {step} {machine.number}")
            elif what < 0.52:
                machine.add_category(f"category {self.seed} {step} {machine.number}")
            elif what < 0.56:
                machine.drift_ms = self.random.choice((0, -9 * 24, -1, 1, 20)) * HOUR_MS
            elif what < 0.60 and self.attack is None:
                kept = self.vault.backup()
            elif what < 0.62 and self.attack is None:
                self.vault.restore(kept)
                self.restored = True
            else:
                self._sync(machine)

    def _sync(self, machine: Machine) -> None:
        if self.random.random() < 0.25:
            machine.fuse.left = self.random.randrange(8)
        attacked = self.attack is not None and self.random.random() < 0.5
        if attacked:
            assert self.attack is not None
            victim = machine.member.device.device
            # An attack needs something to happen behind the victim's back.
            malice = Malice(self.attack, self.vault, victim, self.random)
            other = self.random.choice(self.machines)
            other.work(self.random.randrange(2_000), "behind", self.random)
            other.sync()
            machine.network.malice = malice
            machine.sync()
            machine.network.malice = None
            self.attacked += malice.done
        else:
            machine.sync()
        machine.fuse.left = None

    def settle(self) -> None:
        """The service is honest and the line good: everybody syncs until nobody has anything to say."""
        for machine in self.machines:
            machine.network.lose = 0.0
            machine.drift_ms = 0
            # Life goes on: what was held back shows by the next head.
            machine.work(3_000, "life goes on", self.random)
        for _ in range(12):
            told = [machine.sync() for machine in self.machines]
            if all(tally is not None and not tally.pushed and not tally.pulled for tally in told):
                return
        raise AssertionError(f"seed {self.seed}: they never come to rest: {self.problems()}")

    def problems(self) -> list[str]:
        return [f"{machine.number}: {error!r}" for machine in self.machines for error in machine.problems]

    def noticed(self) -> bool:
        """Whether anybody was alarmed, or refused something."""
        return any(machine.problems or machine.alarm_kinds() - {"restored"} for machine in self.machines)


def make_world(seed: int, template: Path, folder: Path, attack: str | None = None) -> World:
    """Two or three machines that have joined; `template`: an empty database of the present schema."""
    chance = random.Random(f"{seed} {attack}")
    account, login = chance.randbytes(16), Secret(chance.randbytes(32))
    roots = RootKeys.first(chance.randbytes)
    keys = [DeviceKeys.fresh(chance.randbytes(16), chance.randbytes) for _ in range(chance.choice((2, 2, 3)))]
    chain: list[SignedStatement] = []
    mark: Mark = BEGINNING
    for one in keys:
        chain.append(
            device_list.sign_statement(mark, account, "add", one.public, time=NOW, signer=account, seed=login)
        )
        mark = Mark(mark.length + 1, device_list.digest(chain[-1]))
    vault = Vault(chance, chain, page=chance.choice((3, 7, 50)))
    machines: list[Machine] = []
    for number, one in enumerate(keys):
        database = folder / f"{number}.db"
        shutil.copyfile(template, database)
        member = Member(
            "http://127.0.0.1", bytes(16), account, None, one, f"machine {number}", roots,
            (Login(0, signing.public_key(login)),), Kdf("argon2id", bytes(32), 65_536, 3, 4), mark,
        )  # fmt: skip
        network = Network(vault, chance, lose=0.0 if attack else chance.choice((0.0, 0.1, 0.3)))
        machines.append(Machine(number, member, database, network))
    return World(seed, attack, machines, vault, chance)


__all__ = ["ATTACKS", "World", "make_world"]
