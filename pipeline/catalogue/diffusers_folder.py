"""A denoiser's diffusers folder: where its files lie, and what a scene has to know of its U-Net."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from pipeline.catalogue.config import ForeignConfig, read_config


def part_of(folder: Path, part: str, file: str) -> Path:
    """A file of one part of a diffusers folder, such as the U-Net's configuration.

    Where a pipeline was saved flat, as the first published ones were, its files lie side by
    side; a file that is nowhere is named by its place in the usual layout.
    """
    inside, beside = folder / part / file, folder / file
    return beside if beside.is_file() and not inside.is_file() else inside


class UNetLevels(ForeignConfig):
    """`unet/config.json`; what it leaves out is what diffusers assumes."""

    block_out_channels: tuple[int, ...] = Field(default=(224, 448, 672, 896), min_length=1)
    norm_num_groups: int = 32


class _Lapped(ForeignConfig):
    block: int = Field(ge=1)


class UNetExtras(ForeignConfig):
    """`discoreel.json`; `pipeline.networks.denoisers.unet_folder` reads all of it."""

    lapped: _Lapped | None = None
    prompt: ForeignConfig | None = None


def unet_levels(folder: Path) -> UNetLevels:
    """The levels of the U-Net in a folder.

    Raises:
        ModelError: its configuration is missing, or something in it is not allowed.
    """
    return read_config(part_of(folder, "unet", "config.json"), UNetLevels)


def unet_extras(folder: Path) -> UNetExtras:
    """What diffusers has no word for of the U-Net in a folder; most have nothing of the kind.

    Raises:
        ModelError: something in `discoreel.json` is not allowed.
    """
    path = folder / "discoreel.json"
    return read_config(path, UNetExtras) if path.exists() else UNetExtras()


def coarsest_place(folder: Path) -> int:
    """Side in pixels of a place of the coarsest level: every level but the last halves them.

    Raises:
        ModelError: a configuration is missing, or something in it is not allowed.
    """
    lapped = unet_extras(folder).lapped
    return (lapped.block if lapped else 1) << len(unet_levels(folder).block_out_channels) - 1
