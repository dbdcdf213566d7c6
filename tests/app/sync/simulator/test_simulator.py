"""Hundreds of lives of an account, each from its seed: all converge, nothing is lost, cheating shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.models.migrate import migrate
from app.paths import Paths
from app.sync import heads
from tests.app.sync.simulator.world import ATTACKS, World, make_world

STEPS = 12


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template")
    paths = Paths.discover({"DEVPULSE_HOME": str(folder / "home")})
    migrate(paths, resources_dir=folder / "none")
    return paths.database


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    # In memory where that is: hundreds of small databases would wait for the disk.
    import shutil
    import tempfile

    memory = Path("/dev/shm")
    made = Path(tempfile.mkdtemp(dir=memory if memory.is_dir() else None, prefix="dp-sim-"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


def live(seed: int, template: Path, folder: Path, attack: str | None = None, steps: int = STEPS) -> World:
    world = make_world(seed, template, folder, attack)
    world.run(steps)
    world.settle()
    return world


def require_one_truth(world: World) -> None:
    """All machines show the same, and all that was ever recorded or made is in it."""
    first = world.machines[0]
    spans, things = first.spans(), first.things()
    for machine in world.machines[1:]:
        assert machine.spans() == spans, f"seed {world.seed} {world.attack}"
        assert machine.things() == things, f"seed {world.seed} {world.attack}"
    recorded = {start for machine in world.machines for start in machine.added}
    assert {start for start, *_ in spans} == recorded, f"seed {world.seed} {world.attack}: an edit is lost"
    assert all(machine.sound() for machine in world.machines), f"seed {world.seed}: rollups"


def honest(seed: int, template: Path, folder: Path) -> None:
    print(f"seed {seed}")
    world = live(seed, template, folder)
    require_one_truth(world)
    assert not world.noticed(), f"seed {seed}: alarmed without a reason: {world.problems()}"


@pytest.mark.parametrize("lot", range(10))
def test_honest_service_bad_network_and_kills(lot: int, template: Path, folder: Path) -> None:
    for seed in range(lot * 11, lot * 11 + 11):
        part = folder / str(seed)
        part.mkdir()
        honest(seed, template, part)


@pytest.mark.parametrize("attack", ATTACKS)
def test_every_attack_is_noticed_or_harmless(attack: str, template: Path, folder: Path) -> None:
    attacked = 0
    for seed in range(6):
        print(f"seed {seed} {attack}")
        part = folder / str(seed)
        part.mkdir()
        world = live(seed, template, part, attack, steps=10)
        require_one_truth(world)
        attacked += world.attacked
    assert attacked, "the attack never took place"


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("lot", range(20))
def test_two_thousand_lives(lot: int, template: Path, folder: Path) -> None:
    for seed in range(1_000 + lot * 100, 1_000 + lot * 100 + 100):
        part = folder / str(seed)
        part.mkdir()
        if seed % 2:
            honest(seed, template, part)
        else:
            attack = ATTACKS[seed // 2 % len(ATTACKS)]
            print(f"seed {seed} {attack}")
            require_one_truth(live(seed, template, part, attack))
        for file in part.iterdir():
            file.unlink()


def test_without_the_checks_of_heads_what_is_held_back_stays_unknown(
    template: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heads, "check", lambda *_: [])
    apart = 0
    for seed in range(6):
        part = folder / str(seed)
        part.mkdir()
        world = live(seed, template, part, "withhold-all", steps=10)
        try:
            require_one_truth(world)
        except AssertionError:
            apart += 1
            assert not any(machine.alarm_kinds() for machine in world.machines)
    assert apart
