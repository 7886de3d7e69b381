"""Train the upscaler: `python -m tools.train.upscaler --data DIR --denoiser DIR --clip DIR ...`.

The data are large paintings. Shrunk to the native size, each goes some way into noise and back
through the trained denoiser, several times: what comes out has the denoiser's own softness and
ragged edges, and the upscaler learns to paint the picture that it was. The drafts are made once, at
the beginning; a step then sees small parts of many pictures.
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
from pipeline.networks.denoisers.unet_folder import UNetDenoiser, load_denoiser
from pipeline.networks.encoders.open_clip_folder import ClipEncoder, load_encoder
from pipeline.networks.upscaler import SCALE, WEIGHTS, UpscalerNetwork
from tools.train.data import World
from tools.train.export import load_weights, save_json, save_weights
from tools.train.loop import Training
from tools.train.options import job_parser, read_job
from tools.train.precision import mixed_precision

_AT_ONCE = 40
"""Pictures that the denoiser sees in one batch."""


@torch.no_grad()
def make_drafts(
    world: World, denoiser: UNetDenoiser, encoder: ClipEncoder, noise: Sequence[float], seed: int
) -> Tensor:
    """The paintings at native size, each as often as `noise` has levels, `(levels, N, 3, h, w)`.

    A level, the share of its timesteps, says how far into noise they went; 0 leaves them clean.
    """
    generator = torch.Generator().manual_seed(seed)
    rng = np.random.default_rng(seed)
    batches = np.array_split(np.arange(len(world.pictures)), -(-len(world.pictures) // _AT_ONCE))
    drafts: list[list[Tensor]] = [[] for _ in noise]
    for indices in batches:
        small = interpolate(world.pictures_at(indices), scale_factor=1 / SCALE, mode="area")
        texts = world.captions_at(indices, rng)
        embeddings = encoder.encode_texts(texts)
        for level, kept in zip(noise, drafts, strict=True):
            kept.append(_repainted(small, denoiser, embeddings, level, generator).half())
    return torch.stack([torch.cat(kept) for kept in drafts])


def _repainted(
    small: Tensor,
    denoiser: UNetDenoiser,
    embeddings: Tensor,
    level: float,
    generator: torch.Generator,
) -> Tensor:
    """`small`, noised to `level` and denoised in two steps."""
    for fall in (1.0, 0.5) if level else ():
        t = torch.full((len(small),), int(level * fall * len(denoiser.schedule)))
        x = add_noise(denoiser.schedule, small, torch.randn(small.shape, generator=generator), t)
        small = denoiser.denoise(x, t, embeddings).clamp(-1, 1)
    return small


class UpscalerLoss:
    """Draws parts of large pictures with those of their drafts: absolute error, and its slopes'."""

    def __init__(
        self,
        network: UpscalerNetwork,
        world: World,
        drafts: Tensor,
        config: dict[str, Any],
        device: torch.device,
    ) -> None:
        self._network = network
        self._world = world
        self._drafts = drafts
        self._side: int = config["crop"]
        self._slope_weight: float = config["slope_weight"]
        self._device = device

    def __call__(self, batch: int, generator: torch.Generator) -> Tensor:
        pairs = [self._pair(generator) for _ in range(batch)]
        small = torch.stack([pair[0] for pair in pairs]).float().to(self._device)
        large = torch.stack([pair[1] for pair in pairs]).float().div(127.5).sub(1)
        with mixed_precision(self._device):
            painted = self._network(small)
        error: Tensor = painted.float() - large.to(self._device)
        slopes = error.diff(dim=-1).abs().mean() + error.diff(dim=-2).abs().mean()
        return error.abs().mean() + self._slope_weight * slopes

    def _pair(self, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """One random square of a draft, `crop` px wide, and of its painting."""
        levels, count, _, h, w = self._drafts.shape
        side = self._side
        sizes = (levels, count, h - side + 1, w - side + 1, 2)
        level, index, top, left, mirrored = (
            int(torch.randint(size, (), generator=generator)) for size in sizes
        )
        small = self._drafts[level, index, :, top : top + side, left : left + side]
        ends = [SCALE * place for place in (top, top + side, left, left + side)]
        part = self._world.pictures[index, ends[0] : ends[1], ends[2] : ends[3]]
        large = torch.from_numpy(np.ascontiguousarray(part)).permute(2, 0, 1)
        return (small.flip(-1), large.flip(-1)) if mirrored else (small, large)


def export(network: UpscalerNetwork, config: dict[str, Any], out: Path) -> None:
    """Write the network in the format of `pipeline.networks.upscaler`."""
    save_weights(network, out / WEIGHTS)
    save_json(config["model"], out / "config.json")


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, or go on training, and export."""
    parser = job_parser(__doc__, __file__)
    parser.add_argument("--denoiser", type=Path, required=True, help="folder of the denoiser")
    parser.add_argument("--clip", type=Path, required=True, help="folder of its CLIP model")
    options = parser.parse_args(arguments)
    job = read_job(options)
    (world,) = job.worlds
    here = torch.device("cpu")
    denoiser, encoder = load_denoiser(options.denoiser, here), load_encoder(options.clip, here)
    drafts = make_drafts(world, denoiser, encoder, job.config["noise"], job.recipe.seed)
    network = UpscalerNetwork(**job.config["model"])
    if job.start:
        load_weights(network, job.start / WEIGHTS)
    network.to(job.device).to(memory_format=torch.channels_last)
    loss = UpscalerLoss(network, world, drafts, job.config, job.device)
    training = Training(network, loss, job.recipe, job.out)
    training.run(lambda average, seen: export(average, job.config, job.out / "upscaler"))


if __name__ == "__main__":
    main()
