"""Train the judge: `python -m tools.train.judge --data DIR... --out DIR`.

The judge must not be talked into seeing things: some pictures have their subject wiped out or
everything blurred beyond recognition, and are then pictures of no subject.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, interpolate

from tools.judge.network import Judge
from tools.train.augment import add_some_noise, soften_some
from tools.train.data import World, mirror_some, pick
from tools.train.export import load_grown, save_weights
from tools.train.loop import Training
from tools.train.options import job_parser, read_job
from tools.train.precision import mixed_precision
from tools.world.attributes import ATTRIBUTES, NONE

SUBJECT = list(ATTRIBUTES).index("subject")
NO_SUBJECT = ATTRIBUTES["subject"].index(NONE)
SUBJECT_COLOUR = list(ATTRIBUTES).index("subject_colour")


class JudgeLoss:
    """Draws pictures, damages some, and says how wrong the judge's verdicts are."""

    def __init__(
        self, judge: Judge, worlds: Sequence[World], config: dict[str, Any], device: torch.device
    ) -> None:
        self._judge = judge
        self._worlds = worlds
        self._ruined: float = config["ruined"]
        self._smoothing: float = config["label_smoothing"]
        self._device = device

    def __call__(self, batch: int, generator: torch.Generator) -> Tensor:
        world = pick(self._worlds, generator)
        indices = world.draw(batch, generator)
        codes = torch.from_numpy(world.attributes[indices])
        pictures = mirror_some(world.pictures_at(indices), generator)
        pictures, codes = ruin_some(pictures, codes, generator, self._ruined)
        pictures = add_some_noise(soften_some(pictures, generator), generator, most=0.3)
        with mixed_precision(self._device):
            logits = self._judge(pictures.to(self._device))
        codes = codes.to(self._device)
        losses = [
            cross_entropy(values.float(), codes[:, k], label_smoothing=self._smoothing)
            for k, values in enumerate(logits.values())
        ]
        return torch.stack(losses).sum()


def ruin_some(
    pictures: Tensor, codes: Tensor, generator: torch.Generator, share: float
) -> tuple[Tensor, Tensor]:
    """A share of the pictures with nothing left to recognise, labelled as without a subject.

    Each keeps its colours at 3 to 6 px a side and nothing finer.
    """
    n, _, h, w = pictures.shape
    side = int(torch.randint(3, 7, (), generator=generator))
    tiny = interpolate(pictures, size=(side, side), mode="area")
    ruined = interpolate(tiny, size=(h, w), mode="bilinear", align_corners=False)
    chosen = torch.rand(n, generator=generator) < share
    codes = codes.clone()
    codes[chosen, SUBJECT] = NO_SUBJECT
    codes[chosen, SUBJECT_COLOUR] = ATTRIBUTES["subject_colour"].index(NONE)
    return torch.where(chosen[:, None, None, None], ruined, pictures), codes


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, or go on training, and export."""
    job = read_job(job_parser(__doc__, __file__).parse_args(arguments))
    judge = Judge(job.edition.counts)
    if job.start:
        load_grown(judge, job.start / "judge.safetensors")
    judge.to(job.device)
    loss = JudgeLoss(judge, job.worlds, job.config, job.device)
    training = Training(judge, loss, job.recipe, job.out)
    training.run(lambda average, seen: save_weights(average, job.out / "judge.safetensors"))


if __name__ == "__main__":
    main()
