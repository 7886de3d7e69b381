"""What differs between two frames' specs, in the words of a scene file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.spec.author_words import author_settings
from pipeline.spec.frame import FrameSpec

LONGEST = 80
"""Characters of a value that is shown; of a longer one it is only said that it changed."""

_USUAL: Mapping[str, Any] = {"weight": 1, "start": 0, "until": 1, "image": False, "shot": None}
"""What need not be written of a prompt or an encoder."""

_KEYS: Mapping[str, str] = {"start": "from"}


def change(old: FrameSpec, new: FrameSpec) -> str:
    """The first setting that differs between two specs; "" if none does.

    Reads `camera.zoom was 1.02, is now 1.03`, or `prompts changed` where a value is long.
    """
    if _is_cut_loose(old, new):
        return "sampler.skip_steps is 0, and a frame that skips no step starts from noise alone now"
    before, now = dict(author_settings(old)), dict(author_settings(new))
    names = (name for name in {**now, **before} if before.get(name) != now.get(name))
    name = next(names, None)
    if name is None:
        return ""
    was, is_now = (_words(side.get(name)) for side in (before, now))
    if was == is_now or max(len(was), len(is_now)) > LONGEST:
        return f"{name} changed"
    return f"{name} was {was}, is now {is_now}"


def _is_cut_loose(old: FrameSpec, new: FrameSpec) -> bool:
    """Whether an earlier release let a frame start from another that skips no step before and now.

    Its prompts and numbers may be as they were: nobody wrote what differs.
    """
    if old.denoise is None or new.denoise is None or new.inputs or not old.inputs:
        return False
    return old.denoise.sampler.skip_steps == 0 == new.denoise.sampler.skip_steps


def settings_of(spec: FrameSpec) -> frozenset[str]:
    """The names of all settings of a spec, as a scene has them."""
    return frozenset(name for name, _ in author_settings(spec))


def _words(value: object) -> str:
    """A value as a scene file would have it, in one line."""
    if value is None or isinstance(value, bool):
        return {None: "none", True: "true", False: "false"}[value]
    if isinstance(value, int | float):
        return f"{value:.6g}" if isinstance(value, float) else str(value)
    if isinstance(value, list) and value and all(map(_is_step, value)):
        steps = ", ".join(f"{100 * start:.6g}%: {_words(held)}" for start, held in value)
        return f"{{{steps}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_words, value))}]"
    if isinstance(value, Mapping):
        written = {k: v for k, v in value.items() if k not in _USUAL or v != _USUAL[k]}
        if list(written) in (["text"], ["name"], ["frame"]):
            return " ".join(map(_words, written.values()))
        pairs = (f"{_KEYS.get(key, key)}: {_words(inner)}" for key, inner in written.items())
        return f"{{{', '.join(pairs)}}}"
    return f'"{value}"'


def _is_step(value: object) -> bool:
    """Whether it is a progress of the denoising and the number that holds from there on."""
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(isinstance(number, int | float) for number in value)
    )
