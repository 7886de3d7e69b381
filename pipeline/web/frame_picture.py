"""The picture of one frame of a video, from the frames that a render has painted so far."""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import Error
from pipeline.files.picture_header import PictureError
from pipeline.files.png import decode_png, encode_png
from pipeline.output.composition import compose
from pipeline.run.directory import RunDirectory
from pipeline.spec.plan import Plan
from pipeline.spec.timeline import AT_REST, shown_frames


def frame_picture(folder: Path, plan: Plan, frame: int) -> bytes | None:
    """Frame `frame` of the video of `plan` as a PNG file; None unless all of it is painted.

    What is there may be of the scene before an edit, even of another size: it is shown as it is.
    """
    place = RunDirectory(folder)
    layers = next(
        (shown for number, shown in enumerate(shown_frames(plan.all_shots)) if number == frame), ()
    )
    try:
        files = [place.frame(one.id).read_bytes() for one in layers]
        if len(files) == 1 and layers[0].offset == AT_REST:
            return files[0]
        seen = [
            (decode_png(data), one.weight, one.offset)
            for data, one in zip(files, layers, strict=True)
        ]
        return encode_png(compose(seen)) if seen else None
    except (OSError, Error, PictureError, ValueError):
        return None
