"""The depth of finished frames, found where it is not there yet, with its progress.

torch is imported only if it is not.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from pipeline.catalogue.locate import locate
from pipeline.catalogue.network_fingerprints import fingerprints
from pipeline.catalogue.store import ModelStore, find_store
from pipeline.cli.progress import work_through
from pipeline.errors import RunError
from pipeline.files.hashing import bytes_digest
from pipeline.output.depth_maps import DepthFn, DepthMaps
from pipeline.run.carried import known_frames
from pipeline.run.directory import RunDirectory, disk_errors
from pipeline.run.footage import Footage
from pipeline.spec.frame import FrameId
from pipeline.spec.relief import Relief
from pipeline.spec.sources import NetworkSet

if TYPE_CHECKING:
    from pipeline.catalogue.located import LocatedNetworks


def frame_depths(
    footage: Footage, folder: Path, device: str, models_dir: Path | None, console: Console
) -> DepthMaps:
    """The depth of all frames of `footage` in the run's `folder`; what is missing is made first.

    Networks run on `device`, and published ones lie in `models_dir`, or else in the usual place.

    Raises:
        Error: a network is missing, the disk refuses, or an earlier release rendered the frames.
        KeyboardInterrupt: after a word on how many are done.
    """
    place, reliefs = RunDirectory(folder), {one.shot: one for one in footage.reliefs}
    frames = dict.fromkeys(one.id for layers in footage.shown for one in layers)
    if any(frame.shot not in reliefs for frame in frames):
        raise RunError(
            f"{folder} was rendered by an earlier release, which did not put down how its camera "
            "sees depth; render its scene again: no frame is painted anew, and that is put down"
        )
    store = find_store(models_dir)
    with disk_errors("read", folder):
        records = known_frames(place).records
    maps = DepthMaps(
        frames={frame: place.frame(frame) for frame in frames},
        folder=folder,
        reliefs=reliefs,
        prints=_prints(reliefs, store),
        sums={frame: records[frame].sha256 for frame in frames if frame in records},
    )
    if missing := maps.missing():
        asked = dict.fromkeys(frame.shot for frame in missing)
        found = _estimators({shot: reliefs[shot] for shot in asked}, store, device)
        _make(maps, missing, found, console)
    return maps


def check_depth(reliefs: Sequence[Relief], models_dir: Path | None) -> None:
    """Raise ModelError if a network is missing that the depth of frames is asked of."""
    store = find_store(models_dir)
    for relief in reliefs:
        if relief.estimates:
            _located(relief, store)


def _located(relief: Relief, store: ModelStore) -> LocatedNetworks:
    networks = NetworkSet(depth=relief.depth, precision=relief.precision)
    return locate(networks, store, with_depth=True)


def _prints(reliefs: Mapping[str, Relief], store: ModelStore) -> dict[str, str]:
    """A fingerprint of what estimates the depth of each shot's frames; "" where nothing does."""

    @cache
    def found(asked: Relief) -> str:
        prints = sorted(fingerprints(_located(asked, store), store, {"depth"}))
        said = [(one.name, one.what, one.value) for one in prints]
        return bytes_digest(json.dumps(said).encode())

    return {shot: found(_asked(one)) if one.estimates else "" for shot, one in reliefs.items()}


def _asked(relief: Relief) -> Relief:
    """What shots that ask the same networks have in common, whichever lenses they have."""
    return Relief(depth=relief.depth, precision=relief.precision)


def _estimators(
    reliefs: Mapping[str, Relief], store: ModelStore, device: str
) -> dict[str, DepthFn]:
    from pipeline.networks.devices import pick_device, pick_dtype
    from pipeline.networks.load import load_depth_estimators
    from pipeline.render.frame_depth import frame_depth

    gc.enable()
    chosen = pick_device(device)

    @cache
    def loaded(asked: Relief) -> DepthFn:
        located = _located(asked, store)
        dtype = pick_dtype(located.precision, chosen)
        pinhole, disco = load_depth_estimators(located, chosen, dtype)
        return frame_depth({"pinhole": pinhole, "disco": disco}, chosen)

    given = frame_depth({"pinhole": None, "disco": None}, chosen)
    return {shot: loaded(_asked(one)) if one.estimates else given for shot, one in reliefs.items()}


def _make(
    maps: DepthMaps, missing: Sequence[FrameId], depth: Mapping[str, DepthFn], console: Console
) -> None:
    total = len(maps.frames)
    work_through(
        maps.make(missing, depth),
        console,
        total=total,
        done=total - len(missing),
        label="depth",
        halted="frames have their depth",
    )
