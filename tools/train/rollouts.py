"""Teach a denoiser to mend what the loop does: `python -m tools.train.rollouts --start DIR ...`.

A frame grows from the one before it, so what the network does to a picture comes back to it as its
input, many times; yet in its training every noised picture was a painting. Here a share of them are
pictures that the network itself has painted over several times on moving paintings, noised again as
the loop noises them, and the answer to learn is the painting (learning from one's own rollouts as
in Po et al. 2025, arXiv:2512.12080, here for the frames of a warp-and-paint loop). The rest of each
batch is the ordinary training, so that pictures from noise stay as they are.
"""

from __future__ import annotations

import shutil
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import UNet2DModel
from torch import Tensor

from pipeline.diffusion.schedule import add_noise
from pipeline.networks.denoisers.unet_folder import UNetDenoiser, load_denoiser
from pipeline.networks.encoders.open_clip_folder import load_encoder
from tools.train.data import World, mirror_some, pick
from tools.train.denoiser import DenoiserLoss, TextEncoder, clean_error
from tools.train.export import save_weights
from tools.train.loop import Training
from tools.train.options import job_parser, read_job
from tools.train.precision import mixed_precision
from tools.train.rolled import Habits, Rollout, begin, roll_on

WEIGHTS = Path("unet") / "diffusion_pytorch_model.safetensors"


class Pool:
    """Rollouts that the training draws from; they go on one pass at a time, in turn.

    So each picture is used several times, pictures of every depth lie side by side, and they come
    from the network about as it is now. A pool is not part of a checkpoint: a resumed training
    fills a new one by its network as it is then.
    """

    def __init__(
        self,
        denoiser: UNetDenoiser,
        encoder: TextEncoder,
        worlds: Sequence[World],
        config: dict[str, Any],
    ) -> None:
        self._denoiser = denoiser
        self._encoder = encoder
        self._worlds = worlds
        self._margin: int = config["margin"]
        self._pictures: int = config["pool"]["pictures"]
        self._most: int = config["pool"]["rollouts"]
        self._habits = Habits(**config["habits"])
        self._rollouts: deque[Rollout] = deque()

    def go_on(self, generator: torch.Generator) -> None:
        """One pass more for the rollout that has waited longest; a new one until the pool is full.

        A rollout that has had its passes makes place for a new one.
        """
        if len(self._rollouts) < self._most:
            self._rollouts.append(self._begun(generator))
            return
        oldest = self._rollouts.popleft()
        finished = oldest.done == oldest.passes
        self._rollouts.append(
            self._begun(generator)
            if finished
            else roll_on(oldest, self._denoiser, self._habits, generator)
        )

    def draw(self, generator: torch.Generator) -> Rollout:
        """A random rollout."""
        return self._rollouts[int(torch.randint(len(self._rollouts), (), generator=generator))]

    def _begun(self, generator: torch.Generator) -> Rollout:
        world = pick(self._worlds, generator)
        indices = world.draw(self._pictures, generator)
        rng = np.random.default_rng(int(torch.randint(2**31, (), generator=generator)))
        texts = world.captions_at(indices, rng)
        paintings = mirror_some(world.pictures_at(indices), generator)
        embeddings = self._encoder.encode_texts(texts)
        return begin(paintings, embeddings, self._margin, self._habits, generator)


class RolloutLoss:
    """The ordinary loss for one share of a batch, and for the other that of rolled-out pictures.

    What is judged of a rolled-out picture is the estimate under guidance, of a scale between 1 and
    the loop's: it is the guided estimate that the loop paints with, and guidance that overdoes
    the colours.
    """

    def __init__(
        self,
        denoiser: UNetDenoiser,
        encoder: TextEncoder,
        worlds: Sequence[World],
        config: dict[str, Any],
    ) -> None:
        self._ordinary = DenoiserLoss(denoiser, encoder, worlds, config)
        self._pool = Pool(denoiser, encoder, worlds, config)
        self._denoiser = denoiser
        self._share: float = config["share"]
        self._timesteps: tuple[int, int] = tuple(config["timesteps"])
        self._cfg: float = config["habits"]["cfg"]
        self._every: int = config["pool"]["every"]
        self._steps = 0

    def __call__(self, batch: int, generator: torch.Generator) -> Tensor:
        if self._steps % self._every == 0:
            self._pool.go_on(generator)
        self._steps += 1
        rolled = round(self._share * batch)
        ordinary = self._ordinary(batch - rolled, generator)
        mending = self.mending(self._pool.draw(generator), rolled, generator)
        return torch.lerp(ordinary, mending, rolled / batch)

    def mending(self, rollout: Rollout, count: int, generator: torch.Generator) -> Tensor:
        """How far the network's clean estimates of `count` pictures are from their paintings."""
        rows = torch.randperm(len(rollout.given), generator=generator)[:count]
        n = len(rows)
        first, last = self._timesteps
        t = torch.randint(first, last + 1, (n,), generator=generator)
        scale = 1 + (self._cfg - 1) * torch.rand(n, 1, 1, 1, generator=generator)
        noise = rollout.turned_noise(generator)[rows]
        x = add_noise(self._denoiser.schedule, rollout.given[rows], noise, t)
        painting, known = rollout.target()
        embeddings = rollout.embeddings[rows]
        device = self._denoiser.unet.device
        x, t, scale, embeddings, painting, known = (
            value.to(device) for value in (x, t, scale, embeddings, painting[rows], known)
        )
        both = torch.cat([embeddings, torch.zeros_like(embeddings)])
        estimates = self._denoiser.denoise(torch.cat([x, x]), torch.cat([t, t]), both)
        with_prompt, without = estimates.chunk(2)
        denoised = torch.lerp(without, with_prompt, scale)
        return clean_error(self._denoiser.schedule, denoised, painting, t, known)


def export(average: UNet2DModel, start: Path, out: Path) -> None:
    """The folder `start` with the weights of `average`."""
    kept = shutil.ignore_patterns("*.safetensors", "*.bin", "*.tmp")
    shutil.copytree(start, out, ignore=kept, dirs_exist_ok=True)
    save_weights(average, out / WEIGHTS)


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, or go on training, and export."""
    parser = job_parser(__doc__, __file__)
    parser.add_argument("--clip", type=Path, required=True, help="folder of its CLIP model")
    options = parser.parse_args(arguments)
    if options.start is None:
        parser.error("--start is missing: the folder of the denoiser to teach")
    job = read_job(options)
    denoiser = load_denoiser(options.start, job.device)
    unet = denoiser.unet.to(memory_format=torch.channels_last).requires_grad_(True)
    unet.forward = mixed_precision(job.device)(unet.forward)
    encoder = load_encoder(options.clip, torch.device("cpu"))
    loss = RolloutLoss(denoiser, encoder, job.worlds, job.config)
    training = Training(unet, loss, job.recipe, job.out)
    training.run(lambda average, seen: export(average, options.start, job.out / "denoiser"))


if __name__ == "__main__":
    main()
