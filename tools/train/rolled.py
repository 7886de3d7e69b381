"""Paintings that a frame loop has been at: moved, noised, painted over, and again.

The loop's own habits are imitated without its files and its gradients of CLIP: each pass moves the
picture by one bicubic warp, noises it to the timestep where frames start, denoises it under its
caption with classifier-free guidance, and rounds it to levels. What each pass leaves stands beside
the painting as it would look from where the camera is by then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import cos, pi, sin

import numpy as np
import torch
from torch import Tensor

from pipeline.camera.warp import warp_2d
from pipeline.diffusion.ddim import sample_ddim
from pipeline.diffusion.guidance import classifier_free
from pipeline.diffusion.holds import hold
from pipeline.diffusion.image import to_pixels, to_tensor
from pipeline.diffusion.schedule import add_noise
from pipeline.networks.denoisers.unet_folder import UNetDenoiser
from pipeline.scene.motion import Matrix, compose, matrix_2d
from pipeline.spec.camera import CameraMotion

_ETA = 0.8
_LAST = 20
"""Timestep of the last step; the preset's 25 steps end at 0, few ones better a little before."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How a loop treats its pictures, as ranges to draw from; the preset's values lie within."""

    passes: int
    """The most passes before a painting begins anew."""
    start: int
    """Timestep to which each pass noises its picture."""
    steps: tuple[int, int]
    """Fewest and most steps of DDIM in a pass."""
    cfg: float
    """Scale of the classifier-free guidance, 1 or more."""
    hold: tuple[float, ...]
    """Shares of `pipeline.diffusion.guidance.hold`, each as likely."""
    still: float
    """Share of the rollouts whose camera rests, in [0, 1]."""
    zoom: float
    """A moving camera zooms by at most this factor a pass, either way; above 1."""
    roll: float
    """Degrees, at most, either way."""
    shift: float
    """Pixels, at most, along both axes."""


@dataclass(frozen=True, slots=True, eq=False)
class Rollout:
    """A few paintings on their way through the loop, under one camera."""

    paintings: Tensor
    """The clean paintings `(N, 3, H + margin, W + margin)`, more than the loop's frames show."""
    embeddings: Tensor
    """Of their captions, `(N, D)`."""
    motion: Matrix
    """Of the camera in one pass, 3 x 3 on pixel indices of a frame."""
    margin: int
    """Even number of pixels."""
    hold: float
    turn: float
    """Radians by which the noise turns from one pass to the next; pi / 2 is fresh noise."""
    passes: int
    """How many are meant to be made."""
    done: int
    given: Tensor
    """The pictures that the next pass paints over, already moved, `(N, 3, H, W)`."""
    noise: Tensor
    """Of the last pass, or for the first one, `(N, 3, H, W)`."""

    def target(self) -> tuple[Tensor, Tensor]:
        """What `given` should look like, and where that is known: 1, or 0 beyond the painting."""
        moves = self.done + 1 - self._first_place()
        return _seen(self.paintings, np.linalg.matrix_power(self.motion, moves), self.margin)

    def _first_place(self) -> int:
        """How many moves before the painting's own view a rollout begins.

        A camera that zooms in ends there, so that no target is an enlarged and blurred one.
        """
        return self.passes + 1 if np.linalg.det(self.motion) > 1 else 0

    def turned_noise(self, generator: torch.Generator) -> Tensor:
        """Noise of the next pass, `(N, 3, H, W)`: the last one turned towards fresh noise."""
        fresh = torch.randn(self.noise.shape, generator=generator)
        return cos(self.turn) * self.noise + sin(self.turn) * fresh


