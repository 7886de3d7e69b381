"""Prompts that a scene writes and its pictures never show, or show only as a fade begins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from keyframes.mistakes import Located
from keyframes.time_words import clock_time
from keyframes.timebase import nearest_frame
from pipeline.scene.schema import Scene
from pipeline.scene.sections import ShotRead


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
        message = _unseen(scene, part.place.end - 1, frame, blend) if is_written else ""
        if message:
            yield Located(("prompts", times[frame]), message, at_key=True)


def _unseen(scene: Scene, last: int, frame: float, blend: float) -> str:
    """What is not seen up to frame `last` of prompts that begin at `frame`; empty if all is."""
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
