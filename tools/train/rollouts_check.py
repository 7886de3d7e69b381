"""How a denoiser holds out in the loop: `python -m tools.train.rollouts_check --denoiser DIR...`.

Paintings that no training saw go through the loop's passes with the camera at rest, at the preset's
own steps and guidance but without CLIP's gradients: all that changes is the network's doing. Also,
since what keeps every picture would win this: how many become another picture under another
caption, and how many stills show what their prompts ask for. The figures of several denoisers
compare, as they all see the same pictures and the same noise.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from math import pi
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from pipeline.diffusion.ddim import sample_ddim
from pipeline.diffusion.guidance import classifier_free
from pipeline.diffusion.image import to_pixels
from pipeline.diffusion.schedule import add_noise
from pipeline.networks.denoisers.unet_folder import UNetDenoiser, load_denoiser
from pipeline.networks.encoders.open_clip_folder import load_encoder
from pipeline.spec.samplers import respaced, skip
from tools.judge.network import Judge, load_judge
from tools.judge.stills import Wish, judged, read_wishes
from tools.train.data import World, open_world
from tools.train.denoiser import TextEncoder
from tools.train.rolled import Rollout, one_pass
from tools.world.attributes import ATTRIBUTES
from tools.world.editions import OF_TODAY

CFG, ETA, STEPS, SKIPPED, PERIOD = 2.0, 0.8, 25, 11, 12
"""The preset's; it skips 45 % of the steps, and the noise turns by a right angle in 12 frames."""
SUBJECT = list(ATTRIBUTES).index("subject")


def resting(paintings: Tensor, embeddings: Tensor, hold: float) -> Rollout:
    """Paintings `(N, 3, H, W)` before their first pass, under a camera at rest."""
    return Rollout(
        paintings=paintings,
        embeddings=embeddings,
        motion=np.eye(3),
        margin=0,
        hold=hold,
        turn=pi / 2 / PERIOD,
        passes=0,
        done=0,
        given=paintings,
        noise=torch.randn(paintings.shape, generator=torch.Generator().manual_seed(1)),
    )


def rolled(denoiser: UNetDenoiser, rollout: Rollout, passes: int) -> Tensor:
    """The pictures `(N, 3, H, W)` after so many frames."""
    timesteps = skip(respaced(len(denoiser.schedule), STEPS), SKIPPED)
    generator = torch.Generator().manual_seed(2)
    for _ in range(passes):
        rollout = one_pass(rollout, denoiser, timesteps, CFG, generator)
    return rollout.given


def stills(denoiser: UNetDenoiser, embeddings: Tensor, width: int, height: int) -> Tensor:
    """Pictures `(N, 3, height, width)` out of noise, one for each embedding."""
    generator = torch.Generator().manual_seed(3)
    timesteps = respaced(len(denoiser.schedule), STEPS)
    both = denoiser.bind(torch.cat([embeddings, torch.zeros_like(embeddings)]))
    x = torch.randn(len(embeddings), 3, height, width, generator=generator)
    for step in sample_ddim(classifier_free(both, CFG), x, timesteps, eta=ETA, generator=generator):
        x = step.x
    return x.clamp(-1, 1)


@torch.no_grad()
def one_step_error(
    denoiser: UNetDenoiser, given: Tensor, paintings: Tensor, embeddings: Tensor, t: int
) -> float:
    """Root mean square error, in levels of 255, of the guided clean estimate from `given` at t."""
    noise = torch.randn(given.shape, generator=torch.Generator().manual_seed(4))
    both = denoiser.bind(torch.cat([embeddings, torch.zeros_like(embeddings)]))
    x = add_noise(denoiser.schedule, given, noise, t)
    denoised = classifier_free(both, CFG)(x, torch.full((len(x),), t))
    return 127.5 * float((denoised - paintings).square().mean().sqrt())


def drift(pictures: Tensor, paintings: Tensor) -> str:
    """What became of the paintings, in words: colours in CIE Lab, sharpness, distance."""
    after, before = _pixels(pictures), _pixels(paintings)
    labs = [(_lab(a), _lab(b)) for a, b in zip(after, before, strict=True)]
    means = [np.linalg.norm((a - b).mean(axis=(0, 1))) for a, b in labs]
    chroma = np.mean([_chroma(a) for a, _ in labs]) / np.mean([_chroma(b) for _, b in labs])
    contrast = np.mean([a[..., 0].std() for a, _ in labs]) / np.mean(
        [b[..., 0].std() for _, b in labs]
    )
    sharp = np.mean([_sharpness(a) / _sharpness(b) for a, b in zip(after, before, strict=True)])
    distance = 127.5 * float((pictures - paintings).square().mean().sqrt())
    return (
        f"mean colour off by {np.mean(means):.2f}, chroma x {chroma:.3f}, contrast x "
        f"{contrast:.3f}, sharpness x {sharp:.2f}, {distance:.1f} levels from the painting"
    )


