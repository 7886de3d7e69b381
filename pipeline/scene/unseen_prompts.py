"""Prompts that a scene writes and its pictures never show, or show only as a fade begins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from keyframes.mistakes import Located
from keyframes.time_words import clock_time, counted
from keyframes.timebase import nearest_frame
from pipeline.scene.sections import ShotRead
from pipeline.spec.frame import MAIN


def unseen_prompts(part: ShotRead) -> Iterator[Located]:
    """What is to be said of times too near the end of a shot that writes prompts of its own."""
    scene, written = part.scene, part.data["prompts"]
    is_keyed = isinstance(written, Mapping) and not {"text", "image"} & written.keys()
    if not is_keyed or not part.wrote("prompts"):
        return
    times = {part.clock.timebase.frame(time): time for time in written if time != "blend"}
    keys = zip(scene.prompts.keys, scene.prompts.blends, strict=True)
    for (frame, _), blend in list(keys)[1:]:
        # Where a line of the song begins there is no time that was written.
        is_written = frame in times
        message = _unseen(part, frame, blend) if is_written else ""
        if message:
            yield Located(("prompts", times[frame]), message, at_key=True)


def _unseen(part: ShotRead, frame: float, blend: float) -> str:
    """What a shot does not show of prompts that begin at `frame`; empty if it shows all."""
    video, last = part.scene.video, part.place.end - 1
    begins = f"frame {round(frame, 2):.10g}"
    longer, of_shot = "a larger video.n_batches", ""
    if video.n_batches is None:
        begins += f" ({clock_time(frame / float(video.fps))})"
        longer = "a longer video.duration"
    if part.outline.name != MAIN:
        longer, of_shot = "a later end of the shot", f" of shot {part.outline.name}"
    # A cut takes effect on the nearest frame.
    passed = last - (frame if blend >= 1 else nearest_frame(frame))
    if passed < 0 or (blend and not passed):
        verb = "begins to fade in" if blend else "begins"
        return (
            f"this is never shown, as it {verb} at {begins} and the last frame{of_shot} is "
            f"{last}; write an earlier time, or {longer}"
        )
    if passed + 1 < blend:
        return (
            f"this fades in over {counted(blend, 'frame')} from {begins} on, and the last "
            f"frame{of_shot} comes after {round(passed, 2):g} of them: it is seen at "
            f"{passed / blend:.0%}; write an earlier time, or a shorter blend"
        )
    return ""
