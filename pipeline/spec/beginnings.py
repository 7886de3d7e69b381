"""What a frame begins with, and how that differs between two specs, in words for its author.

What a frame grows from decides which of its other values there are: a difference there comes before
all that follow from it.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.spec.frame import A_CLIP, A_PICTURE, FrameSpec, PictureFile


def other_beginning(old: FrameSpec, new: FrameSpec) -> str:
    """How a frame begins otherwise now, in words; "" if it does not."""
    return _other_painting(old, new) or _other_steps(old, new) or _other_inputs(old, new)


_WHY_MOVED = "sampler.every, skip_steps or strength, or its place in the shot"


def _other_painting(old: FrameSpec, new: FrameSpec) -> str:
    """Whether one of two specs is painted, and not the other."""
    if (old.denoise is None) == (new.denoise is None):
        return ""
    bare = old if old.denoise is None else new
    kind = "only moved" if bare.grows else "a picture of yours"
    was, is_now = (kind, "painted") if bare is old else ("painted", kind)
    cause = _WHY_MOVED if bare.grows else "the start or end of its shot"
    if bare.between is not None:
        cause = "sampler.every, or its place in the shot"
    return f"it was {was}, and is {is_now} now, by {cause}"


def _other_steps(old: FrameSpec, new: FrameSpec) -> str:
    """Whether it is the steps that are skipped, 0 of which let a frame start from noise alone."""
    if old.denoise is None or new.denoise is None or _sources(old) == _sources(new):
        return ""
    if old.frame == 0 and _frames(old) != _frames(new):
        # How its shot is entered decides of both.
        return ""
    before, now = old.denoise.sampler.skip_steps, new.denoise.sampler.skip_steps
    if before == now == 0 and old.inputs and not new.inputs:
        # An earlier release let it: prompts and numbers may be as they were.
        return "sampler.skip_steps is 0, and a frame that skips no step starts from noise alone now"
    if before != now and 0 in (before, now):
        return f"sampler.skip_steps was {before}, is now {now}"
    return ""


def _other_inputs(old: FrameSpec, new: FrameSpec) -> str:
    """Whether a frame is made of others, or of a picture or a clip more or less."""
    if bool(old.clip_frames) != bool(new.clip_frames):
        was, is_now = (A_CLIP if one.clip_frames else "none" for one in (old, new))
        return f"video.input was {was}, is now {is_now}"
    both = old.between is not None and new.between is not None
    if both and old.inputs[0] == new.inputs[0] and len(old.inputs) != len(new.inputs):
        was, is_now = (_next_painted(one) for one in (old, new))
        return f"what it shows of the next painted frame was {was}, is now {is_now}"
    if _frames(old) != _frames(new):
        was, is_now = (_listed(_frames(one)) for one in (old, new))
        return f"the frame that it grows from was {was}, is now {is_now}"
    if _pictures(old) == _pictures(new):
        return ""
    name = "the picture that its shot ends on" if new.grows else "sampler.init_image"
    was, is_now = (A_PICTURE if _pictures(one) else "none" for one in (old, new))
    return f"{name} was {was}, is now {is_now}"


def _next_painted(spec: FrameSpec) -> str:
    return "nothing" if len(spec.inputs) == 1 else f"a share of frame {spec.earlier[1]}"


def _sources(spec: FrameSpec) -> tuple[Sequence[str], int]:
    return _frames(spec), _pictures(spec)


def _frames(spec: FrameSpec) -> list[str]:
    """The frames that it grows from, those of its own shot by their numbers alone."""
    return [str(one.frame if one.shot == spec.shot else one) for one in spec.earlier]


def _pictures(spec: FrameSpec) -> int:
    return sum(isinstance(one, PictureFile) for one in spec.inputs)


def _listed(frames: Sequence[str]) -> str:
    return " and ".join(frames) or "none"