def _pixels(pictures: Tensor) -> list[NDArray[np.uint8]]:
    return [to_pixels(picture[None]) for picture in pictures]


def _lab(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.asarray(cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2LAB))


def _chroma(lab: NDArray[np.float32]) -> float:
    return float(np.hypot(lab[..., 1], lab[..., 2]).mean())


def _sharpness(pixels: NDArray[np.uint8]) -> float:
    return float(cv2.Laplacian(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), cv2.CV_64F).var())


def _seen(judge: Judge, pictures: Tensor, codes: NDArray[np.int64]) -> str:
    """How many pictures show the subject of `codes`, as the judge sees it."""
    with torch.no_grad():
        subjects = judge(pictures)["subject"].argmax(1).numpy()
    return f"{int((subjects == codes[:, SUBJECT]).sum())} of {len(codes)}"


def report(
    denoiser: UNetDenoiser,
    encoder: TextEncoder,
    world: World,
    count: int,
    passes: int,
) -> None:
    """Print the figures of the loop for the first `count` paintings of `world`."""
    judge, rng = load_judge(), np.random.default_rng(0)
    codes = world.attributes[:count]
    paintings = world.pictures_at(np.arange(count))
    embeddings = encoder.encode_texts(world.captions_at(np.arange(count), rng))
    for t in (320, 520):
        error = one_step_error(denoiser, paintings, paintings, embeddings, t)
        print(f"  one step from a painting at {t}: {error:.2f} levels", flush=True)
    for hold in (0.8, 0.0):
        pictures = rolled(denoiser, resting(paintings, embeddings, hold), passes)
        print(f"  {passes} frames, init_hold {hold:g}: {drift(pictures, paintings)}", flush=True)
        print(f"    the subject is still seen in {_seen(judge, pictures, codes)}", flush=True)
        error = one_step_error(denoiser, pictures, paintings, embeddings, 520)
        print(f"    one step from there at 520: {error:.2f} levels", flush=True)
    # Under the caption of the next painting: pictures must be able to change, too.
    other = resting(paintings, embeddings.roll(-1, 0), 0.8)
    turned = _seen(judge, rolled(denoiser, other, passes), np.roll(codes, -1, axis=0))
    print(f"  under another caption its subject is seen in {turned}", flush=True)


def report_stills(denoiser: UNetDenoiser, encoder: TextEncoder, wishes: Sequence[Wish]) -> None:
    """Print how many stills show what their prompts ask for, as the judge sees it."""
    judge = load_judge()
    pictures = stills(
        denoiser, encoder.encode_texts([wish.text for wish in wishes]), *OF_TODAY.size
    )
    found = judged(judge, zip(wishes, pictures[:, None], strict=True))
    words = ", ".join(f"{name} {sum(right)} of {len(right)}" for name, right in found.items())
    sharp = np.mean([_sharpness(pixels) for pixels in _pixels(pictures)])
    chroma = np.mean([_chroma(_lab(pixels)) for pixels in _pixels(pictures)])
    print(f"  stills: {words}; sharpness {sharp:.0f}, chroma {chroma:.1f}", flush=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures of each denoiser."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--denoiser", type=Path, nargs="+", required=True, help="folders")
    parser.add_argument("--clip", type=Path, required=True, help="folder of their CLIP model")
    parser.add_argument("--data", type=Path, required=True, help="paintings that are held out")
    parser.add_argument("--count", type=int, default=16)
    parser.add_argument("--passes", type=int, default=20)
    options = parser.parse_args(arguments)
    encoder, world = load_encoder(options.clip, torch.device("cpu")), open_world(options.data)
    for folder in options.denoiser:
        print(folder, flush=True)
        denoiser = load_denoiser(folder, torch.device("cpu"))
        report_stills(denoiser, encoder, read_wishes()[::2])
        report(denoiser, encoder, world, options.count, options.passes)


if __name__ == "__main__":
    main()
