"""Whether a program records from a microphone, as the sound server tells.

Runs in a short-lived process of its own (`hold_probe`), because libpulse would stay in the agent.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol


class _Source(Protocol):  # of what pulsectl tells, what is used here
    index: int
    name: str


class _Output(Protocol):
    source: int
    client: int
    corked: int
    resample_method: str | None
    proplist: Mapping[str, str]


# PulseAudio's "no such index": a stream that belongs to the server itself (a loopback, an echo canceller).
_NOBODY = 0xFFFFFFFF
# A volume control draws the microphone's level; that is no call.
_METERS = frozenset(
    {"org.PulseAudio.pavucontrol", "org.gnome.VolumeControl", "org.gnome.Settings", "org.kde.plasma-pa"}
)


def recorded_from(sources: Iterable[_Source], outputs: Iterable[_Output]) -> bool:
    """Whether one of these streams takes sound from a microphone now."""
    # Recording a monitor is recording what the machine plays.
    microphones = {source.index for source in sources if not source.name.endswith(".monitor")}
    return any(
        output.source in microphones
        and not output.corked
        and output.client != _NOBODY
        and output.resample_method != "peaks"
        and output.proplist.get("application.id") not in _METERS
        for output in outputs
    )


def in_use(*, timeout_s: float) -> bool | None:
    """Ask the sound server; None when there is none, or no library to ask it with."""
    try:
        # By name: it comes without types.
        pulsectl: Any = importlib.import_module("pulsectl")
    except (ImportError, OSError):
        return None
    try:
        with pulsectl.Pulse("devpulse", connect=False) as pulse:
            # Without `autospawn` no server is started for the asking.
            pulse.connect(autospawn=False, timeout=timeout_s)
            sources: Sequence[_Source] = pulse.source_list()
            outputs: Sequence[_Output] = pulse.source_output_list()
            return recorded_from(sources, outputs)
    except (pulsectl.PulseError, TimeoutError):
        return None
