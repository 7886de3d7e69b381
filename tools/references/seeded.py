"""Weights and pictures that are the same for everyone, and what a large tensor comes down to.

A published network is compared with its reference without its gigabytes: both get weights that
follow from the names of the weights alone, and of what the reference gives a summary is kept.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

_CROP = 8
"""Side in pixels of the part of a picture that a summary keeps as it is."""
_PROJECTIONS = 16


def seeded_noise(name: str, shape: Sequence[int]) -> Tensor:
    """Independent uniform numbers of mean 0 and variance 1, float32, from the checksum of `name`.

    The bits are the raw stream of PCG64, which NumPy guarantees (NEP 19), where it may change
    what its distributions draw.
    """
    count = math.prod(shape)
    raw = np.random.PCG64(zlib.crc32(name.encode())).random_raw((count + 1) // 2)
    uniform = raw.astype("<u8").view("<u4")[:count].astype(np.float32) / np.float32(2**32)
    return torch.from_numpy((uniform - np.float32(0.5)) * np.float32(math.sqrt(12))).view(*shape)


def seeded_state(expected: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Weights with the names and shapes of `expected`, and sizes at which signals keep theirs.

    No weight is 0, as many are before a training: a layer that is not connected makes a difference.
    """
    return {name: _weight(name, value.shape) for name, value in expected.items()}


def _weight(name: str, shape: Sequence[int]) -> Tensor:
    noise = seeded_noise(name, shape)
    if len(shape) > 1:
        return noise / math.sqrt(math.prod(shape[1:]))
    return 0.1 * noise + (1 if name.endswith("weight") else 0)


def summary(name: str, values: Tensor) -> dict[str, np.ndarray]:
    """What is kept of `values`, `(N, C, H, W)`: the middle of three channels, and inner products.

    The products with seeded noise take every value into account, and are of the size of one value.
    """
    *_, h, w = values.shape
    top, left = (h - _CROP) // 2, (w - _CROP) // 2
    crop = values[:, :3, top : top + _CROP, left : left + _CROP]
    products = [
        (values * seeded_noise(f"projection {k}", values.shape)).sum() / math.sqrt(values.numel())
        for k in range(_PROJECTIONS)
    ]
    parts = {"crop": crop, "products": torch.stack(products)}
    return {f"{name}/{part}": value.detach().numpy() for part, value in parts.items()}


def save_summaries(path: Path, summaries: Sequence[Mapping[str, np.ndarray]]) -> None:
    """All summaries in one .npz file."""
    merged = {name: values for part in summaries for name, values in part.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, **merged)  # type: ignore[arg-type]
    print(f"{path}: {len(merged)} arrays, {path.stat().st_size} bytes")


def relative_error(expected: Mapping[str, np.ndarray], name: str, values: Tensor) -> float:
    """The largest difference of the summary of `values` from the expected one.

    The unit is the largest expected value, of the crop and of the products each.
    """
    return max(
        float(np.abs(part - expected[key]).max() / np.abs(expected[key]).max())
        for key, part in summary(name, values).items()
    )
