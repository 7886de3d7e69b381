"""The settings of a frame under the names that a scene has for them.

A spec says in other numbers than an author what is kept of a shot and painted afresh: a share that
each frame is followed by where a scene has so many frames, and one mapping where it has settings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from math import log1p
from typing import Any

from pipeline.spec.frame import FrameSpec
from pipeline.spec.json_form import to_json_data

Named = Iterator[tuple[str, Any]]

_SECTIONS: Mapping[str, str] = {
    "size": "video.size",
    "inputs": "the frame that it grows from",
    "motions": "camera",
    "shares": "the picture that its shot ends on",
    "encoders": "models.encoders",
}
"""Where a section of a spec stands under another name in a scene."""

TURNING = "how far its prompts turn"
LEARNS = "how much of what is kept gives way where new things come into sight"
FORGETS = "how much of the shot its camera forgets"
CROSSING = "the cross-fade of prompts that it is part of"
NOISE_ALONE = "whether it starts from noise alone"
NOISE_SINCE = "the frame at which its noise began"
CLIP_FRAME = "the frame of video.input"
CLIP_BEFORE = "the frame of video.input from which it goes along"
CLIP_STANDS = "where the camera stands before video.input"
ONWARD = "the camera's way on to the next painted frame"
LENS_BEFORE = "the field of view of the picture that moves"
LED = "whether a path leads its camera"
PASSED = "how many frames there are since the one painted before"
MASK_HEARS = "what the formula of guidance.repaint.mask hears"
"""What no scene writes: it follows from the prompts, the song, and a frame's place in its shot."""


def author_settings(spec: FrameSpec) -> Named:
    """The settings of all sections with their values as JSON data, what an author writes first."""
    sections = to_json_data(spec, full=True)
    carry = sections["carry"]
    yield from _over_clip(spec, sections)
    painting = sections.pop("denoise") or {}
    motions = sections.pop("motions")
    # `repaint` changes the camera's edges as well, and its memory what is renewed of the shot.
    seen, renewed = sections.pop("camera"), sections.pop("renewal")
    for motion in motions if len(motions) == 1 else ():
        yield from _section("motions", motion)
    if len(motions) != 1:
        yield "the camera's way", motions
    for name, content in {**sections, **painting, "camera": seen}.items():
        yield from _SPELLED.get(name, partial(_section, name))(content)
    yield FORGETS, renewed
    # What moved the camera is said before where that has brought it.
    if carry is not None:
        yield CLIP_STANDS, (carry["stood"], carry["stands"])


def _over_clip(spec: FrameSpec, sections: dict[str, Any]) -> Named:
    """What a frame has of a clip, which is taken out of its `sections`."""
    carry = sections.pop("carry")
    if carry is not None:
        sections["shares"] = sections["shares"][3:]
        yield "clip.flow_blend", spec.blend
        yield "clip.flow_mask", carry["mask"]
    frames = spec.clip_frames
    sections["inputs"] = [one for one in sections["inputs"] if "clip" not in one]
    for one in frames[-1:]:
        yield CLIP_FRAME, one.index
        yield "video.input.crop", list(one.crop or ()) or None
        yield "video.input.fit", one.fit
    for one in frames[:-1]:
        yield CLIP_BEFORE, one.index


def _section(section: str, content: Any) -> Named:
    name = _SECTIONS.get(section, section)
    if not isinstance(content, Mapping):
        yield name, content
        return
    for setting, value in content.items():
        yield f"{name}.{setting}", value


def _sampler(content: Mapping[str, Any]) -> Named:
    written = dict(content)
    alone, since = written.pop("from_noise"), written.pop("noise_since")
    yield "sampler.noise", "warped" if written["fresh_noise"] < 1 else "not warped"
    yield from _section("sampler", written)
    yield NOISE_ALONE, alone
    yield NOISE_SINCE, since


def _guidance(content: Mapping[str, Any]) -> Named:
    written = dict(content)
    afresh = dict(written.pop("repaint"))
    mask = afresh.pop("mask") or {}
    afresh["prompts"], afresh["mask"] = afresh.pop("everywhere"), mask.get("file", mask.get("text"))
    yield from _section("guidance", written)
    yield from _section("guidance.repaint", afresh)
    yield MASK_HEARS, dict(mask.get("values", ()))


def _keep(content: Mapping[str, Any]) -> Named:
    yield "guidance.hold_memory", _frames(content["follow"])
    if (colour := content["colour"]) is not None:
        yield "guidance.keep_colour", _whose(colour)
        yield "guidance.keep_colour.share", colour["share"]
        yield "guidance.keep_colour.by", colour["by"]
    yield "guidance.keep_sharpness", content["sharpness"]
    yield TURNING, content["let_go"]
    yield LEARNS, content["afresh"]
    yield PASSED, content["frames"]


def _camera(content: Mapping[str, Any]) -> Named:
    written = dict(content)
    taken, led = written.pop("taken"), written.pop("led")
    yield from _section("camera", written)
    yield LENS_BEFORE, taken
    yield LED, led


def _crossing(content: Mapping[str, Any] | None) -> Named:
    yield CROSSING, content


def _between(content: Mapping[str, Any] | None) -> Named:
    if content is not None:
        blended = "blend" if content["share"] else "warp"
        yield "sampler.inbetween", "flow" if content["flow"] else blended
        yield ONWARD, [content["share"], content["onward"], content["camera"]]


def _frames(follow: float) -> Any:
    """The frames in which 63% is gone if each is followed by this share."""
    if follow in (0, 1):
        return "forever" if follow == 0 else 0
    return -1 / log1p(-follow)


def _whose(colour: Mapping[str, Any]) -> Any:
    if colour["file"] is not None:
        return colour["file"]
    return 1 / colour["follow"] if colour["follow"] else "first"


_SPELLED: Mapping[str, Callable[[Any], Named]] = {
    "sampler": _sampler,
    "guidance": _guidance,
    "keep": _keep,
    "crossing": _crossing,
    "between": _between,
    "camera": _camera,
}
