"""What happens where two machines changed the same: the person's choice for each type of thing."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from app.sync.bodies.values import SETTING


class Strategy(StrEnum):
    """`MERGE`: of each field the latest change. `LOCAL_WINS`, `REMOTE_WINS`: this machine's, or the others'.
    `MANUAL`: the latest for now, and the person is asked."""

    MERGE = "merge"
    LOCAL_WINS = "local_wins"
    REMOTE_WINS = "remote_wins"
    MANUAL = "manual"


DEFAULTS: Mapping[str, Strategy] = {SETTING: Strategy.LOCAL_WINS}


def strategy_for(type_: str, chosen: Mapping[str, Strategy]) -> Strategy:
    """What holds for things of a type."""
    return chosen.get(type_, DEFAULTS.get(type_, Strategy.MERGE))
