"""A plan as the data of a timeline: what moves, prompts, shots, beats, and where the sound lies.

Convention:
    Places are frames of the video, from 0; a beat may lie between two. A course over all frames is
    packed: base64 of little-endian float32, NaN where there is no number.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from pathlib import Path, PurePath
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from keyframes.named_times import MARK
from pipeline.output.animatic import NARROWEST, draft_size
from pipeline.plan.course import course
from pipeline.plan.marks import beat_frames
from pipeline.plan.prompt_shares import Share, prompt_shares, shot_shares
from pipeline.scene.schema import Scene
from pipeline.spec.frame import MAIN
from pipeline.spec.plan import Plan
from pipeline.spec.timeline import Mark
from pipeline.web.following import stamp_of_file


def timeline(scene: Scene, plan: Plan) -> dict[str, Any]:
    """The timeline of `plan`, made of `scene`, as JSON data.

    Raises:
        ModelError: the configuration of the scene's denoiser is missing.
    """
    drawn = course(plan)
    frames, fps = scene.frame_count, float(plan.fps)
    return {
        "title": plan.title,
        "fps": fps,
        "frames": frames,
        "size": list(plan[0].size),
        "draft": _draft(plan),
        "stills": plan.output.stills,
        "shots": _shots(plan),
        "sections": _marks(plan.marks.sections),
        "bars": _marks(plan.marks.bars),
        "beats": list(beat_frames(scene)),
        "marks": _named(scene, fps, frames),
        "prompts": [_prompt(share) for share in prompt_shares(plan)],
        "shotShares": [_share(share) for share in shot_shares(plan)],
        "painted": packed(drawn.strength),
        "curves": [
            {"name": name, "low": float(np.nanmin(v)), "high": float(np.nanmax(v))}
            | {"values": packed(v)}
            for name, v in drawn.moving.items()
        ],
        "song": _song(plan),
    }


def packed(values: ArrayLike) -> str:
    """A course over the frames as a text."""
    return b64encode(np.asarray(values, dtype="<f4").tobytes()).decode("ascii")


def _draft(plan: Plan) -> dict[str, int]:
    """Width of an animatic of `plan`, and the height of its picture above the panel, in pixels."""
    width, height = draft_size(plan[0].size)
    return {"width": max(width, NARROWEST), "height": height, "picture": width}


def _shots(plan: Plan) -> list[dict[str, Any]]:
    named = [shot for shot in plan.all_shots if shot.name != MAIN]
    return [
        {"name": one.name, "frame": one.first, "length": one.length}
        | {"fade": 0 if one.fade is None else one.fade.frames}
        for one in named
    ]


def _marks(marks: Iterable[Mark]) -> list[dict[str, Any]]:
    return [{"frame": mark.frame, "name": mark.name} for mark in marks]


def _named(scene: Scene, fps: float, frames: int) -> list[dict[str, Any]]:
    """The marks that the author set, those within the video."""
    found = [
        {"frame": float(second) * fps, "name": name.removeprefix(MARK)}
        for name, second in scene.music.timing.names.items()
        if name.startswith(MARK) and 0 <= float(second) * fps <= frames
    ]
    return sorted(found, key=lambda one: float(str(one["frame"])))


def _prompt(share: Share) -> dict[str, Any]:
    words = PurePath(share.name).name if PurePath(share.name).is_absolute() else share.name
    return _share(share) | {"name": words, "away": bool((share.shares < 0).any())}


def _share(share: Share) -> dict[str, Any]:
    name = "" if share.name == MAIN else share.name
    return {"name": name, "shares": packed(np.abs(share.shares))}


def _song(plan: Plan) -> dict[str, Any] | None:
    """The sound, and the second of it on the first frame; None for a silent video.

    Its `stamp` is another one after the file has changed.
    """
    if plan.output.soundtrack is None:
        return None
    file = Path(plan.output.soundtrack)
    stamp = "-".join(map(str, stamp_of_file(file)))
    return {"name": file.name, "start": plan.output.soundtrack_start, "stamp": stamp}
