"""What differs between two frames, as the author of their scene would say it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.spec.author_words import author_settings
from pipeline.spec.beginnings import other_beginning
from pipeline.spec.frame import A_PICTURE, FrameSpec
from pipeline.spec.idle import without_idle

LONGEST = 80
"""Characters of a value that is shown; of a longer one it is only said that it changed."""

_USUAL: Mapping[str, Any] = {"weight": 1, "start": 0, "until": 1, "image": False, "shot": None}
"""What need not be written of a prompt or an encoder."""

_KEYS: Mapping[str, str] = {"start": "from", "file": "pictures"}


def change(old: FrameSpec, new: FrameSpec) -> str:
    """The first setting that differs between two specs; "" if none does.

    Reads `camera.zoom was 1.02, is now 1.03`, or `prompts changed` where a value is long. What
    another setting has switched off in both is told if there is nothing else.
    """
    if beginning := other_beginning(old, new):
        return beginning
    before, now = dict(author_settings(old)), dict(author_settings(new))
    names = _different(before, now)
    awake = _different(*(dict(author_settings(without_idle(one))) for one in (old, new)))
    name = next((one for one in names if one in awake), next(iter(names), None))
    if name is None:
        return ""
    was, is_now = (_words(side.get(name)) for side in (before, now))
    if was == is_now or max(len(was), len(is_now)) > LONGEST:
        return f"{name} changed"
    return f"{name} was {was}, is now {is_now}"


def _different(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The names of what is not the same on both sides."""
    return [name for name in {**now, **before} if before.get(name) != now.get(name)]


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
        return _mapping(value)
    return A_PICTURE if value == A_PICTURE else f'"{value}"'


def _mapping(value: Mapping[str, Any]) -> str:
    """The settings of a mapping that need to be written."""
    if value.get("image"):
        value = {"image": value["text"], "weight": value["weight"]}
    written = {k: v for k, v in value.items() if k not in _USUAL or v != _USUAL[k]}
    written = {name: one for name, one in written.items() if one != []}
    if not written:
        return "none"
    if list(written) in (["text"], ["name"], ["frame"]):
        return " ".join(map(_words, written.values()))
    pairs = (f"{_KEYS.get(key, key)}: {_words(inner)}" for key, inner in written.items())
    return f"{{{', '.join(pairs)}}}"


def _is_step(value: object) -> bool:
    """Whether it is a progress of the denoising and the number that holds from there on."""
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(isinstance(number, int | float) for number in value)
    )
