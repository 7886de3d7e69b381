"""On what the frames of a render were computed, kept beside the journal, which may be lost.

Pictures do not carry it: equal pixels are equal files, whatever computed them.
"""

from __future__ import annotations

import json

from pipeline.files.atomic import write_atomically
from pipeline.files.json_text import read_json
from pipeline.run.directory import RunDirectory
from pipeline.spec.json_form import from_json_data, to_json_data
from pipeline.spec.platform import Platform

_LARGEST = 1 << 20
"""The most bytes of the file that are read."""


def keep_platform(place: RunDirectory, platform: Platform) -> None:
    """Put `platform` down, on the disk when this returns, unless it stands there already.

    Raises OSError if the disk refuses.
    """
    before = platforms(place)
    if platform not in before:
        kept = [to_json_data(one) for one in (*before, platform)]
        write_atomically(place.platforms, json.dumps(kept, indent=1).encode())


def platforms(place: RunDirectory) -> tuple[Platform, ...]:
    """The platforms that were put down, the first first; none if they cannot be read."""
    try:
        with place.platforms.open("rb") as file:
            data = read_json(file.read(_LARGEST))
        return tuple(from_json_data(Platform, one) for one in data)
    except (OSError, ValueError, TypeError):
        return ()


def only_platform(place: RunDirectory) -> Platform | None:
    """The platform of all frames that carry what they are; None if there were several, or none.

    Frames of releases that put no platform down carry nothing.
    """
    there = platforms(place)
    return there[0] if len(there) == 1 else None
