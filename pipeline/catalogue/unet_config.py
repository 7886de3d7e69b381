"""The configuration of a denoiser's diffusers folder. Imports no torch.

`pipeline.networks.denoisers.unet_folder` says what such a folder is.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from keyframes.mistakes import found
from pipeline.catalogue.config import ForeignConfig, OwnConfig, listed, read_config
from pipeline.catalogue.diffusers_folder import part_of
from pipeline.errors import ModelError


def unet_config_file(folder: Path) -> Path:
    """Where the configuration of the U-Net in `folder` is."""
    return part_of(folder, "unet", "config.json")


def read_unet_config(folder: Path) -> UNetConfig:
    """The configuration of the U-Net; `ModelError` names what does not fit."""
    return read_config(unet_config_file(folder), UNetConfig)


def read_unet_extras(folder: Path) -> UNetExtras:
    """What diffusers has no word for; `ModelError` names what does not fit."""
    path = folder / "discoreel.json"
    return read_config(path, UNetExtras) if path.exists() else UNetExtras()


def unet_weights_file(folder: Path) -> Path:
    """The file of the U-Net's weights; the pickle only where it is the only one."""
    safe, pickle = (
        part_of(folder, "unet", f"diffusion_pytorch_model.{suffix}")
        for suffix in ("safetensors", "bin")
    )
    return pickle if pickle.is_file() and not safe.is_file() else safe


def check_ports(unet: UNetConfig, extra: UNetExtras, path: Path) -> None:
    """Raise ModelError unless what goes into the U-Net and comes out is what `extra` says."""
    channels = 3 * (extra.lapped.block**2 if extra.lapped else 1)
    ports = {
        "in_channels": (unet.in_channels, channels),
        "out_channels": (unet.out_channels, channels),
        "class_embed_type": (unet.class_embed_type, "identity" if extra.prompt else None),
        "num_class_embeds": (unet.num_class_embeds, None),
    }
    faults = [
        f"{key}: found {found(there)}; allowed: {found(allowed)}"
        for key, (there, allowed) in ports.items()
        if there != allowed
    ]
    if faults:
        raise ModelError(
            f"{path}: this U-Net does not fit what discoreel.json beside its folder says, or, "
            f"without that file, a network of pixels and no prompt:\n{listed(faults)}\n"
            "restore both files from one source, or use another model"
        )


class UNetConfig(ForeignConfig):
    """`unet/config.json`, as far as it is looked at here; the rest goes to diffusers unread."""

    class_name: Literal["UNet2DModel"] = Field(alias="_class_name")
    in_channels: int = 3
    out_channels: int = 3
    class_embed_type: str | None = None
    num_class_embeds: int | None = None


class _Lapped(OwnConfig):
    block: Annotated[int, Field(ge=2, multiple_of=2)]
    scale: tuple[Annotated[float, Field(ge=0)], ...]

    @model_validator(mode="after")
    def _one_scale_a_coefficient(self) -> Self:
        if len(self.scale) != self.block**2:
            raise ValueError(
                f"scale has {len(self.scale)} numbers; a block of {self.block} has "
                f"{self.block**2} coefficients"
            )
        return self


class _Prompt(OwnConfig):
    scale: Annotated[float, Field(gt=0)]


class UNetExtras(OwnConfig):
    """`discoreel.json`: what diffusers has no word for."""

    lapped: _Lapped | None = None
    prompt: _Prompt | None = None
