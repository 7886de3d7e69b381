"""A frame that is made again with another seed, with all that grows from it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import RunError
from pipeline.plan.grown_from import with_earlier
from pipeline.plan.painted_around import is_picture, painted_around
from pipeline.run.aside import set_aside
from pipeline.run.editing import Editing
from pipeline.run.resume import compare
from pipeline.run.seams import refuse_seams
from pipeline.run.seeds import MAX_SEED, read_seeds, with_seeds, write_seeds
from pipeline.spec.frame import FrameId, FrameSpec, PictureFile
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
    change frames by itself, a picture was painted over and is not adopted, `platform` is not that
    of the frames from which it or a missing one before it grows, or the disk refuses.
    """
    holding = edited.check_holds().holding
    spec = edited.spec(frame)
    if spec.denoise is None:
        raise RunError(_not_painted(edited.plan, spec))
    chosen = _next(edited, spec) if seed is None else seed
    if chosen == spec.seed and frame in edited.journal.records:
        raise RunError(f"frame {frame} was made with seed {chosen}; name another one with --seed")
    own = {one.id: one.seed for one in scene}
    if platform is not None:
        there = {one: edited.journal.records[one] for one in holding}
        missing = {one.id for one in edited.plan} - there.keys()
        rendered = with_earlier([frame], edited.plan, missing | {frame})
        refuse_seams((one for one in edited.plan if one.id in rendered), there, platform)
    seeds = read_seeds(edited.place) | {frame: chosen}
    seeds = {one: value for one, value in seeds.items() if own.get(one) != value}
    digests = edited.digests(with_seeds(scene, seeds))
    stale = compare(edited.place, edited.journal.records, digests).stale
    why = f"frame {frame} is redone with seed {chosen}"
    take = set_aside(edited.place, stale, edited.journal, why)
    write_seeds(edited.place, seeds)
    return Redone(chosen, len(stale), take)


def _not_painted(plan: Plan, spec: FrameSpec) -> str:
    """Why a frame cannot be redone, with the painted ones that can be in its place."""
    if is_picture(spec):
        return (
            f"frame {spec.id} is a picture of yours, {_picture(spec)}, not painted; write another "
            "one in the scene, or redo a painted frame"
        )
    around = painted_around(plan)[spec.id]
    shows_next = spec.between is not None and len(spec.earlier) > 1
    numbers = [around.before, around.after if shows_next else None]
    ids = [FrameId(number, spec.shot) for number in numbers if number is not None]
    anew = {one.id for one in plan if one.denoise is not None}
    named = " or ".join(f"frame {one}" for one in ids if one in anew)
    grown = f": {named}" if named else ""
    return f"frame {spec.id} is only moved, not painted; redo one from which it grows{grown}"


def _picture(spec: FrameSpec) -> str:
    return ", ".join(Path(one.file).name for one in spec.inputs if isinstance(one, PictureFile))


def _next(edited: Editing, spec: FrameSpec) -> int:
    """The seed after the frame's own; its own where it was redone and is not rendered since."""
    pending = spec.id in read_seeds(edited.place) and spec.id not in edited.journal.records
    return spec.seed if pending else (spec.seed + 1) % (MAX_SEED + 1)
