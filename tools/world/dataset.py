"""Paints a data set: `python -m tools.world.dataset --out DIR --count 300000 --size 96x64`.

Picture i is painted from the seed `start_seed + i`. The folder then holds, in this order of
pictures, `pictures.npy` uint8 `(N, H, W, 3)`, `inverse_depth.npy` uint8 `(N, H, W)` with 255 the
nearest, and `attributes.npy` uint8 `(N, K)`, the first K codes of `attributes.ATTRIBUTES`: 8 in an
edition with styles, else 7.
"""

from __future__ import annotations

import argparse
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
from numpy.lib.format import open_memmap

from tools.world.attributes import encode
from tools.world.editions import EDITIONS, SECOND, SHIPPED
from tools.world.paint import paint


@dataclass(frozen=True, slots=True)
class Order:
    """A data set to paint, and the folder for it."""

    out: Path
    count: int
    width: int
    height: int
    start_seed: int
    chunk: int = 500
    """Number of pictures that a worker paints at a time."""
    edition: str = SHIPPED
    """One of `editions.EDITIONS`."""


def write_dataset(order: Order, workers: int = 1) -> None:
    """Paint the pictures of `order`, in `workers` processes, reporting progress on stderr."""
    order.out.mkdir(parents=True, exist_ok=True)
    for name, shape in _shapes(order).items():
        open_memmap(order.out / name, "w+", dtype=np.uint8, shape=shape).flush()
    begin = time.monotonic()
    # Forking a process whose libraries have threads may lock up the copy.
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        firsts = range(0, order.count, order.chunk)
        for done in pool.map(partial(_paint_chunk, order), firsts):
            rate = done / (time.monotonic() - begin)
            print(f"\r{done} of {order.count}, {rate:.0f} a second", end="", file=sys.stderr)
    print(file=sys.stderr)


def parse_size(text: str) -> tuple[int, int]:
    """Width and height of `96x64`."""
    width, _, height = text.partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise argparse.ArgumentTypeError(f"{text!r} is not a size such as 96x64")
    return int(width), int(height)


def _shapes(order: Order) -> dict[str, tuple[int, ...]]:
    plane = (order.count, order.height, order.width)
    return {
        "pictures.npy": (*plane, 3),
        "inverse_depth.npy": plane,
        "attributes.npy": (order.count, _codes(order)),
    }


def _codes(order: Order) -> int:
    """How many codes a picture has: as many as ever in the first two editions."""
    return max(len(EDITIONS[order.edition].counts), len(SECOND.counts))


def _paint_chunk(order: Order, first: int) -> int:
    """Paint the pictures from `first` on into the files; the index behind the last one."""
    cv2.setNumThreads(1)
    pictures, depths, codes = (open_memmap(order.out / name, "r+") for name in _shapes(order))
    last = min(first + order.chunk, order.count)
    for index in range(first, last):
        seed, edition = order.start_seed + index, EDITIONS[order.edition]
        painting = paint(seed, order.width, order.height, edition=edition)
        pictures[index] = painting.picture
        depths[index] = np.rint(painting.inverse_depth * 255)
        codes[index] = encode(painting.attributes)[: _codes(order)]
    return last


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    parser.add_argument("--count", type=int, required=True, help="number of pictures")
    parser.add_argument("--size", type=parse_size, help="such as 96x64")
    parser.add_argument("--start-seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--edition", choices=EDITIONS, default=SHIPPED, help="of the world")
    arguments = parser.parse_args()
    width, height = arguments.size or EDITIONS[arguments.edition].size
    order = Order(
        arguments.out,
        arguments.count,
        width,
        height,
        arguments.start_seed,
        edition=arguments.edition,
    )
    write_dataset(order, arguments.workers)


if __name__ == "__main__":
    main()
