"""Prompts that a scene writes and its pictures never show, or show only as a fade begins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import floor

from keyframes.mistakes import Located
from keyframes.time_words import clock_time, counted
from keyframes.timebase import nearest_frame
from keyframes.turning import NEAR
from pipeline.scene.sections import ShotRead
from pipeline.spec.frame import MAIN


def unseen_prompts(part: ShotRead) -> Iterator[Located]:
    """What is to be said of times too near the end of a shot that writes prompts of its own."""
    scene, written = part.scene, part.data["prompts"]
    is_keyed = isinstance(written, Mapping) and not {"text", "image"} & written.keys()
    if not is_keyed or not part.wrote("prompts"):
        return
    times = {part.clock.timebase.frame(time): time for time in written if time != "blend"}
    keys = [frame for frame, _ in scene.prompts.keys]
    for place, (frame, blend) in enumerate(zip(keys, scene.prompts.blends, strict=True)):
        # Where a line of the song begins there is no time that was written.
        if frame not in times:
            continue
        message = _unseen(part, frame, blend) if place else ""
        if not message and place + 1 < len(keys):
            message = _covered(part, (frame, keys[place + 1]), scene.prompts.blends[place:])
        if message:
            yield Located(("prompts", times[frame]), message, at_key=True)


def _covered(part: ShotRead, keys: tuple[float, float], blends: Sequence[float]) -> str:
    """Why prompts at the first of two `keys` are never shown, as those at the next are in time.

    `blends` are the lengths of their fades. Empty if some frame shows them.
    """
    frame, following = keys
    first, is_first_key = part.place.first, frame == part.scene.prompts.keys[0][0]
    begins = nearest_frame(frame) if blends[0] < 1 and not is_first_key else frame
    # Where the next fade begins, the picture still follows the set before it.
    last = nearest_frame(following) - 1 if blends[1] < 1 else floor(following)
    words = f"the next prompts begin at frame {round(following, 2):.10g}"
    if last < first:
        return (
            f"this is never shown, as {words} and the first frame of shot {part.outline.name} is "
            f"{first}; write times of the shot, such as shot 2s, or remove it"
            if part.outline.name != MAIN
            else f"this is never shown, as {words}; move the two apart, or remove one"
        )
    if last < begins and blends[0] < 1:
        return f"this is never shown, as {words}, on the same frame; move the two apart"
    return ""


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
    if passed + 1 < blend - NEAR:
        return (
            f"this fades in over {counted(blend, 'frame')} from {begins} on, and the last "
            f"frame{of_shot} comes after {round(passed, 2):g} of them: it is seen at "
            f"{passed / blend:.0%}; write an earlier time, or a shorter blend"
        )
    return ""
