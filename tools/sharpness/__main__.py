"""Measure upscalers: `python -m tools.sharpness --upscaler DIR 144x96 [--upscaler DIR 96x64 ...]`.

Held-out paintings, shrunk to native size and enlarged, stand beside the painter's own pictures of
the size that is looked at: the width of their edges (10 to 90 %), their fine detail, how far they
are from the painting, and what the upscaler adds in flicker when a camera moves the painting.
`--frames` enlarges native frames of a run as well, `--films` reads finished videos; both are
held against the painter's pictures.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np

from pipeline.files.pictures import read_picture
from pipeline.files.png import Pixels
from pipeline.networks.upscaler import SCALE
from tools.sharpness.steady import MOTIONS, flicker
from tools.sharpness.ways import Crispness, Size, Way, by_network, crispness, lanczos
from tools.world.dataset import parse_size
from tools.world.editions import EDITIONS, SHIPPED
from tools.world.paint import paint

FIRST_SEED = 129_500_000
"""Of paintings that no training sees."""


def paintings(count: int, size: Size, edition: str) -> list[Pixels]:
    """The painter's own held-out pictures of a size."""
    return [paint(FIRST_SEED + k, *size, edition=EDITIONS[edition]).picture for k in range(count)]


def film_frames(file: Path) -> Iterator[Pixels]:
    """Every twelfth frame of a video; there are none if it cannot be read."""
    capture, number = cv2.VideoCapture(str(file)), 0
    while capture.grab():
        if number % 12 == 0:
            _, frame = capture.retrieve()
            yield np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB), np.uint8)
        number += 1


def line(name: str, found: Crispness, own: Crispness) -> str:
    """One line about pictures, and how many times as soft they are as the painter's."""
    median, mean, fine = found.softer_than(own)
    return (
        f"{name:<34} edges {found.median:.2f} px (x {median:.2f}), mean {found.mean:.2f} "
        f"(x {mean:.2f}); fineness {found.fineness:.3f} (x {fine:.2f} as soft)"
    )


def flickers(way: Way, large: Sequence[Pixels]) -> str:
    """What the upscaler adds, for each motion, in the mean over large paintings."""
    found = {
        name: np.mean([flicker(one, motion, way.native, way.enlarge).alone for one in large])
        for name, motion in MOTIONS.items()
    }
    each = ", ".join(f"{name} {value:.2f}" for name, value in found.items())
    return f"flicker alone {np.mean(list(found.values())):.2f} ({each})"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures."""
    options = _parser().parse_args(arguments)
    size, count = options.size, options.count
    networks = [(Path(folder), parse_size(native)) for folder, native in options.upscaler]
    natives = dict.fromkeys(native for _, native in networks)
    ways = [lanczos(native, size) for native in natives]
    ways += [by_network(folder, native, size) for folder, native in networks]
    truth = paintings(count, size, options.edition)
    own = crispness(truth)
    print(line("the painter's", own, own), flush=True)
    scale = max(SCALE * native[0] / size[0] for native in natives)
    large = paintings(count, (round(size[0] * scale), round(size[1] * scale)), options.edition)
    for way in ways:
        enlarged = [way.enlarge(way.small(picture)) for picture in large]
        off = np.mean(
            [np.abs(a.astype(int) - b).mean() for a, b in zip(enlarged, truth, strict=True)]
        )
        print(line(way.name, crispness(enlarged), own))
        print(f"    off by {off:.2f} levels; {flickers(way, large[: options.moved])}", flush=True)
    for folder in options.frames:
        frames = [read_picture(file) for file in sorted(folder.glob("*.png"))]
        here = [way for way in ways if way.native == frames[0].shape[1::-1]]
        for way in here:
            found = crispness(map(way.enlarge, frames))
            print(line(f"{folder.name} {way.name}", found, own), flush=True)
    for file in options.films:
        print(line(file.name, crispness(film_frames(file)), own), flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument(
        "--upscaler", nargs=2, action="append", required=True, metavar=("DIR", "WxH")
    )
    parser.add_argument("--size", type=parse_size, default=(768, 512), help="that is looked at")
    parser.add_argument("--edition", choices=EDITIONS, default=SHIPPED, help="of the world")
    parser.add_argument("--count", type=int, default=24, help="paintings")
    parser.add_argument("--moved", type=int, default=8, help="of these, for the flicker")
    parser.add_argument("--frames", type=Path, nargs="+", default=[], help="folders of PNG")
    parser.add_argument("--films", type=Path, nargs="+", default=[], help="videos of that size")
    return parser


if __name__ == "__main__":
    main()
