"""Train the upscaler: `python -m tools.train.upscaler --data DIR --denoiser DIR --clip DIR ...`.

The data are large paintings. Each is shrunk to the native size and goes, most of the time, some way
into noise and back through the trained denoiser: what comes out has the denoiser's own softness and
ragged edges, and the upscaler learns to paint the picture that it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import interpolate

from pipeline.diffusion.schedule import add_noise
from pipeline.models.clip import ClipEncoder, load_encoder
from pipeline.models.denoiser import UNetDenoiser, load_denoiser
from pipeline.models.upscaler import SCALE, WEIGHTS, UpscalerNetwork
from tools.train.data import World, mirror_some, pick
from tools.train.export import load_weights, save_json, save_weights
from tools.train.loop import Training
from tools.train.options import job_parser, read_job
from tools.world.attributes import decode
from tools.world.captions import caption


class Drafts:
    """Small pictures as the denoiser paints them."""

    def __init__(
        self, denoiser: UNetDenoiser, encoder: ClipEncoder, config: dict[str, Any]
    ) -> None:
        self._denoiser = denoiser
        self._encoder = encoder
        self._share: float = config["drafts"]
        self._least, self._most = config["noise"]

    @torch.no_grad()
    def __call__(self, small: Tensor, codes: Any, generator: torch.Generator) -> Tensor:
        """`small`, the first of them noised to random levels and denoised twice."""
        n = round(self._share * len(small))
        rng = np.random.default_rng(int(torch.randint(2**31, (), generator=generator)))
        texts = [caption(rng, decode(row)) for row in codes[:n]]
        embeddings = self._encoder.encode_texts(texts)
        steps = len(self._denoiser.schedule)
        level = self._least + (self._most - self._least) * torch.rand(n, generator=generator)
        picture = small[:n]
        for fall in (1.0, 0.5):
            t = (level * fall * steps).long()
            noise = torch.randn(picture.shape, generator=generator)
            x = add_noise(self._denoiser.schedule, picture, noise, t)
            with torch.autocast(small.device.type, dtype=torch.bfloat16):
                picture = self._denoiser.denoise(x, t, embeddings).float()
        return torch.cat([picture.clamp(-1, 1), small[n:]])


class UpscalerLoss:
    """Draws large pictures with small ones: absolute error, and that of its slopes."""

    def __init__(
        self,
        network: UpscalerNetwork,
        drafts: Drafts,
        worlds: Sequence[World],
        config: dict[str, Any],
        device: torch.device,
    ) -> None:
        self._network = network
        self._drafts = drafts
        self._worlds = worlds
        self._crop: int = config["crop"]
        self._slope_weight: float = config["slope_weight"]
        self._device = device

    def __call__(self, batch: int, generator: torch.Generator) -> Tensor:
        world = pick(self._worlds, generator)
        indices = world.draw(batch, generator)
        large = mirror_some(world.pictures_at(indices), generator)
        small = interpolate(large, scale_factor=1 / SCALE, mode="area")
        small = self._drafts(small, world.attributes[indices], generator)
        small, large = self._cut(small, large, generator)
        with torch.autocast(self._device.type, dtype=torch.bfloat16):
            painted = self._network(small.to(self._device))
        error: Tensor = painted.float() - large.to(self._device)
        slopes = error.diff(dim=-1).abs().mean() + error.diff(dim=-2).abs().mean()
        return error.abs().mean() + self._slope_weight * slopes

    def _cut(
        self, small: Tensor, large: Tensor, generator: torch.Generator
    ) -> tuple[Tensor, Tensor]:
        """The same random square of both, `crop` px of the small one wide."""
        *_, h, w = small.shape
        side = self._crop
        top = int(torch.randint(h - side + 1, (), generator=generator))
        left = int(torch.randint(w - side + 1, (), generator=generator))
        ends = [SCALE * place for place in (top, top + side, left, left + side)]
        return (
            small[..., top : top + side, left : left + side],
            large[..., ends[0] : ends[1], ends[2] : ends[3]],
        )


def export(network: UpscalerNetwork, config: dict[str, Any], out: Path) -> None:
    """Write the network in the format of `pipeline.models.upscaler`."""
    save_weights(network, out / WEIGHTS)
    save_json(config["model"], out / "config.json")


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, or go on training, and export."""
    parser = job_parser(__doc__, __file__)
    parser.add_argument("--denoiser", type=Path, required=True, help="folder of the denoiser")
    parser.add_argument("--clip", type=Path, required=True, help="folder of its CLIP model")
    options = parser.parse_args(arguments)
    job = read_job(options)
    here = torch.device("cpu")
    drafts = Drafts(
        load_denoiser(options.denoiser, here), load_encoder(options.clip, here), job.config
    )
    network = UpscalerNetwork(**job.config["model"])
    if job.start:
        load_weights(network, job.start / WEIGHTS)
    network.to(job.device).to(memory_format=torch.channels_last)
    loss = UpscalerLoss(network, drafts, job.worlds, job.config, job.device)
    training = Training(network, loss, job.recipe, job.out)
    training.run(lambda average, seen: export(average, job.config, job.out / "upscaler"))


if __name__ == "__main__":
    main()
