"""Several videos of the same frames: what each takes over from `output`, and what has no sound."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from pydantic import ValidationError

from keyframes.mistakes import Located, found
from pipeline.scene.defaults import Data
from pipeline.scene.output import VideoFile
from pipeline.scene.reading.context import Context
from pipeline.scene.reading.problems import Translator, homes_in
from pipeline.scene.schema import Scene
from pipeline.scene.sections import Reading, ShotRead
from pipeline.spec.video_formats import format_of

_OF_A_FORMAT = ("bit_depth", "crf", "preset")
"""Settings that have another meaning, or none, in another format."""
_SIZES = ("size", "scale")
_OF_A_SIZE = (*_SIZES, "fit")
_COMMON = tuple(VideoFile.model_fields)

_UNUSED = (
    "each of the outputs has a name of its own, so that this video is not made; remove it, or "
    "write it among the outputs"
)


MOST_OUTPUTS = 100
"""Videos of one scene."""


def with_common(output: Mapping[Any, Any], own: Mapping[Any, Any]) -> Data:
    """The settings of one of several outputs: its own, and those of `output` that suit them."""
    passed = {name: value for name, value in output.items() if name in _COMMON}
    dropped: tuple[str, ...] = ()
    if _kind(own.get("file", output.get("file"))) != _kind(output.get("file")):
        dropped += _OF_A_FORMAT
    if own.get("upscale") == "none":
        dropped += _OF_A_SIZE
    if any(name in own for name in _SIZES):
        dropped += _SIZES
    return {name: value for name, value in passed.items() if name not in dropped} | dict(own)


def _kind(file: object) -> object:
    return format_of(file) if isinstance(file, str) else None


def _list_mistakes(written: Any) -> Iterator[Located]:
    """What keeps the value of `outputs` from being a list of sections, or their files apart."""
    if not isinstance(written, list) or not written:
        what = "an empty list" if written == [] else found(written)
        yield Located(
            (), f"expected a list of outputs, found {what}; write one as - {{file: video.mp4}}"
        )
        return
    if len(written) > MOST_OUTPUTS:
        yield Located((), f"found {len(written):,} outputs; a scene has {MOST_OUTPUTS} at most")
        return
    for place, item in enumerate(written):
        if not isinstance(item, dict):
            words = f"expected a mapping of settings, found {found(item)}"
            yield Located((place,), f"{words}; allowed keys: {', '.join(_COMMON)}")


def _same_names(outputs: Sequence[VideoFile | None]) -> Iterator[Located]:
    """Outputs that would be written over an earlier one; None stands for one with mistakes."""
    seen: dict[str, int] = {}
    for place, output in enumerate(outputs):
        if output is None:
            continue
        # Some file systems do not tell letters' cases apart.
        key = output.file.split("/")[0].casefold()
        if key in seen:
            message = f'"{output.file}" is output {seen[key] + 1} already; write another file'
            yield Located((place,), message)
        seen.setdefault(key, place)


def read_outputs(
    reading: Reading, data: Mapping[Any, Any], context: Context
) -> tuple[VideoFile, ...]:
    """The outputs that `data`, all settings of a scene, describe; mistakes go to `reading`.

    What an output takes over is as right as it is in `output`, where its mistakes are told.
    """
    if "outputs" not in data:
        return ()
    output, written = data.get("output"), data["outputs"]
    common = output if isinstance(output, Mapping) else {}
    mistakes, made = list(_list_mistakes(written)), []
    if not mistakes:
        made = [
            _read_one(reading, place, own, common, context) for place, own in enumerate(written)
        ]
        mistakes = list(_same_names(made))
        if context.wrote("output", "file") and all("file" in own for own in written):
            reading.note(("output", "file"), _UNUSED)
    for mistake in mistakes:
        reading.note(("outputs", *mistake.path), mistake.message)
    return tuple(one for one in made if one is not None)


def _read_one(
    reading: Reading, place: int, own: Data, common: Mapping[Any, Any], context: Context
) -> VideoFile | None:
    """One output; None, and the mistakes in what is its own noted, if it cannot be made."""
    try:
        return VideoFile.model_validate(with_common(common, own), context=context)
    except ValidationError as error:
        translator = Translator(reading.document, VideoFile, ("outputs", place), _homes())
        reading.problems += translator.problems(error, own)
        return None


_homes = cache(lambda: homes_in(Scene))


def silent_outputs(part: ShotRead) -> Iterator[Located]:
    """What is to be said of a sound for videos that have none."""
    scene = part.scene
    outputs = scene.outputs or (scene.output,)
    if scene.music.file is None or any(one.format.has_sound for one in outputs):
        return
    named = " and ".join(dict.fromkeys(one.format.codec for one in outputs))
    yield Located(
        ("music", "file"),
        f"{named} has no place for sound: the music sets the times and is not heard; add an output "
        "such as {file: video.mp4} under outputs: to hear it",
    )
