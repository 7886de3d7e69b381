"""The kinds of network that the frame loop knows, as protocols.

Convention:
    Pictures are `(N, 3, H, W)` float tensors in [-1, 1]. A noised picture is
    `x_t = alpha_t x_0 + sigma_t eps` with `alpha_t^2 + sigma_t^2 = 1`; `t` is a timestep of the
    denoiser's own `NoiseSchedule`, from 0 (clean) to `len(schedule) - 1` (noise).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol, Self

if TYPE_CHECKING:
    from torch import Tensor, nn

    from keyframes.prompts import Prompt
    from pipeline.diffusion.added import Added
    from pipeline.diffusion.noise import NoiseSource
    from pipeline.diffusion.schedule import NoiseSchedule
    from pipeline.spec.denoise import SamplerSpec


class Denoiser(Protocol):
    """Estimates the clean picture; differentiable in `x`."""

    @property
    def schedule(self) -> NoiseSchedule:
        """The noise levels that the network is asked at."""
        ...

    def __call__(self, x: Tensor, t: Tensor) -> Tensor:
        """The estimate of x_0, `(N, 3, H, W)`, for a noised `x` at timesteps `t`, `(N,)`."""
        ...


class Encoder(Protocol):
    """Puts pictures and texts into one space of unit vectors."""

    @property
    def size(self) -> int:
        """Side in pixels of the square pictures that `encode_pictures` takes."""
        ...

    def encode_pictures(self, pictures: Tensor) -> Tensor:
        """Unit vectors `(N, D)` for pictures `(N, 3, size, size)` in [-1, 1]; differentiable."""
        ...

    def encode_texts(self, texts: Sequence[str]) -> Tensor:
        """Unit vectors `(len(texts), D)`."""
        ...


class DepthEstimator(Protocol):
    """Estimates how far away each pixel is."""

    def __call__(self, picture: Tensor) -> Tensor:
        """Depth z > 0, `(N, 1, H, W)`, for pictures `(N, 3, H, W)`; larger is farther."""
        ...


class FlowEstimator(Protocol):
    """Estimates how what one picture shows has moved in another."""

    def __call__(self, first: Tensor, second: Tensor) -> Tensor:
        """Optical flow `(1, 2, H, W)` in pixels, float32, for pictures `(1, 3, H, W)`.

        Where the second picture shows what lies at each pixel of the first, less the pixel's own
        place: x (right), then y (down).
        """
        ...


class EmbeddedNetwork(Protocol):
    """A network that becomes a `Denoiser` once it is given the embedding of its prompt."""

    @property
    def prompt_size(self) -> int | None:
        """D, the length of the prompt embeddings, or None for a network that takes none."""
        ...

    def for_sampling(self, sampler: SamplerSpec) -> Self:
        """This network on the noise levels out of which `sampler` chooses its own.

        Where the sampler names a spacing these are exactly the levels that it visits.
        """
        ...

    def bind(self, embedding: Tensor | None) -> Denoiser:
        """The denoiser for one prompt: a unit vector `(D,)`, or None for no prompt at all.

        `(N, D)` holds a prompt for each picture of a batch; zeros are no prompt.
        """
        ...


class Space(Protocol):
    """Where a denoiser works: in pixels, or in the latents of an autoencoder.

    Its tensors are `(N, channels, H / factor, W / factor)` for pictures `(N, 3, H, W)`.
    """

    @property
    def channels(self) -> int:
        """C, the channels of a place."""
        ...

    @property
    def factor(self) -> int:
        """Side in pixels of the square that a place stands for."""
        ...

    def encode(self, pictures: Tensor) -> Tensor:
        """Pictures `(N, 3, H, W)` in [-1, 1] in this space; draws no random numbers."""
        ...

    def decode(self, x: Tensor) -> Tensor:
        """The pictures `(N, 3, H, W)` of `x`; differentiable."""
        ...

    def judged(self, x: Tensor) -> Tensor:
        """The pictures that guidance judges, `(N, 3, H, W)`: `decode`, or what stands in for it."""
        ...


Condition = Any
"""Prompts encoded by a denoiser's text side; opaque to everything but that denoiser."""


class PromptedNetwork(Protocol):
    """A denoiser with its text side, which becomes a `Denoiser` once it is bound to conditions."""

    @property
    def space(self) -> Space:
        """Where the denoiser works."""
        ...

    def for_sampling(self, sampler: SamplerSpec, size: tuple[int, int]) -> Self:
        """This network on the noise levels at which `sampler` asks it.

        `size` is the width and the height of the pictures, in pixels.
        """
        ...

    def adapted(self, added: Added) -> Self:
        """This network with what a frame adds to it."""
        ...

    def apart(self, prompts: Sequence[Prompt]) -> Sequence[tuple[float, Sequence[Prompt]]]:
        """Prompts by the conditions that they make, each with its share of guidance's scale."""
        ...

    def condition(self, prompts: Sequence[Prompt]) -> Condition | None:
        """Weighted prompts encoded by the text side; None for a network that reads none."""
        ...

    def opposite(self, condition: Condition) -> Condition | None:
        """What classifier-free guidance leads away from: a negative prompt, or None for none."""
        ...

    def bind(self, *conditions: Condition | None) -> Denoiser:
        """The denoiser under one condition, or under one for each picture of its batches.

        A condition of None is no prompt at all.
        """
        ...

    def finished(
        self, x: Tensor, prompts: Sequence[Prompt], noise: NoiseSource, size: tuple[int, int]
    ) -> Tensor:
        """The picture `(1, 3, H, W)` of a sample, of `size`, (width, height) in pixels.

        A cascade samples its last stage here, with random numbers of `noise`; others decode `x`.
        """
        ...


class Secondary(Protocol):
    """A small network that stands in for the denoiser in guidance's gradient."""

    def __call__(self, x: Tensor, alpha: Tensor, sigma: Tensor) -> Tensor:
        """The estimate of x_0, `(N, 3, H, W)`, differentiable in `x`."""
        ...


class LoadedDepth(DepthEstimator, Protocol):
    """A depth estimator on two scales, and the network behind it."""

    @property
    def network(self) -> nn.Module:
        """The module that holds all weights."""
        ...

    def disco(self, picture: Tensor) -> Tensor:
        """Depth z > 0 on the scale of Disco Diffusion, which its projection moves through."""
        ...
