"""What the configurations of a pipeline's parts tell of its pictures. Imports no torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from pipeline.catalogue.config import ForeignConfig, read_config

_SHRINK_EXACTLY = frozenset({"ResnetDownsampleBlock2D", "SimpleCrossAttnDownBlock2D"})
"""Blocks of a U-Net after which a side that was odd does not find back to its length."""


@dataclass(frozen=True, slots=True)
class Backbone:
    """What the network that denoises asks of the size of a picture."""

    in_channels: int
    """Channels that it takes."""
    patch: int
    """Side of the square that is one place of the network."""
    halvings: int
    """By how much a side is divided at the coarsest level."""
    shrinks_exactly: bool
    """Whether a side has to be a multiple of `halvings`."""
    places: int
    """How many places the coarsest level has at least."""


def read_unet(path: Path) -> Backbone:
    """The `UNet2DConditionModel` of a configuration; `ModelError` names what does not fit."""
    config = read_config(path, _UNet)
    # Where a group of the normalisation is one channel, a single place less its mean is always 0.
    is_narrow = min(config.block_out_channels[-2:]) <= (config.norm_num_groups or 0)
    return Backbone(
        in_channels=config.in_channels,
        patch=1,
        halvings=1 << len(config.block_out_channels) - 1,
        shrinks_exactly=not _SHRINK_EXACTLY.isdisjoint(config.down_block_types),
        places=2 if is_narrow else 1,
    )


def read_transformer(path: Path) -> Backbone:
    """The transformer of a configuration; `ModelError` names what does not fit."""
    config = read_config(path, _Transformer)
    return Backbone(
        in_channels=config.in_channels,
        patch=config.patch_size,
        halvings=1,
        shrinks_exactly=False,
        places=1,
    )


@dataclass(frozen=True, slots=True)
class Autoencoder:
    """What goes between pictures and latents."""

    channels: int
    """Channels of the latents."""
    factor: int
    """Side in pixels of the square that a latent stands for."""


def read_autoencoder(path: Path) -> Autoencoder:
    """The autoencoder of a configuration; `ModelError` names what does not fit."""
    config = read_config(path, _Autoencoder)
    levels = config.encoder_block_out_channels or config.block_out_channels
    return Autoencoder(config.latent_channels, 1 << len(levels) - 1)


def read_timesteps(path: Path) -> int:
    """The timesteps of the training by a `scheduler_config.json`; `ModelError` for a bad one."""
    return read_config(path, _Timesteps).num_train_timesteps


class _UNet(ForeignConfig):
    in_channels: int
    block_out_channels: tuple[int, ...] = Field(min_length=1)
    down_block_types: tuple[str, ...]
    norm_num_groups: int | None = 32


class _Transformer(ForeignConfig):
    in_channels: int
    patch_size: int = Field(ge=1)


class _Autoencoder(ForeignConfig):
    """An `AutoencoderKL`, a `VQModel`, or an `AutoencoderTiny`, whose levels have other names."""

    latent_channels: int
    block_out_channels: tuple[int, ...] = Field(default=(64,), min_length=1)
    encoder_block_out_channels: tuple[int, ...] | None = None


class _Timesteps(ForeignConfig):
    num_train_timesteps: int = Field(default=1000, ge=1)
