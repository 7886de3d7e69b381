"""A frame that is made again with another seed, with all that grows from it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import RunError
from pipeline.run.aside import set_aside
from pipeline.run.editing import Editing
from pipeline.run.resume import compare
from pipeline.run.seams import refuse_seams
from pipeline.run.seeds import MAX_SEED, read_seeds, with_seeds, write_seeds
from pipeline.spec.frame import FrameId, FrameSpec
from pipeline.spec.plan import Plan
from pipeline.spec.platform import Platform


@dataclass(frozen=True, slots=True)
class Redone:
    """What is to be rendered again."""

    seed: int
    """The frame's seed from now on."""
    aside: int
    """Finished frames that are put aside, the frame itself and those that grow from it."""
    take: Path | None
    """The take in which they lie; None if none was finished."""


def redo(
    edited: Editing,
    scene: Plan,
    frame: FrameId,
    seed: int | None = None,
    platform: Platform | None = None,
) -> Redone:
    """Let a frame be made again with `seed`, or with the one after its own; others go to a take.

    `scene` is the plan without the seeds of redone frames: its own seed needs no word. `platform`
    is what will compute it, None where any may. Frames go aside before the seed is written:
    whatever ends the process in between, the same call goes on and nothing is lost.

    Raises RunError if the frame is no painted one, `seed` is the one that it has, the scene would
    change frames by itself, `platform` is not that of the frames from which it grows, or the disk
    refuses.
    """
    edited.check_holds()
    spec = edited.spec(frame)
    if spec.denoise is None:
        raise RunError(f"frame {frame} is only moved, not painted; redo one from which it grows")
    chosen = _next(edited, spec) if seed is None else seed
    if chosen == spec.seed and frame in edited.journal.records:
        raise RunError(f"frame {frame} was made with seed {chosen}; name another one with --seed")
    own = {one.id: one.seed for one in scene}
    if platform is not None:
        refuse_seams([spec], edited.journal.records, platform)
    seeds = read_seeds(edited.place) | {frame: chosen}
    seeds = {one: value for one, value in seeds.items() if own.get(one) != value}
    digests = edited.digests(with_seeds(scene, seeds))
    stale = compare(edited.place, edited.journal.records, digests).stale
    why = f"frame {frame} is redone with seed {chosen}"
    take = set_aside(edited.place, stale, edited.journal, why)
    write_seeds(edited.place, seeds)
    return Redone(chosen, len(stale), take)


def _next(edited: Editing, spec: FrameSpec) -> int:
    """The seed after the frame's own; its own where it was redone and is not rendered since."""
    pending = spec.id in read_seeds(edited.place) and spec.id not in edited.journal.records
    return spec.seed if pending else (spec.seed + 1) % (MAX_SEED + 1)
