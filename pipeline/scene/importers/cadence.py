"""How often other programs paint a frame: Deforum's and Parseq's cadence, Disco's turbo."""

from __future__ import annotations

from pipeline.scene.importers.draft import Draft
from pipeline.spec.camera import MOST_MOTIONS


def put_cadence(draft: Draft, name: str, every: int, preroll: int = 0) -> None:
    """Write that a frame in `every` is painted, and each one up to `preroll`, if not all are.

    `name` is what the other program calls it.
    """
    if every <= 1:
        return
    kept = min(every, MOST_MOTIONS)
    # Disco goes on with the next frame that its count divides.
    begins = -(-preroll // kept) * kept
    rest = f"{begins - preroll} if frame < {begins} else {kept}" if begins > preroll else f"{kept}"
    rhythm = f"1 if frame < {preroll} else {rest}" if preroll else kept
    draft.put("sampler.every", rhythm, name)
    if kept < every:
        draft.differs(name, f"{every}: at most {MOST_MOTIONS} frames lie between painted ones here")
    draft.slight(
        name,
        f"there each painted frame fades in over {every} frames, and is late; here it is there on "
        "its own frame, as are the last one and those on which prompts change",
    )
