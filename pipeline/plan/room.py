"""How much room on the disk a render takes, before anything is rendered.

The figures are means of renders by the starter at 96 x 64; what another network paints compresses
better or worse by a third or so.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

from pipeline.scene.output import VideoFile
from pipeline.scene.schema import Scene
from pipeline.scene.shots import Shot

FRAME = 2.0
"""Bytes a pixel of a frame's PNG: 1.7 to 2.1."""
WARPED = 8.0
"""Bytes a pixel of the noise that a frame leaves for the next, where it moves with the picture."""
REMEMBERED = 3.0
"""Bytes a pixel of what a camera with a memory leaves: 1.2 at rest to 5 where all is new."""
ENLARGED = 0.75
"""Bytes a pixel of a frame's enlargement, which is smooth."""
_VIDEO: Mapping[str, float] = {"ProRes": 0.45, "PNG": ENLARGED, "GIF": 0.3, "WebP": 0.2}
"""Bytes a pixel of a video's frame, by codec."""
_COMPRESSED = 0.05


def room(scene: Scene) -> int:
    """The bytes that a render of `scene` takes, with its videos."""
    outputs = scene.outputs or (scene.output,)
    shown = scene.frame_count * sum(_video(scene, one) for one in outputs)
    return round(sum(_painted(scene, shot) for shot in scene.all_shots) + shown + _clip(scene))


def _clip(scene: Scene) -> float:
    """Bytes of the frames that are decoded of a clip, once for all renders of its size."""
    clip = scene.video.input
    if clip is None:
        return 0.0
    frames = {clip.frame(one, scene.video.fps) for one in range(scene.frame_count)}
    return FRAME * len(frames) * prod(scene.video.size)


def _painted(scene: Scene, shot: Shot) -> float:
    """Bytes of a shot's frames, and of what lies beside them."""
    settings = shot.settings
    each = FRAME
    if scene.video.n_batches is None:
        each += WARPED * (settings.sampler.noise == "warped")
        each += REMEMBERED * (settings.camera.memory == "shot")
    each += FRAME * len(scene.output.intermediate_saves.of(settings.sampler.steps))
    return shot.painted * each * prod(scene.video.size)


def _video(scene: Scene, output: VideoFile) -> float:
    """Bytes of a frame in a video, and of the enlarged frame that it is made of."""
    size = output.video_size(scene.video.size)
    kept = ENLARGED if size != scene.video.size else 0.0
    return prod(size) * (kept + _VIDEO.get(output.format.codec, _COMPRESSED))
