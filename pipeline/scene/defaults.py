"""What lies beneath the settings that an author wrote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.scene.reading.paths import as_name, readable

Data = dict[Any, Any]
Defaults = Mapping[str, Mapping[str, object]]
"""Section -> setting -> value."""


_OF_NOISE = ("first", "fade")
"""Places whose values in a preset are those of frames that come out of noise."""
_OF_PAINTED = frozenset(
    {("sampler", "cross_fade"), ("camera", "memory"), ("guidance", "keep_sharpness")}
)
"""What a preset says of shots that show nothing but what was painted in them."""


def over_a_clip(preset: Defaults) -> Defaults:
    """What a preset says where frames start from a clip, and none of them out of noise."""
    return {
        section: {
            name: _without_noise(value)
            for name, value in settings.items()
            if (section, name) not in _OF_PAINTED
        }
        for section, settings in preset.items()
    }


def _without_noise(value: object) -> object:
    if isinstance(value, Mapping) and "then" in value:
        return {place: one for place, one in value.items() if place not in _OF_NOISE}
    return value


def is_unprompted(written: Data) -> bool:
    """Whether the author leaves the network without prompt, by a `cfg_scale` of 0."""
    guidance = written.get("guidance")
    return isinstance(guidance, Mapping) and guidance.get("cfg_scale") == 0


def by_clip_alone(preset: Defaults, unprompted: Mapping[str, object]) -> Defaults:
    """What a preset says, with its settings of `guidance` for networks without prompt."""
    return {**preset, "guidance": {**preset.get("guidance", {}), **unprompted}}


def with_defaults(written: Data, stem: str, preset: Defaults) -> Data:
    """What is `written` above the settings of the preset and those that the file's name gives.

    `stem` is the name of the scene file without its ending.
    """
    named: Defaults = {"output": {"file": f"{as_name(stem)}.mp4"}}
    if "video" in written:
        named = {**named, "video": {"title": readable(stem)}}
    data = dict(written)
    for defaults in (preset, named):
        for section, settings in defaults.items():
            above = data.get(section, {})
            if isinstance(above, dict):
                data[section] = {**settings, **above}
    return data
