"""The networks of a render on the command line: where they lie, and when they are loaded."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cli.options import Device

if TYPE_CHECKING:
    from pipeline.catalogue.located import LocatedNetworks
    from pipeline.catalogue.stamps import Stamps
    from pipeline.networks.bundle import Networks
    from pipeline.run.digest import Fingerprints
    from pipeline.spec.plan import Plan
    from pipeline.spec.platform import Platform

_log = logging.getLogger(__name__)


class Memory(StrEnum):
    """How much memory of the device a render may take."""

    NORMAL = "normal"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Loading:
    """Sets of networks by name, the device to load them on, and how much of its memory."""

    sets: Mapping[str, LocatedNetworks]
    device: Device
    memory: Memory
    any_platform: bool = False
    """Whether frames may go on from those that were computed on something else."""
    accept_lifeless: bool = False
    """Whether frames that come out flat or frozen are taken as they are."""
    deterministic: bool = False
    """Whether a graphics card shall give the same bits every time."""
    stamps: Stamps = field(default_factory=dict)
    """What the system said of the files of the networks before their sums were taken."""

    def platform(self) -> Platform:
        """What the networks compute on, which is told first to do so as it shall."""
        from pipeline.networks.deterministic import compute_exactly
        from pipeline.networks.devices import pick_device
        from pipeline.networks.platform import platform_of

        device = pick_device(self.device)
        if self.deterministic:
            compute_exactly(device)
        return platform_of(device)

    def load(self) -> dict[str, Networks]:
        """The sets of networks, in memory; ModelError if a file is not what it was."""
        from pipeline.catalogue.stamps import check_unchanged
        from pipeline.networks.devices import pick_device, pick_dtype
        from pipeline.networks.load import load_networks

        device, low = pick_device(self.device), self.memory is Memory.LOW
        loaded = {}
        for name, one in self.sets.items():
            dtype = pick_dtype(one.precision, device)
            _log.debug("the networks run on %s, in %s", device, dtype)
            loaded[name] = load_networks(one, device, dtype, low_memory=low)
        check_unchanged(self.stamps, self.sets.values())
        return loaded


@dataclass(frozen=True, slots=True)
class Machine:
    """Where published weights lie, what networks run on, and how much of its memory they take.

    With `any_platform` frames may go on from those that were computed on something else; with
    `accept_lifeless` those that come out flat or frozen are taken as they are. A graphics card that
    is `deterministic` gives the same bits every time.
    """

    device: Device
    memory: Memory
    models_dir: Path | None
    any_platform: bool = False
    accept_lifeless: bool = False
    deterministic: bool = False

    def loading(self, plan: Plan) -> tuple[Loading, Mapping[str, Fingerprints]]:
        """The networks of `plan`, to be loaded, and the fingerprints of their files by set."""
        from pipeline.catalogue.locate import locate_all
        from pipeline.catalogue.network_fingerprints import fingerprints
        from pipeline.catalogue.stamps import stamps
        from pipeline.catalogue.store import find_store
        from pipeline.cli.frame_depths import check_depth

        if plan.for_two_eyes:
            # Now, and not after the last frame.
            check_depth(plan.reliefs, self.models_dir)
        store = find_store(self.models_dir)
        sets = locate_all(plan, store)
        before = stamps(sets.values())
        prints = {name: fingerprints(one, store) for name, one in sets.items()}
        loading = Loading(
            sets,
            self.device,
            self.memory,
            self.any_platform,
            self.accept_lifeless,
            self.deterministic,
            before,
        )
        return loading, prints
