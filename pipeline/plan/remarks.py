"""What a scene says that nothing forbids, and that its author may not have meant."""

from __future__ import annotations

from collections.abc import Iterator

from keyframes.time_words import clock_time
from pipeline.plan.prompt_spans import words_of
from pipeline.scene.schema import Scene


def remarks(scene: Scene) -> Iterator[str]:
    """Sentences for its author to read before the render, in the order of the scene's times."""
    prompts, frames, fps = scene.prompts, scene.frame_count, float(scene.video.fps)
    stills = scene.video.n_batches is not None
    for frame, shown in prompts.keys[1:]:
        place = f'"{words_of(shown)}" at frame {frame:.10g}'
        if not stills:
            place += f" ({clock_time(frame / fps)})"
        passed = frames - 1 - frame
        if passed < 0 or (prompts.blend and not passed):
            yield f"{place} is never shown: the last frame is {frames - 1}"
        elif frame + prompts.blend > frames:
            yield (
                f"{place} fades in over {prompts.blend:.10g} frames, and the last frame comes "
                f"after {passed:.10g} of them: it is seen at {passed / prompts.blend:.0%}"
            )
