"""Prompts that a scene writes and its pictures never show, or show only as a fade begins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from keyframes.mistakes import Located
from keyframes.time_words import clock_time
from keyframes.timebase import nearest_frame
from pipeline.scene.schema import Scene


def unseen_prompts(scene: Scene, written: Any) -> Iterator[Located]:
    """What is to be said of times too near the end; `written` is the scene's file."""
    prompts = written["prompts"]
    if not isinstance(prompts, Mapping) or {"text", "image"} & prompts.keys():
        return
    times = {scene.timebase.frame(time): time for time in prompts if time != "blend"}
    keys = zip(scene.prompts.keys, scene.prompts.blends, strict=True)
    for (frame, _), blend in list(keys)[1:]:
        # Where a line of the song begins there is no time that was written.
        message = _unseen(scene, frame, blend) if frame in times else ""
        if message:
            yield Located(("prompts", times[frame]), message, at_key=True)


def _unseen(scene: Scene, frame: float, blend: float) -> str:
    """What is not seen of the prompts that begin at `frame`; empty if all is."""
    last = scene.frame_count - 1
    begins = f"frame {frame:.10g}"
    longer = "a larger video.n_batches"
    if scene.video.n_batches is None:
        begins += f" ({clock_time(frame / float(scene.video.fps))})"
        longer = "a longer video.duration"
    # A cut takes effect on the nearest frame.
    passed = last - (frame if blend >= 1 else nearest_frame(frame))
    if passed < 0 or (blend and not passed):
        verb = "begins to fade in" if blend else "begins"
        return (
            f"this is never shown, as it {verb} at {begins} and the last frame is {last}; write "
            f"an earlier time, or {longer}"
        )
    if passed + 1 < blend:
        return (
            f"this fades in over {blend:.10g} frames from {begins} on, and the last frame comes "
            f"after {passed:.10g} of them: it is seen at {passed / blend:.0%}; write an earlier "
            "time, or a shorter blend"
        )
    return ""
