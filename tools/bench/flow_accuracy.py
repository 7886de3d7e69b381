"""How true optical flow is: `python -m tools.bench.flow_accuracy [--size 512 288]`.

Prints for pictures whose motion is known, where the mask of consistency counts them as shown: the
mean and the 99th percentile of the distance in pixels between found and true places, and the share
of pixels that are more than half a pixel wrong; then the share of hidden pixels that are found, the
share of shown ones that are lost, and the time of the two flows. `seen` counts what is more than
half a pixel wrong across edges and slopes: a painting has wide places without either, where nobody
can tell how they move.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from time import perf_counter

import torch

from pipeline.camera.consistency import consistency
from pipeline.networks.flow.dis import DisFlow
from pipeline.protocols import FlowEstimator
from tools.bench.moving_pictures import (
    Layer,
    MovingPictures,
    disc,
    moving_pictures,
    painting,
    rectangle,
    shifted,
    turned,
)


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How well a flow and its mask tell what happened; distances in pixels, shares in [0, 1]."""

    mean: float
    percentile_99: float
    over_half: float
    seen_over_half: float
    """The same across edges and slopes of 2 levels a pixel and more, of all places there."""
    hidden_found: float
    """1 where nothing is hidden."""
    shown_lost: float
    seconds: float


Made = Callable[[], MovingPictures]
"""Pictures that are made when they are asked for, which takes a second for some."""


def scenes(height: int, width: int) -> Mapping[str, Made]:
    """What may happen between two frames, by name; lengths grow with the picture's height."""
    far = Layer(3, shifted(2, 0))
    near = disc(0.3 * width, 0.45 * height, 0.2 * height)
    crate = rectangle(0.66 * width, 0.62 * height, 0.18 * width, 0.2 * height)
    small = (
        Layer(10 + i, shifted(3 + x, y), disc((0.1 + 0.13 * i) * width, at * height, 0.06 * height))
        for i, (x, y, at) in enumerate([(4, 0, 0.2), (0, 4, 0.5), (-5, 2, 0.8), (2, -3, 0.4)])
    )
    layers: Mapping[str, tuple[Layer, ...]] = {
        "shift 0.6": (Layer(1, shifted(0.5, -0.3)),),
        "shift 7": (Layer(1, shifted(6.3, -2.6)),),
        "shift 21": (Layer(1, shifted(20.2, 5.0)),),
        "turn 3 degrees": (Layer(2, turned(3, 1, height, width)),),
        "zoom 1.08": (Layer(2, turned(0, 1.08, height, width)),),
        "turn -2, zoom 0.95": (Layer(2, turned(-2, 0.95, height, width)),),
        "parallax": (far, Layer(4, shifted(6, 1), crate), Layer(5, shifted(10.5, -1), near)),
        "a thing, still camera": (Layer(3, shifted(0, 0)), Layer(5, shifted(8, 3), near)),
        "small things": (Layer(3, shifted(3, 0)), *small),
        "a thing, zoom 1.05": (
            Layer(3, turned(0, 1.05, height, width)),
            Layer(5, turned(0, 1.05, height, width) @ shifted(5, 0), near),
        ),
    }
    return {name: partial(moving_pictures, height, width, *some) for name, some in layers.items()}


def paintings() -> Mapping[str, Made]:
    """Paintings, before which a disc of another one moves, 448 x 256, by name."""
    ways = {
        "turn 2, zoom 1.05": turned(2, 1.05, 256, 448),
        "turn 2, pan by 14": turned(2, 1.0, 256, 448) @ shifted(14, 0),
        "turn 2, zoom 0.96": turned(2, 0.96, 256, 448),
        "still camera": shifted(0, 0),
        "zoom 1.02, pan by 5": turned(0, 1.02, 256, 448) @ shifted(5, 0),
        "pan by 25": shifted(25, 0),
    }
    round_one = disc(180, 130, 52)
    return {
        f"painting {number}: {name}": partial(
            moving_pictures,
            256,
            448,
            Layer(number, way, look=painting),
            Layer(number + 500, shifted(22, -6), round_one, painting),
        )
        for number, (name, way) in zip((11, 23, 31, 42, 57, 64), ways.items(), strict=True)
    }


def accuracy(moving: MovingPictures, estimator: FlowEstimator) -> Accuracy:
    """The accuracy of an estimator on one pair of pictures."""
    begin = perf_counter()
    to_old = estimator(moving.new, moving.old)
    to_new = estimator(moving.old, moving.new)
    seconds = perf_counter() - begin
    mask = consistency(to_old, to_new) > 0
    error = to_old - moving.to_old
    wrong = error.square().sum(dim=1, keepdim=True).sqrt()[mask]
    down, right = torch.gradient(127.5 * moving.new.mean(dim=1, keepdim=True), dim=(2, 3))
    slope = torch.hypot(right, down)
    across = (error[:, :1] * right + error[:, 1:] * down).abs() / slope.clamp(min=1e-6)
    shown = moving.shown
    return Accuracy(
        mean=float(wrong.mean()),
        percentile_99=float(torch.quantile(wrong, 0.99)),
        over_half=float((wrong > 0.5).float().mean()),
        seen_over_half=float((across[mask & (slope >= 2)] > 0.5).float().mean()),
        hidden_found=float((~mask & ~shown).sum() / (~shown).sum()) if (~shown).any() else 1.0,
        shown_lost=float((~mask & shown).sum() / shown.sum()),
        seconds=seconds,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", nargs=2, type=int, default=(512, 288), metavar=("W", "H"))
    width, height = parser.parse_args().size
    print(
        f"{'':32}{'mean':>7}{'99 %':>7}{'> 0.5':>8}{'seen':>7}{'hidden':>8}{'lost':>7}{'time':>9}"
    )
    for name, made in {**scenes(height, width), **paintings()}.items():
        found = accuracy(made(), DisFlow())
        print(
            f"{name:32}{found.mean:7.3f}{found.percentile_99:7.2f}{found.over_half:8.2%}"
            f"{found.seen_over_half:7.2%}{found.hidden_found:8.1%}{found.shown_lost:7.1%}"
            f"{found.seconds:8.3f} s"
        )


if __name__ == "__main__":
    main()
