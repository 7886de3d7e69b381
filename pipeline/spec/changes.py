"""What differs between two frames' specs, in the words of a scene file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

LONGEST = 80
"""Of a value that is shown, in characters; of a longer one it is only said that it changed."""

_NAMES: Mapping[str, str] = {
    "camera.translation[0]": "camera.translate_x",
    "camera.translation[1]": "camera.translate_y",
    "camera.translation[2]": "camera.translate_z",
    "camera.rotation[0]": "camera.rotate_x",
    "camera.rotation[1]": "camera.rotate_y",
    "camera.rotation[2]": "camera.roll",
    "picture.width": "video.size (width)",
    "picture.height": "video.size (height)",
    "previous": "the frame that it grows from",
    "encoders": "models.encoders",
}
"""Where a spec has another name for a setting than a scene."""

_USUAL: Mapping[str, Any] = {"weight": 1, "start": 0, "until": 1, "image": False}
"""What need not be written of a prompt or an encoder."""

_KEYS: Mapping[str, str] = {"start": "from"}

_VECTORS = frozenset({"camera.translation", "camera.rotation"})
_ABSENT = object()


def change(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """The first setting that differs between the JSON data of two specs; "" if none does.

    Reads `camera.zoom was 1.02, is now 1.03`, or `prompts changed` where a value is long.
    """
    before, now = dict(_settings(old)), dict(_settings(new))
    names = (name for name in {**now, **before} if _differ(before, now, name))
    name = next(names, None)
    if name is None:
        return ""
    was, is_now = (_words(side[name]) if name in side else "none" for side in (before, now))
    if was == is_now or max(len(was), len(is_now)) > LONGEST:
        return f"{name} changed"
    return f"{name} was {was}, is now {is_now}"


def _differ(before: Mapping[str, Any], now: Mapping[str, Any], name: str) -> bool:
    return bool(before.get(name, _ABSENT) != now.get(name, _ABSENT))


def _settings(spec: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The settings of all sections, by a scene's names for them."""
    for section, content in spec.items():
        fields = content.items() if isinstance(content, Mapping) else ((None, content),)
        for field, value in fields:
            name = section if field is None else f"{section}.{field}"
            parts = {name: value}
            if name in _VECTORS:
                parts = {f"{name}[{place}]": part for place, part in enumerate(value)}
            for part, setting in parts.items():
                yield _NAMES.get(part, part), setting


def _words(value: object) -> str:
    """A value as a scene file would have it, in one line."""
    if value is None or isinstance(value, bool):
        return {None: "none", True: "true", False: "false"}[value]
    if isinstance(value, int | float):
        return f"{value:.6g}" if isinstance(value, float) else str(value)
    if isinstance(value, list) and value and all(map(_is_step, value)):
        steps = ", ".join(f"{100 * start:.6g}%: {_words(held)}" for start, held in value)
        return _words(value[0][1]) if len(value) == 1 else f"{{{steps}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_words, value))}]"
    if isinstance(value, Mapping):
        written = {k: v for k, v in value.items() if k not in _USUAL or v != _USUAL[k]}
        if list(written) in (["text"], ["name"]):
            return " ".join(map(_words, written.values()))
        pairs = (f"{_KEYS.get(key, key)}: {_words(inner)}" for key, inner in written.items())
        return f"{{{', '.join(pairs)}}}"
    return f'"{value}"'


def _is_step(value: object) -> bool:
    """Whether it is a progress of the denoising and the number that holds from there on."""
    return isinstance(value, list) and len(value) == 2
