"""What an edit of a scene does to its frames: which digests, and which pixels, are others.

A scene goes from its text through the real reader, plan, digests and frame loop; only networks are
toys, and a run is kept in memory. The toys go by the sources that a scene names, as networks do, so
that naming another one makes other pictures.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import numpy as np

from pipeline.files.arrays import Arrays
from pipeline.files.png import Pixels
from pipeline.plan.make import make_plan
from pipeline.render.loop import render
from pipeline.run.digest import RECIPE, Fingerprints, chain, frame_fingerprints, pixel_json
from pipeline.run.directory import RunDirectory
from pipeline.run.journal import FrameRecord
from pipeline.run.run import Run
from pipeline.run.unchanged import restated
from pipeline.scene.load import load_scene
from pipeline.spec.frame import FrameId, FrameSpec
from pipeline.spec.plan import Plan
from tests.edits.named_networks import fingerprints_of, networks_of

State = Mapping[str, bytes]
States = Mapping[FrameId, State]
"""What a frame is: its pixels, and each array that it leaves for those that grow from it."""


@dataclass(frozen=True)
class Drawn:
    """The frames of one scene."""

    plan: Plan
    digests: Mapping[FrameId, str]
    prints: Mapping[FrameId, Fingerprints]
    folder: Path
    """The scene's folder."""

    def records(self) -> dict[FrameId, FrameRecord]:
        """What a journal says of the frames, once they are rendered."""
        return {
            spec.id: FrameRecord(
                frame=spec.frame,
                shot=spec.shot,
                recipe=RECIPE,
                digest=self.digests[spec.id],
                sha256="",
                seconds=0.0,
                spec=json.loads(json.dumps(pixel_json(spec))),
                fingerprints=self.prints[spec.id],
            )
            for spec in self.plan
        }

    def states(self) -> States:
        """The frames, rendered."""
        run = _Kept(self.plan, self.prints, RunDirectory(self.folder / "run"))
        networks = {name: networks_of(one) for name, one in self.plan.networks.items()}
        for _ in render(self.plan, cast(Run, run), networks):
            pass
        return {one: run.state(one) for one in run.pictures}


def drawn(file: Path) -> Drawn:
    """The plan of the scene in a file, with the digests of its frames."""
    plan = make_plan(load_scene(file))
    networks = {name: fingerprints_of(one) for name, one in plan.networks.items()}
    prints = frame_fingerprints(plan, networks)
    return Drawn(plan, chain(plan, prints), prints, file.parent)


def write_scene(folder: Path, data: Mapping[str, Any], name: str = "scene.yaml") -> Path:
    """A scene of these settings in a folder."""
    path = folder / name
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


@dataclass(frozen=True)
class Effect:
    """What an edit does to the frames that a scene has before and after it."""

    stale: frozenset[FrameId]
    """Frames that would be rendered again."""
    changed: frozenset[FrameId]
    """Frames whose pixels are others, or what they leave beside them."""


def effect(before: Drawn, states: States, after: Drawn) -> Effect:
    """What an edit does; `states` are those of the frames before it."""
    again = stale(before, after)
    if after.plan.frames == before.plan.frames and not again:
        # A frame is a function of what stands there: there is nothing to look at.
        return Effect(again, frozenset())
    now = after.states()
    both = states.keys() & now.keys()
    return Effect(again, frozenset(one for one in both if states[one] != now[one]))


def stale(before: Drawn, after: Drawn) -> frozenset[FrameId]:
    """The frames that are there before and after an edit, and would be rendered again."""
    records, _ = restated(after.plan, after.prints, before.records(), lambda _, own: own)
    both = records.keys() & after.digests.keys()
    return frozenset(one for one in both if records[one].digest != after.digests[one])


@dataclass
class _Kept:
    """A run in memory, of which nothing is finished yet."""

    plan: Plan
    fingerprints: Mapping[FrameId, Fingerprints]
    place: RunDirectory
    """Where it would lie; what is decoded of clips lies beside that."""
    pictures: dict[FrameId, Pixels] = field(default_factory=dict)
    memories: dict[FrameId, Arrays] = field(default_factory=dict)

    def missing(self, plan: Plan) -> list[FrameSpec]:
        return list(plan.as_they_grow)

    @property
    def frames(self) -> _Kept:
        return self

    def pixels(self, frame: FrameId) -> Pixels:
        return self.pictures[frame]

    def begins(self, frame: FrameId) -> bool:
        return False

    def memory(self, frame: FrameId) -> Arrays:
        return self.memories[frame]

    def save(
        self, spec: FrameSpec, pixels: Pixels, seconds: float, memory: Arrays, precision: str = ""
    ) -> None:
        self.pictures[spec.id], self.memories[spec.id] = pixels, memory

    def show_progress(self, pixels: Pixels) -> None:
        pass

    def save_intermediate(self, spec: FrameSpec, step: int, pixels: Pixels) -> None:
        pass

    def state(self, frame: FrameId) -> State:
        arrays = {name: np.asarray(one).tobytes() for name, one in self.memories[frame].items()}
        return {"pixels": self.pictures[frame].tobytes(), **arrays}
