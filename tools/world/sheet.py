"""A contact sheet of the painted world: `python -m tools.world.sheet --out sheet.png`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from tools.world.attributes import ATTRIBUTES, Attributes
from tools.world.captions import caption
from tools.world.dataset import parse_size
from tools.world.editions import EDITIONS, OF_TODAY, SHIPPED, Edition
from tools.world.paint import Painting, paint

_LINE = 12
_LETTER_WIDTH = 4.6
_CAPTION_LINES = 4


def make_sheet(
    paintings: list[Painting], columns: int, edition: Edition = OF_TODAY
) -> NDArray[np.uint8]:
    """The pictures in rows of `columns`, each above one of an edition's captions; RGB."""
    rng = np.random.default_rng(0)
    tiles = [_tile(one, caption(rng, one.attributes, edition)) for one in paintings]
    blank = np.zeros_like(tiles[0])
    tiles += [blank] * (-len(tiles) % columns)
    rows = [np.hstack(tiles[first : first + columns]) for first in range(0, len(tiles), columns)]
    return np.vstack(rows)


def headline_attributes() -> Iterator[Attributes]:
    """A lighthouse over a red sea in a yellow colour scheme, at every hour, again and again."""
    while True:
        for time in ATTRIBUTES["time"]:
            yield Attributes("lighthouse", "sea", time, scheme="yellow", ground_colour="red")


def _tile(painting: Painting, text: str) -> NDArray[np.uint8]:
    width = painting.picture.shape[1]
    strip = np.full((_LINE * _CAPTION_LINES + 6, width, 3), 24, np.uint8)
    for row, line in enumerate(_wrap(text, int(width / _LETTER_WIDTH))[:_CAPTION_LINES]):
        corner = (3, _LINE * (row + 1))
        cv2.putText(strip, line, corner, cv2.FONT_HERSHEY_PLAIN, 0.6, (225,) * 3, 1, cv2.LINE_AA)
    return np.vstack([painting.picture, strip])


def _wrap(text: str, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + 1 + len(word) > width and lines[-1]:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="A contact sheet of the painted world.")
    parser.add_argument("--out", type=Path, required=True, help="picture to write")
    parser.add_argument("--size", type=parse_size, default=(192, 128), help="of one picture")
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--columns", type=int, default=8)
    parser.add_argument("--start-seed", type=int, default=0)
    parser.add_argument("--headline", action="store_true", help="only the headline prompt")
    parser.add_argument("--edition", choices=EDITIONS, default=SHIPPED, help="of the world")
    arguments = parser.parse_args()
    seeds = range(arguments.start_seed, arguments.start_seed + arguments.count)
    given = headline_attributes() if arguments.headline else repeat(None)
    width, height = arguments.size
    edition = EDITIONS[arguments.edition]
    paintings = [
        paint(seed, width, height, wish, edition) for seed, wish in zip(seeds, given, strict=False)
    ]
    sheet = make_sheet(paintings, arguments.columns, edition)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(arguments.out), cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR))


if __name__ == "__main__":
    main()