def begin(
    paintings: Tensor,
    embeddings: Tensor,
    margin: int,
    habits: Habits,
    generator: torch.Generator,
) -> Rollout:
    """Paintings `(N, 3, H + margin, W + margin)` with captions `(N, D)`, moved but once.

    Half of the rollouts turn their noise by at most an eighth of a right angle, as a loop with a
    `noise_period` does; the others draw fresh noise.
    """
    n, channels, h, w = paintings.shape
    height, width = h - margin, w - margin
    passes = 1 + int(torch.randint(habits.passes, (), generator=generator))
    slowly = pi / 16 * float(torch.rand((), generator=generator))
    rollout = Rollout(
        paintings=paintings,
        embeddings=embeddings,
        motion=_draw_motion(habits, width, height, generator),
        margin=margin,
        hold=habits.hold[int(torch.randint(len(habits.hold), (), generator=generator))],
        turn=slowly if torch.rand((), generator=generator) < 0.5 else pi / 2,
        passes=passes,
        done=0,
        given=paintings.new_zeros(n, channels, height, width),
        noise=torch.randn(n, channels, height, width, generator=generator),
    )
    # The view one move earlier, so that the first picture given has gone through the loop's warp.
    before, _ = replace(rollout, done=-1).target()
    return replace(rollout, given=_moved(before, rollout.motion))


def roll_on(
    rollout: Rollout, denoiser: UNetDenoiser, habits: Habits, generator: torch.Generator
) -> Rollout:
    """The rollout after one more pass by `denoiser`, and moved for the next."""
    fewest, most = habits.steps
    steps = fewest + int(torch.randint(most - fewest + 1, (), generator=generator))
    timesteps = np.linspace(habits.start, _LAST, steps).round().astype(int).tolist()
    return one_pass(rollout, denoiser, timesteps, habits.cfg, generator)


@torch.no_grad()
def one_pass(
    rollout: Rollout,
    denoiser: UNetDenoiser,
    timesteps: Sequence[int],
    cfg: float,
    generator: torch.Generator,
) -> Rollout:
    """The rollout painted over in steps at `timesteps`, descending, and moved for the next pass."""
    device = denoiser.unet.device
    given, embeddings = rollout.given.to(device), rollout.embeddings.to(device)
    both = denoiser.bind(torch.cat([embeddings, torch.zeros_like(embeddings)]))
    guided = hold(classifier_free(both, cfg), given, rollout.hold)
    noise = rollout.turned_noise(generator)
    x = add_noise(denoiser.schedule, given, noise.to(device), timesteps[0])
    for step in sample_ddim(guided, x, timesteps, eta=_ETA, generator=generator):
        x = step.x
    levels = torch.cat([to_tensor(to_pixels(picture[None])) for picture in x])
    moved = _moved(levels, rollout.motion)
    return replace(rollout, done=rollout.done + 1, given=moved, noise=noise)


def _draw_motion(habits: Habits, width: int, height: int, generator: torch.Generator) -> Matrix:
    if torch.rand((), generator=generator) < habits.still:
        return np.eye(3)
    zoom, roll, x, y = (2 * torch.rand(4, generator=generator) - 1).tolist()
    motion = CameraMotion(
        zoom=habits.zoom**zoom,
        roll=habits.roll * roll,
        translate_x=habits.shift * x,
        translate_y=habits.shift * y,
    )
    return matrix_2d(motion, width, height)


def _moved(pictures: Tensor, motion: Matrix) -> Tensor:
    return warp_2d(pictures, motion, padding="reflection", sampling="bicubic")


def _seen(paintings: Tensor, view: Matrix, margin: int) -> tuple[Tensor, Tensor]:
    """The middle of `paintings`, without their margin, after a motion of it; and where it is known.

    One warp of the painting itself: a view costs it no more sharpness than one resampling.
    """
    inset = margin // 2
    to_middle, back = np.eye(3), np.eye(3)
    to_middle[:2, 2], back[:2, 2] = -inset, inset
    matrix = compose(to_middle, view, back)
    middle = (..., slice(inset, -inset or None), slice(inset, -inset or None))
    whole = torch.ones_like(paintings[:1, :1])
    inside = warp_2d(whole, matrix, padding="zeros", sampling="bilinear")[middle]
    return _moved(paintings, matrix)[middle], (inside > 0.999).to(paintings)
