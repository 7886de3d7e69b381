"""A text-to-image network made of its parts: a `PromptedNetwork` of any family."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import torch
from torch import Tensor, nn

from keyframes.prompts import Prompt
from pipeline.diffusion.added import Added
from pipeline.diffusion.guidance import with_schedule
from pipeline.diffusion.noise import NoiseSource
from pipeline.diffusion.schedule import NoiseSchedule
from pipeline.diffusion.seamless_space import SeamlessSpace
from pipeline.diffusion.spacing import spaced
from pipeline.diffusion.trained_noise import TrainedNoise
from pipeline.networks.denoisers.scheduler import PREDICTIONS
from pipeline.networks.memory.offload import loaded_on
from pipeline.networks.text_to_image.parts.condition import Condition, mixed, stacked
from pipeline.networks.text_to_image.parts.protocols import Backbone, TextSide
from pipeline.protocols import Denoiser, Space
from pipeline.spec.denoise import SamplerSpec

Size = tuple[int, int]
"""Width and height of pictures, in pixels."""

_NOISED: Mapping[str, Callable[[Tensor, Tensor, Tensor], Tensor]] = {
    **dict.fromkeys(("sample", "epsilon", "v_prediction"), lambda x, alpha, sigma: x),
    "flow_prediction": lambda x, alpha, sigma: x / (alpha + sigma),
}
"""What a network is given of x, by what it was trained to predict: `(x, alpha, sigma)`."""


Adapt = Callable[[Added, NoiseSchedule], tuple[Backbone, TextSide]]
"""What a frame adds to a denoiser, on the noise levels of its sampling, to the parts with it."""


ReadPictures = Callable[[Sequence[Prompt]], tuple[Mapping[str, Tensor], Mapping[str, Tensor]]]
"""From a frame's prompts to vectors of its condition, and of what is led away from."""


@dataclass(frozen=True, slots=True, eq=False)
class Steered:
    """What a picture is to show, and what classifier-free guidance leads away from."""

    wanted: Condition
    unwanted: Condition


Finish = Callable[[Tensor, Steered, NoiseSource, Size], Tensor]
"""From a sample of the base network to a picture: `(x, condition, noise, size) -> (1, 3, H, W)`."""


def no_vectors(size: Size) -> Mapping[str, Tensor]:
    """The vectors of a network that is not told the size of its pictures."""
    return {}


