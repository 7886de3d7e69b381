"""The scene that a mistyped name of a file was meant to be."""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path

from keyframes.nearest import LONGEST_WORD, nearest
from keyframes.quoting import visible

_ENDINGS = (".yaml", ".yml")
_MOST_NAMES = 1000
"""Names in the folder that are looked at: a folder of frames has many."""


def near_file(path: Path) -> str:
    """The end of a message about `path`, which is not there: ` (did you mean "night.yaml"?)`.

    Empty when its folder has no scene of a name like that, or cannot be read.
    """
    try:
        with os.scandir(path.parent) as entries:
            names = [one.name for one in islice(entries, _MOST_NAMES)]
    except OSError:
        return ""
    scenes = [name for name in names if name.endswith(_ENDINGS) and len(name) <= LONGEST_WORD]
    hint = nearest(path.name if path.suffix else f"{path.name}.yaml", sorted(scenes))
    return visible(hint)
