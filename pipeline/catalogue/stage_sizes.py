"""How the stages of a cascade fit each other, by the configurations of their U-Nets.

Imports no torch.
"""

from __future__ import annotations

from math import lcm
from pathlib import Path

from pydantic import Field

from pipeline.catalogue.config import ForeignConfig, read_config
from pipeline.errors import ModelError


class _Stage(ForeignConfig):
    in_channels: int
    sample_size: int = Field(ge=1)
    block_out_channels: tuple[int, ...] = Field(min_length=1)


def enlargement(first: Path, second: Path) -> int:
    """How many times wider and higher the pictures of the second stage are.

    `first` and `second` are the files `config.json` of the U-Nets.

    Raises:
        ModelError: `second` is of no second stage, or of one whose pictures are no multiple.
    """
    small, large = read_config(first, _Stage), read_config(second, _Stage)
    if large.in_channels != 2 * small.in_channels:
        raise ModelError(
            f"{second}: in_channels: found {large.in_channels}; allowed: {2 * small.in_channels}, "
            "a picture beside the small one that it is made of; use the second stage that belongs "
            "to this denoiser"
        )
    factor, rest = divmod(large.sample_size, small.sample_size)
    if rest or factor < 2:
        raise ModelError(
            f"{second}: sample_size: found {large.sample_size}; allowed: a multiple of the first "
            f"stage's {small.sample_size}; use the second stage that belongs to this denoiser"
        )
    return factor


def frame_multiple(multiple: int, first: Path, second: Path) -> int:
    """What width and height of a cascade's frames are multiples of.

    `multiple` is that of the first stage's pictures; `first` and `second` are the files
    `config.json` of the U-Nets. Each level of a U-Net but the last halves its picture.

    Raises:
        ModelError: the stages do not fit each other.
    """
    levels = read_config(second, _Stage).block_out_channels
    return lcm(multiple * enlargement(first, second), 1 << len(levels) - 1)
