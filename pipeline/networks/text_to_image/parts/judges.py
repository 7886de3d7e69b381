"""What stands in for an autoencoder's decoder where guidance looks at pictures at every step.

The decoder itself shows guidance what a frame will show, and is a large network. A tiny one that
was trained on its pictures (`TinyDecoder`) is a small part of it. A linear map (`linear_decoder`)
is a matrix, needs no file, and shows colours and forms, but no detail.
"""

from __future__ import annotations

from pathlib import Path

import torch
from diffusers import AutoencoderTiny
from torch import Tensor
from torch.nn.functional import avg_pool2d, interpolate

from pipeline.errors import ModelError
from pipeline.networks.files.part_files import load_part
from pipeline.networks.memory.offload import offloaded
from pipeline.networks.text_to_image.parts.latents import LatentSpace, Transform


class TinyDecoder:
    """A tiny autoencoder (TAESD), trained to decode the latents of a large one.

    Raises:
        ModelError: a file is missing, or does not fit.
    """

    def __init__(
        self,
        folder: Path,
        device: torch.device,
        dtype: torch.dtype = torch.float32,
        *,
        home: torch.device | None = None,
    ) -> None:
        self.folder = folder
        self.network = load_part(folder, "", AutoencoderTiny, home or device, dtype)
        self._device = device

    def __call__(self, space: LatentSpace) -> Transform:
        """The pictures that it makes of the latents of `space`; differentiable.

        Raises:
            ModelError: those are other latents than it was trained on.
        """
        config = self.network.config
        levels = len(config.decoder_block_out_channels)
        found = (int(config.latent_channels), 2 ** (levels - 1))
        if found != (space.channels, space.factor):
            raise ModelError(
                f"{self.folder}: decodes latents of {found[0]} channels and squares of {found[1]} "
                f"pixels; those of this model have {space.channels} and {space.factor}: use the "
                "tiny autoencoder that was trained for it"
            )
        return offloaded(self._decode, self.network, self._device)

    def _decode(self, x: Tensor) -> Tensor:
        pictures: Tensor = self.network.decode(x.to(self.network.dtype)).sample
        return pictures.to(x.dtype)


def linear_decoder(space: LatentSpace) -> Transform:
    """The colours of each place as a linear function of its latents, enlarged; differentiable.

    The function is the one that fits best, by least squares, what the encoder of `space` makes of a
    fixed set of made pictures; it is found once, here, and is the same in every process.
    """
    matrix, offset = _fit(space)

    def decode(x: Tensor) -> Tensor:
        small = torch.einsum("dc,nchw->ndhw", matrix.to(x), x) + offset.to(x)[:, None, None]
        return interpolate(small, scale_factor=space.factor, mode="bilinear")

    return decode


_PICTURES = 8
_PLACES = 16
"""Latents along a side of each picture that the linear decoder is fitted to."""


def _fit(space: LatentSpace) -> tuple[Tensor, Tensor]:
    """The matrix `(3, C)` and the offset `(3,)` of the linear decoder, float32 on the CPU."""
    pictures = made_pictures(_PICTURES, _PLACES * space.factor)
    with torch.no_grad():
        latents = space.encode(pictures).cpu()
    colours = avg_pool2d(pictures, space.factor)
    known = latents.movedim(1, -1).reshape(-1, space.channels).double()
    wanted = colours.movedim(1, -1).reshape(-1, 3).double()
    known = torch.cat([known, known.new_ones(len(known), 1)], dim=1)
    # Channels that say nothing make the problem singular, which the divide-and-conquer SVD bears.
    solution = torch.linalg.lstsq(known, wanted, driver="gelsd").solution.float().T
    return solution[:, :-1].contiguous(), solution[:, -1].contiguous()


def made_pictures(n: int, side: int) -> Tensor:
    """Pictures `(n, 3, side, side)` in [-1, 1] of coloured clouds of every coarseness, float32.

    They are always the same ones.
    """
    generator = torch.Generator().manual_seed(0)
    clouds = torch.zeros(n, 3, side, side)
    for octave in range(5):
        cells = min(2**octave + 1, side)
        grid = torch.randn(n, 3, cells, cells, generator=generator)
        clouds += interpolate(grid, size=(side, side), mode="bilinear") / (octave + 1)
    return torch.tanh(clouds)
