"""From losses of pictures to the gradient that guides a denoiser.

Convention:
    A `PictureLoss` is 0 at best and gives one number a picture. log p(y | x_t) is minus the sum of
    the losses, up to a constant, so their weights are the guidance scales.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from pipeline.diffusion.cut_schedule import Cutouts, CutSchedule
from pipeline.diffusion.cutouts import make_cutouts
from pipeline.diffusion.guidance import CondFn
from pipeline.diffusion.losses import spherical_distance
from pipeline.diffusion.schedule import NoiseSchedule
from pipeline.diffusion.space import PIXELS
from pipeline.protocols import Encoder, Space
from pipeline.spec.step_schedule import StepSchedule

PictureLoss = Callable[[Tensor, float], Tensor | None]
"""A loss `(pictures, progress) -> (N,)` of `(N, 3, H, W)` at a progress in [0, 1).

The result is None where the loss is off: it costs nothing there.
"""


def blend_in(x: Tensor, denoised: Tensor, sigma: Tensor) -> Tensor:
    """`sigma * denoised + (1 - sigma) * x`: what CLIP and the smoothness losses judge.

    Early the estimate, and through it the network; late x itself, by then a picture (the x_in of
    CLIP-guided diffusion).
    """
    return torch.lerp(x, denoised, sigma)


def _estimate(x: Tensor, denoised: Tensor, sigma: Tensor) -> Tensor:
    return denoised


def weighted(loss: Callable[[Tensor], Tensor], weight: float) -> PictureLoss:
    """`weight` times a loss that is the same at all times."""
    return lambda pictures, _: weight * loss(pictures)


def scheduled_loss(scale: StepSchedule, make: Callable[[float], PictureLoss]) -> PictureLoss:
    """At each progress the loss that `make` gives for the scale that holds there; none at 0."""

    def loss(pictures: Tensor, progress: float) -> Tensor | None:
        weight = scale(progress)
        return make(weight)(pictures, progress) if weight else None

    return loss


def make_cond_fn(
    schedule: NoiseSchedule,
    *,
    blend_losses: Sequence[PictureLoss] = (),
    denoised_losses: Sequence[PictureLoss] = (),
    space: Space = PIXELS,
) -> CondFn:
    """Minus the gradient, with respect to x, of the summed losses of the blend and of the estimate.

    The pictures share one timestep, as in a sampler, and are what `space.judged` makes of x. Every
    loss has its own backward pass down to the pictures and one more takes their sum through the
    network: the chain rule, at the memory of one loss at a time.
    """
    judged_by = [(blend_in, blend_losses), (_estimate, denoised_losses)]

    def cond_fn(x: Tensor, t: Tensor, denoised: Tensor) -> Tensor:
        _, sigma = schedule.at(x, t)
        progress = schedule.progress(int(t[0]))
        seen = [
            (space.judged(mix(x, denoised, sigma)), losses) for mix, losses in judged_by if losses
        ]
        judged = [(picture, _gradient(losses, picture, progress)) for picture, losses in seen]
        pictures = [picture for picture, gradient in judged if gradient is not None]
        gradients = [gradient for _, gradient in judged if gradient is not None]
        if not gradients:
            return torch.zeros_like(x)
        (gradient,) = torch.autograd.grad(pictures, x, gradients)
        return -gradient

    return cond_fn


def _gradient(losses: Sequence[PictureLoss], pictures: Tensor, progress: float) -> Tensor | None:
    """The gradient of the summed losses, `(N, 3, H, W)`; None where all of them are off."""
    pictures = pictures.detach().requires_grad_()
    total = None
    for loss in losses:
        values = loss(pictures, progress)
        if values is not None:
            (gradient,) = torch.autograd.grad(values.sum(), pictures)
            total = gradient if total is None else total + gradient
    return total


@dataclass(frozen=True, slots=True, eq=False)
class ClipTarget:
    """The weighted embeddings that CLIP guidance draws pictures towards.

    `embeddings`, `(K, D)`, are unit vectors; `weights`, `(K,)`, may be negative: to be avoided.

    Raises:
        ValueError: the shapes do not match, or the vectors are not of length 1.
    """

    embeddings: Tensor
    weights: Tensor

    def __post_init__(self) -> None:
        if self.embeddings.ndim != 2 or self.weights.shape != self.embeddings.shape[:1]:
            raise ValueError(
                f"embeddings {tuple(self.embeddings.shape)} and weights "
                f"{tuple(self.weights.shape)}; they are (K, D) and (K,)"
            )
        lengths = torch.linalg.vector_norm(self.embeddings.float(), dim=1)
        if not torch.allclose(lengths, torch.ones_like(lengths), atol=1e-2):
            raise ValueError(f"the embeddings have lengths {lengths.tolist()}; normalise them to 1")

    def distance(self, embeddings: Tensor) -> Tensor:
        """The weighted sum of spherical distances, `(N,)`, for unit vectors `(N, D)`."""
        distances = spherical_distance(embeddings[:, None], self.embeddings.to(embeddings))
        return distances @ self.weights.to(embeddings)


def clip_loss(
    encoder: Encoder,
    target: ClipTarget,
    cutouts: CutSchedule,
    *,
    weight: float,
    generator: torch.Generator,
    augment: bool = True,
) -> PictureLoss:
    """`weight` times the mean distance of a picture's cutouts from the target.

    Each evaluation draws new cutouts from `generator`. For `cutn_batches` of them list this loss as
    often, each with its share of the weight.
    """

    def loss(pictures: Tensor, progress: float) -> Tensor:
        spec = cutouts(progress)
        return torch.stack([_distance(picture, spec) for picture in pictures[:, None]])

    def _distance(picture: Tensor, spec: Cutouts) -> Tensor:
        cuts = make_cutouts(picture, encoder.size, spec, generator, augment=augment)
        return weight * target.distance(encoder.encode_pictures(cuts)).mean()

    return loss