@dataclass(frozen=True, slots=True, eq=False)
class TextToImage:
    """A denoiser that reads prompts; its weights are on `device` only while it works.

    Prompts of positive weight are mixed as embeddings. Those of negative weight are the negative
    prompt, which takes the place of the empty one in classifier-free guidance by the share that
    their weights are of the positive ones. Where `pictures` reads pictures beside the texts, and
    they weigh more, the empty prompt takes the rest of the texts' place too.
    """

    backbone: Backbone
    module: nn.Module
    """Module of all weights of the backbone, on whichever device they lie between its uses."""
    texts: TextSide
    space: Space
    noise: TrainedNoise
    device: torch.device
    dtype: torch.dtype = torch.float32
    """The numbers that the backbone computes in."""
    told: Callable[[Size], Mapping[str, Tensor]] = no_vectors
    """Vectors `(K,)` that the network takes of the size of its pictures, beside the prompt's."""
    patch: int = 1
    """Side of the square of places that is one token of a transformer."""
    reads_pictures: bool = False
    """Whether the text side takes prompts that are pictures; else they are passed over."""
    pictures: ReadPictures | None = None
    """What reads prompts that are pictures beside the text side; None where nothing does."""
    adapt: Adapt | None = None
    """The parts with what a frame adds to them; None for a network that nothing is added to."""
    finish: Finish | None = None
    """The last stage of a cascade; None decodes the sample."""
    schedule: NoiseSchedule | None = None
    """The noise levels of a sampling, once there is one."""
    size: Size = (0, 0)

    def for_sampling(self, sampler: SamplerSpec, size: Size) -> Self:
        """This network on the noise levels at which `sampler` asks it."""
        width, height = (side // (self.space.factor * self.patch) for side in size)
        schedule = spaced(
            self.noise, sampler.name, sampler.steps, sampler.spacing, places=width * height
        )
        return replace(self, schedule=schedule, size=size, space=_around(self.space, sampler))

    def adapted(self, added: Added) -> Self:
        """This network with what a frame adds to it, once it has the noise levels of a sampling."""
        if self.adapt is None:
            return self
        backbone, texts = self.adapt(added, self._levels)
        return replace(self, backbone=backbone, texts=texts)

    def apart(self, prompts: Sequence[Prompt]) -> list[tuple[float, Sequence[Prompt]]]:
        """All prompts as one condition, led to by the whole of guidance's scale."""
        return [(1.0, prompts)]

    def condition(self, prompts: Sequence[Prompt]) -> Steered:
        """Weighted prompts as the conditions with and without them.

        Pictures that nothing here reads are passed over: they are for CLIP guidance.

        Raises:
            ModelError: a prompt cannot be read by this network.
            PictureError: a file is no picture.
        """
        empty = self.texts.empty()
        read = [prompt for prompt in prompts if self.reads_pictures or not prompt.image]
        wanted = [prompt for prompt in read if prompt.weight > 0]
        unwanted = [prompt for prompt in read if prompt.weight < 0]
        total = sum(prompt.weight for prompt in wanted)
        against = -sum(prompt.weight for prompt in unwanted)
        away = _by_share(self._mixed(unwanted, empty), against, total, empty)
        towards = self._mixed(wanted, empty)
        if self.pictures is None:
            return Steered(towards, away)
        beside = sum(prompt.weight for prompt in prompts if prompt.image and prompt.weight > 0)
        shown, hidden = self.pictures(prompts)
        towards = _by_share(towards, total, beside, empty)
        return Steered(_with(towards, shown), _with(away, hidden))

    def opposite(self, condition: Steered) -> Steered:
        """What classifier-free guidance leads away from: the negative prompt, or the empty one."""
        return Steered(condition.unwanted, condition.wanted)

    def bind(self, *conditions: Steered | None) -> Denoiser:
        """The denoiser for one condition, or for one a picture; None is the empty prompt."""
        schedule, empty = self._levels, self.texts.empty()
        both = stacked([empty if one is None else one.wanted for one in conditions], empty)
        given = self._with_size(both, len(conditions)).to(self.device, self.dtype)
        noised, predicted = _NOISED[self.noise.prediction], PREDICTIONS[self.noise.prediction]

        def denoise(x: Tensor, t: Tensor) -> Tensor:
            alpha, sigma = schedule.at(x, t)
            seen = noised(x, alpha, sigma).to(self.dtype)
            with loaded_on(self.module, self.device):
                output = self.backbone(seen, schedule.told(t), _for_batch(given, len(x)))
            return predicted(x, output.to(x.dtype), alpha, sigma)

        return with_schedule(schedule, denoise)

    def finished(
        self, x: Tensor, prompts: Sequence[Prompt], noise: NoiseSource, size: Size
    ) -> Tensor:
        """The picture `(1, 3, H, W)` of a sample: by the last stage of a cascade, or decoded."""
        if self.finish is None:
            return self.space.decode(x)
        return self.finish(x, self.condition(prompts), noise, size)

    @property
    def _levels(self) -> NoiseSchedule:
        if self.schedule is None:
            raise ValueError("this network has no noise levels yet; call for_sampling before")
        return self.schedule

    def _mixed(self, prompts: Sequence[Prompt], empty: Condition) -> Condition:
        if not prompts:
            return empty
        weights = [abs(prompt.weight) for prompt in prompts]
        return mixed([self.texts(prompt) for prompt in prompts], weights, empty)

    def _with_size(self, given: Condition, count: int) -> Condition:
        vectors = {name: one.expand(count, -1) for name, one in self.told(self.size).items()}
        return _with(given, vectors)


def _around(space: Space, sampler: SamplerSpec) -> Space:
    """`space`, whose autoencoder sees beyond the edges of pictures that go round."""
    goes_round = sampler.seamless and space.factor > 1 and not isinstance(space, SeamlessSpace)
    return SeamlessSpace(space) if goes_round else space


def _by_share(one: Condition, weight: float, whole: float, empty: Condition) -> Condition:
    """`one`, of prompts that weigh `weight`: where that is less than `whole`, partly `empty`."""
    if not 0 < weight < whole:
        return one
    share = weight / whole
    return mixed([one, empty], [share, 1 - share], empty)


def _with(condition: Condition, vectors: Mapping[str, Tensor]) -> Condition:
    return replace(condition, vectors={**condition.vectors, **vectors})


def _for_batch(given: Condition, count: int) -> Condition:
    """Conditions for a batch of `count` pictures: one for all of them, or each for as many."""

    def each(tensor: Tensor) -> Tensor:
        return tensor.repeat_interleave(count // len(tensor), 0)

    return Condition(
        sequence=None if given.sequence is None else each(given.sequence),
        mask=None if given.mask is None else each(given.mask),
        vectors={name: each(vector) for name, vector in given.vectors.items()},
    )
