"""The latents of an autoencoder: where Stable Diffusion and its like denoise.

Convention:
    Latents of a `LatentSpace` are what the denoiser was trained on: those of the autoencoder, less
    their mean and divided by their deviation, so that they are about as large as unit noise
    (Rombach et al. 2022, arXiv:2112.10752, section 3.3 and appendix G).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderKL
from torch import Tensor

from pipeline.catalogue.config import ForeignConfig, read_config
from pipeline.catalogue.part_files import part_files
from pipeline.networks.denoisers.sizes import check_sides
from pipeline.networks.files.part_files import load_part
from pipeline.networks.memory.offload import offloaded
from pipeline.networks.memory.recompute import recomputed
from pipeline.networks.text_to_image.parts.place import Place

Transform = Callable[[Tensor], Tensor]
"""From pictures `(N, 3, H, W)` in [-1, 1] to latents `(N, C, h, w)`, or back."""

TILED_ABOVE = 2**21
"""Pixels of a picture beyond which it is encoded and decoded in tiles: 1920x1080 is below."""


@dataclass(frozen=True, slots=True, eq=False)
class LatentSpace:
    """The latents that an encoder makes of pictures and a decoder makes pictures of: a `Space`."""

    channels: int
    factor: int
    encoder: Transform
    decoder: Transform
    judge: Transform
    """The pictures that guidance judges, from latents; differentiable."""

    def encode(self, pictures: Tensor) -> Tensor:
        """Latents `(N, C, H / factor, W / factor)`, one picture at a time.

        Raises:
            ValueError: a side is no multiple of `factor`.
        """
        check_sides(pictures, self.factor)
        return torch.cat([self.encoder(one) for one in pictures[:, None]])

    def decode(self, x: Tensor) -> Tensor:
        """Pictures `(N, 3, H, W)`, one at a time; differentiable in `x`."""
        return torch.cat([self.decoder(one) for one in x[:, None]])

    def judged(self, x: Tensor) -> Tensor:
        """The pictures that guidance judges, `(N, 3, H, W)`."""
        return torch.cat([self.judge(one) for one in x[:, None]])

    def judged_by(self, make: Callable[[LatentSpace], Transform]) -> LatentSpace:
        """This space, in which guidance judges what `make` makes of it.

        `pipeline.networks.text_to_image.parts.judges` has what can stand in for the decoder.
        """
        return replace(self, judge=make(self))


def kl_space(
    vae: AutoencoderKL, device: torch.device, tiled_above: int = TILED_ABOVE
) -> LatentSpace:
    """The latents of an autoencoder with its weights on `device` while it works.

    A picture becomes the mean of what its encoder holds possible, so that no random number is
    drawn. A picture of more than `tiled_above` pixels is done in overlapping tiles, as diffusers
    does it. A gradient recomputes the decoder block by block: one block's activations are in
    memory at a time.
    """
    vae.enable_gradient_checkpointing(partial(recomputed, device))
    levels, channels = len(vae.config.block_out_channels), int(vae.config.latent_channels)
    mean, deviation = _moments(vae.config)
    factor = 2 ** (levels - 1)

    def encode(pictures: Tensor) -> Tensor:
        *_, h, w = pictures.shape
        vae.use_tiling = h * w > tiled_above
        raw: Tensor = vae.encode(pictures.to(vae.dtype)).latent_dist.mean.to(pictures.dtype)
        return (raw - mean.to(raw)) / deviation.to(raw)

    def decode(x: Tensor) -> Tensor:
        *_, h, w = x.shape
        vae.use_tiling = h * w * factor**2 > tiled_above
        raw = x * deviation.to(x) + mean.to(x)
        pictures: Tensor = vae.decode(raw.to(vae.dtype)).sample
        return pictures.to(x.dtype)

    decoder = offloaded(decode, vae, device)
    return LatentSpace(channels, factor, offloaded(encode, vae, device), decoder, decoder)


def load_vae(folder: Path, place: Place) -> AutoencoderKL:
    """The autoencoder in a diffusers folder, at its home.

    It computes in float32 where its configuration asks for that (`force_upcast`) or the others
    compute in float16, in which it overflows; otherwise as they do.

    Raises:
        ModelError: a file is missing, or does not fit.
    """
    settings = read_config(part_files(folder, "vae").config, _Precision)
    exact = settings.force_upcast or place.dtype == torch.float16
    dtype = torch.float32 if exact else place.dtype
    return load_part(folder, "vae", AutoencoderKL, place.home, dtype)


class _Precision(ForeignConfig):
    """`vae/config.json`; diffusers assumes what it leaves out."""

    force_upcast: bool = True


def _moments(config: Any) -> tuple[Tensor, Tensor]:
    """Mean and deviation of an autoencoder's latents, `(C, 1, 1)` or `()` each."""
    scale = float(config.scaling_factor)
    means, deviations = config.get("latents_mean"), config.get("latents_std")
    if means is not None and deviations is not None:
        mean, deviation = torch.tensor(means), torch.tensor(deviations)
        return mean[:, None, None], deviation[:, None, None] / scale
    return torch.tensor(config.get("shift_factor") or 0.0), torch.tensor(1 / scale)
