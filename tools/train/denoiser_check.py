"""How far a denoiser is: `python -m tools.train.denoiser_check --denoiser DIR --clip DIR ...`.

Prints the error of its clean estimate of held-out paintings, by timestep, with and without their
captions; then what the judge sees in stills of a gate's prompts, sampled as the preset does but
without CLIP's gradients, which takes a minute where the gate itself takes ten or more.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from pipeline.diffusion.image import to_pixels
from pipeline.diffusion.schedule import add_noise
from pipeline.networks.denoisers.unet_folder import UNetDenoiser, load_denoiser
from pipeline.networks.encoders.open_clip_folder import load_encoder
from tools.judge.network import WEIGHTS, load_judge
from tools.judge.rendering import write_sheet
from tools.judge.stills import GATES, Wish, judged, report_count
from tools.train.data import World, open_world
from tools.train.denoiser import TextEncoder
from tools.train.rollouts_check import stills
from tools.world.editions import EDITIONS, SHIPPED

TIMESTEPS = (50, 150, 300, 500, 700, 850, 950)
_AT_ONCE = 16
"""Pictures in one batch."""


@torch.no_grad()
def clean_errors(
    denoiser: UNetDenoiser, pictures: Tensor, embeddings: Tensor | None
) -> dict[int, float]:
    """The mean squared error of the estimate of `pictures` `(N, 3, H, W)`, by timestep.

    Every timestep has its own noise, the same for every denoiser; `embeddings` are `(N, D)`.
    """
    found = {}
    for t in TIMESTEPS:
        noise = torch.randn(pictures.shape, generator=torch.Generator().manual_seed(t))
        steps = torch.full((len(pictures),), t)
        x = add_noise(denoiser.schedule, pictures, noise, steps)
        parts = [slice(k, k + _AT_ONCE) for k in range(0, len(pictures), _AT_ONCE)]
        estimates = [
            denoiser.bind(None if embeddings is None else embeddings[k])(x[k], steps[k])
            for k in parts
        ]
        found[t] = float((torch.cat(estimates) - pictures).square().mean())
    return found


def report_errors(denoiser: UNetDenoiser, encoder: TextEncoder, world: World, count: int) -> None:
    """Print the errors over the first `count` paintings of `world`."""
    rng, pictures = np.random.default_rng(0), world.pictures_at(np.arange(count))
    texts = world.captions_at(np.arange(count), rng)
    for name, embeddings in (("with captions", encoder.encode_texts(texts)), ("without", None)):
        errors = clean_errors(denoiser, pictures, embeddings)
        row = "  ".join(f"{t}: {error:.4f}" for t, error in errors.items())
        print(f"{name:>13}: {row}", flush=True)


def embeddings_of(encoder: TextEncoder, wishes: Sequence[Wish]) -> Tensor:
    """One embedding for each wish, the mean of those of its prompts, `(N, D)`."""
    firsts = encoder.encode_texts([wish.text for wish in wishes])
    seconds = encoder.encode_texts([wish.second or wish.text for wish in wishes])
    return (firsts + seconds) / 2


def sampled(
    denoiser: UNetDenoiser, encoder: TextEncoder, wishes: Sequence[Wish], size: tuple[int, int]
) -> Tensor:
    """A still of every wish, `(N, 3, H, W)`."""
    embeddings = embeddings_of(encoder, wishes)
    parts = [embeddings[k : k + _AT_ONCE] for k in range(0, len(wishes), _AT_ONCE)]
    return torch.cat([stills(denoiser, part, *size) for part in parts])


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures and write the sheet."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--denoiser", type=Path, required=True)
    parser.add_argument("--clip", type=Path, required=True, help="folder of its CLIP model")
    parser.add_argument("--data", type=Path, required=True, help="paintings that are held out")
    parser.add_argument("--judge", type=Path, default=WEIGHTS)
    parser.add_argument("--edition", choices=GATES, default=SHIPPED, help="of the world")
    parser.add_argument("--count", type=int, default=96)
    parser.add_argument("--sheet", type=Path, required=True, help="JPEG to write")
    options = parser.parse_args(arguments)
    here, gate = torch.device("cpu"), GATES[options.edition]
    denoiser, encoder = load_denoiser(options.denoiser, here), load_encoder(options.clip, here)
    report_errors(denoiser, encoder, open_world(options.data), options.count)
    wishes = [wish for some in gate.lists().values() for wish in some]
    pictures = sampled(denoiser, encoder, wishes, EDITIONS[options.edition].size)
    report_count(
        "stills", judged(load_judge(options.judge), zip(wishes, pictures[:, None], strict=True))
    )
    cells = [
        (to_pixels(picture[None]), wish.text[:34])
        for wish, picture in zip(wishes, pictures, strict=True)
    ]
    write_sheet(cells, options.sheet, columns=8)


if __name__ == "__main__":
    main()
