"""The file of an animatic: its pictures with the sound of the scene in place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from pipeline.errors import Error
from pipeline.files.sound_length import stated_seconds
from pipeline.output.animatic import Animatic
from pipeline.output.encoding import Pictures
from pipeline.output.ffmpeg import Reel, known_format, write_video
from pipeline.spec.plan import OutputSpec, Plan
from pipeline.spec.video_formats import SUFFIXES, numbered_pictures


def write_animatic(
    animatic: Animatic,
    target: Path,
    progress: Callable[[int], None] = lambda frames_done: None,
) -> Path:
    """Write the animatic into the file `target`; what it was stays until all of it is there.

    `progress` gets the number of frames done. Raises what `write_video` raises, and Error for a
    name that is none of a video.
    """
    plan, part = animatic.plan, animatic.panel.part
    kind = known_format(target.name)
    if kind.most_fps is not None and plan.fps > kind.most_fps:
        raise Error(
            f"{target} cannot show {float(plan.fps):g} frames a second, only {kind.most_fps}; "
            "name an .mp4 file"
        )
    pictures = Pictures(animatic.pictures(), len(part), animatic.size)
    reel = Reel(pictures, plan.fps, f"{plan.title} (preview)", "discoreel preview")
    return write_video(reel, _output(plan, part, target.name), target.parent, progress)


def check_target(target: Path) -> Path:
    """The file of an animatic itself; Error unless it can be called so."""
    if target.suffix.lower() not in SUFFIXES or numbered_pictures(target.name):
        raise Error(
            f"{target}: a preview is a video; name a file that ends in {', '.join(SUFFIXES)}"
        )
    return target


def _output(plan: Plan, part: range, name: str) -> OutputSpec:
    """A draft of the plan's output: its sound where the part begins, quickly encoded."""
    first, scene = part.start == 0, plan.output
    start = scene.soundtrack_start + float(part.start / plan.fps)
    frames = sum(shot.length for shot in plan.all_shots)
    return replace(
        OutputSpec(file=name, crf=20, preset="veryfast"),
        soundtrack=_heard(scene.soundtrack, start),
        soundtrack_start=start,
        fade_in=scene.fade_in if first else 0.0,
        fade_out=scene.fade_out if part.stop == frames else 0.0,
    )


def _heard(song: str | None, start: float) -> str | None:
    """The song, unless it is over before a part that begins at its second `start`."""
    if song is None or start <= 0:
        return song
    length = stated_seconds(Path(song))
    return None if length is not None and start >= length else song
