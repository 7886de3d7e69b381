"""How close the upscaler comes to large paintings: `python -m tools.train.upscaler_check ...`.

Prints its mean absolute error over held-out paintings that were shrunk eight times, and that of
Lanczos, in levels of 255.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np
import torch

from pipeline.files.png import Pixels
from pipeline.networks.upscaler import SCALE, Upscaler, load_upscaler
from tools.world.held_out import FIRST_SEED
from tools.world.paint import paint


def errors(upscaler: Upscaler, seed: int, width: int, height: int) -> tuple[float, float]:
    """The network's and Lanczos' mean absolute error on one painting of that native size."""
    large = (SCALE * width, SCALE * height)
    truth = paint(seed, *large).picture
    small = np.asarray(cv2.resize(truth, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    filtered = cv2.resize(small, large, interpolation=cv2.INTER_LANCZOS4)
    return _distance(upscaler.enlarge(small), truth), _distance(np.asarray(filtered), truth)


def _distance(a: Pixels, b: Pixels) -> float:
    return float(np.abs(a.astype(np.int16) - b).mean())


def main() -> None:
    """Print both means."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--upscaler", type=Path, required=True)
    parser.add_argument("--count", type=int, default=24)
    parser.add_argument("--size", type=int, nargs=2, default=(96, 64))
    options = parser.parse_args()
    upscaler = load_upscaler(options.upscaler, torch.device("cpu"))
    pairs = [errors(upscaler, FIRST_SEED + k, *options.size) for k in range(options.count)]
    network, lanczos = np.mean(pairs, axis=0)
    print(f"off by {network:.2f} levels in the mean of {len(pairs)}, Lanczos by {lanczos:.2f}")


if __name__ == "__main__":
    main()
