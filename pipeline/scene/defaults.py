"""What lies beneath the settings that an author wrote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.scene.reading.paths import as_name, readable

Data = dict[Any, Any]
Defaults = Mapping[str, Mapping[str, object]]
"""Section -> setting -> value."""


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
