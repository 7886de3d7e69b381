"""Paintings as the loop would bring them out: `python -m tools.train.drafts --data DIR ...`.

Shrunk to the native size, each goes some way into noise, and back by the preset's own steps, its
own noise and its guidance: what comes out has the denoiser's raggedness as well as its softness.
The folder of the paintings then holds the drafts beside them, in `drafts.npy`, float16
`(levels, N, 3, h, w)` in [-1, 1].
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.lib.format import open_memmap
from torch import Tensor
from torch.nn.functional import interpolate

from pipeline.diffusion.ddim import sample_ddim
from pipeline.diffusion.guidance import classifier_free
from pipeline.diffusion.schedule import add_noise
from pipeline.networks.denoisers.unet_folder import UNetDenoiser, load_denoiser
from pipeline.networks.encoders.open_clip_folder import load_encoder
from pipeline.networks.upscaler import SCALE
from pipeline.spec.samplers import respaced
from tools.train.data import World, open_world
from tools.train.denoiser import TextEncoder
from tools.train.rollouts_check import CFG, ETA, STEPS

FILE = "drafts.npy"
LEVELS = (0, 0, 0, 0, 3, 5, 8, 11)
"""Of the preset's 25 steps the last so many; the loop takes 14. At 0 a painting is left clean."""
_AT_ONCE = 32
"""Paintings in one batch."""


def write_drafts(
    folder: Path,
    denoiser: UNetDenoiser,
    encoder: TextEncoder,
    levels: Sequence[int] = LEVELS,
    seed: int = 0,
) -> None:
    """Add drafts of every level to the paintings in a folder, reporting progress."""
    world = open_world(folder)
    count, height, width, _ = world.pictures.shape
    shape = (len(levels), count, 3, height // SCALE, width // SCALE)
    drafts = open_memmap(folder / FILE, "w+", dtype=np.float16, shape=shape)
    generator, rng = torch.Generator().manual_seed(seed), np.random.default_rng(seed)
    for first in range(0, count, _AT_ONCE):
        indices = np.arange(first, min(first + _AT_ONCE, count))
        small = interpolate(world.pictures_at(indices), scale_factor=1 / SCALE, mode="area")
        texts = world.captions_at(indices, rng)
        embeddings = encoder.encode_texts(texts)
        for drafts_at, steps in zip(drafts, levels, strict=True):
            drafts_at[indices] = repainted(small, denoiser, embeddings, steps, generator).numpy()
        print(f"{indices[-1] + 1} of {count}", flush=True)


@torch.no_grad()
def repainted(
    small: Tensor,
    denoiser: UNetDenoiser,
    embeddings: Tensor,
    steps: int,
    generator: torch.Generator,
) -> Tensor:
    """Pictures `(N, 3, h, w)` after the last `steps` of the preset's steps, in [-1, 1]."""
    if not steps:
        return small
    timesteps = respaced(len(denoiser.schedule), STEPS)[-steps:]
    both = denoiser.bind(torch.cat([embeddings, torch.zeros_like(embeddings)]))
    noise = torch.randn(small.shape, generator=generator)
    x = add_noise(denoiser.schedule, small, noise, torch.full((len(small),), timesteps[0]))
    guided = classifier_free(both, CFG)
    for step in sample_ddim(guided, x, timesteps, eta=ETA, generator=generator):
        x = step.x
    return x.clamp(-1, 1)


def read_drafts(folder: Path, world: World) -> np.memmap:
    """The drafts beside the paintings of `world`, mapped from disk.

    Raises:
        SystemExit: there are none, or not as many as paintings.
    """
    remedy = f"run `python -m tools.train.drafts --data {folder} ...`"
    if not (folder / FILE).exists():
        raise SystemExit(f"{folder / FILE} is missing; {remedy}")
    drafts: np.memmap = np.load(folder / FILE, mmap_mode="r")
    if drafts.shape[1] != len(world.pictures):
        raise SystemExit(
            f"{folder / FILE} has {drafts.shape[1]} drafts of {len(world.pictures)} paintings; "
            f"{remedy}"
        )
    return drafts


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the drafts."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--data", type=Path, required=True, help="large paintings")
    parser.add_argument("--denoiser", type=Path, required=True)
    parser.add_argument("--clip", type=Path, required=True, help="folder of its CLIP model")
    parser.add_argument("--levels", type=int, nargs="+", default=LEVELS)
    options = parser.parse_args(arguments)
    here = torch.device("cpu")
    denoiser, encoder = load_denoiser(options.denoiser, here), load_encoder(options.clip, here)
    write_drafts(options.data, denoiser, encoder, options.levels)


if __name__ == "__main__":
    main()
