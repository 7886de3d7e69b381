"""The size of pictures, fitted to what the models take."""

from __future__ import annotations

from typing import Any

from pipeline.scene.importers.draft import Draft
from pipeline.scene.importers.source import Source

LARGEST = 4096


def put_size(source: Source, draft: Draft, default: tuple[int, int], multiple: int) -> None:
    """Write the width and height, rounded down to what the network takes multiples of."""
    _, pair = source.take(
        "width_height",
        "width_height_for_512x512_models",
        "width_height_for_256x256_models",
    )
    if not (isinstance(pair, list) and len(pair) == 2 and all(map(_is_side, pair))):
        pair = default
    asked = (
        source.whole("width", "W", default=int(pair[0]), low=1, high=100_000),
        source.whole("height", "H", default=int(pair[1]), low=1, high=100_000),
    )
    size = [min(max(side // multiple * multiple, multiple), LARGEST) for side in asked]
    if list(asked) != size:
        draft.slight(
            ("width", "height"),
            f"{asked[0]} x {asked[1]} becomes {size[0]} x {size[1]}, by {multiple}",
        )
    draft.put("video.size", size)


def _is_side(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 1 <= value <= 100_000
