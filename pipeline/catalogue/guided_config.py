"""The configuration of a guided-diffusion network, under the names of its training script.

Convention:
    Where a key is left out it has the default of that script (`model_and_diffusion_defaults` of
    guided-diffusion). Lists are strings of numbers with commas, as on its command line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from pipeline.catalogue.config import OwnConfig, read_config
from pipeline.errors import ModelError

GROUPS = 32
"""Groups of every normalisation; each width is a multiple of it."""

_CHANNEL_MULT: Mapping[int, str] = MappingProxyType(
    {512: "0.5,1,1,2,2,4,4", 256: "1,1,2,2,4,4", 128: "1,1,2,3,4", 64: "1,2,3,4"}
)
"""What an empty `channel_mult` means, by `image_size`."""

_ELSEWHERE = frozenset(
    {"dropout", "rescale_learned_sigmas", "timestep_respacing", "use_fp16", "use_kl"}
)
"""Keys that a published configuration may hold, and that a render takes from elsewhere or not."""


def _list_of(name: str, kind: Callable[[str], float]) -> Callable[[str], str]:
    """A check that a text is empty, or has positive numbers of `kind`, with commas between."""

    def checked(text: str) -> str:
        try:
            good = not text or all(0 < kind(part) < 1e6 for part in text.split(","))
        except ValueError:
            good = False
        if not good:
            raise ValueError(
                f'found "{text}"; it is a list of positive {name} with commas, or empty'
            )
        return text

    return checked


def _count_or_unset(value: int) -> int:
    if value < 1 and value != -1:
        raise ValueError(f"found {value}; it is 1 or more, or -1 where it does not count")
    return value


_Count = Annotated[int, Field(ge=1)]
_CountOrUnset = Annotated[int, AfterValidator(_count_or_unset)]


class GuidedDiffusionConfig(OwnConfig):
    """Architecture, prediction and noise of a guided-diffusion network (arXiv:2105.05233)."""

    image_size: _Count
    """Side in pixels of the pictures it was trained on; it works on others, see `size_multiple`."""
    num_channels: Annotated[int, Field(ge=2, multiple_of=2)] = 128
    channel_mult: Annotated[str, AfterValidator(_list_of("numbers", float))] = ""
    """Width of each level in units of `num_channels`; empty: derived from `image_size`."""
    num_res_blocks: _Count = 2
    attention_resolutions: Annotated[str, AfterValidator(_list_of("whole numbers", int))] = "16,8"
    """Sides in pixels, of a picture of `image_size`, at which the network attends."""
    num_heads: _Count = 4
    num_heads_upsample: _CountOrUnset = -1
    """Heads of the upward half; -1: as many as `num_heads`."""
    num_head_channels: _CountOrUnset = -1
    """Width of a head, in place of a number of heads; -1: `num_heads` counts."""
    use_new_attention_order: bool = False
    """Whether queries, keys and values are split first, and heads after that."""
    use_scale_shift_norm: bool = True
    """Whether the timestep scales and shifts the normalised values, or is only added."""
    resblock_updown: bool = False
    """Whether residual blocks change the resolution, or layers of their own."""
    conv_resample: bool = True
    """Whether layers that change the resolution have a convolution."""
    learn_sigma: bool = False
    """Whether three further output channels are a variance; they are not used."""
    class_cond: bool = False
    """Whether the network knows class labels."""
    num_classes: _Count = 1000
    """How many class labels the network knows, where `class_cond` is set."""
    use_checkpoint: bool = False
    """Whether a gradient computes the activations again, block by block, and keeps none."""
    predict_xstart: bool = False
    """Whether the network predicts the picture; otherwise its noise."""
    diffusion_steps: Annotated[int, Field(ge=100, le=100_000)] = 1000
    """Timesteps of the training; fewer than 100 leave no linear schedule below a beta of 1."""
    noise_schedule: Literal["linear", "cosine"] = "linear"
    rescale_timesteps: bool = False
    """Whether the network is told times on a scale of 0 to 1000, whatever the number of steps."""

    @property
    def widths(self) -> tuple[int, ...]:
        """Channels of each level, the finest first."""
        mult = self.channel_mult or _CHANNEL_MULT[self.image_size]
        return tuple(int(float(part) * self.num_channels) for part in mult.split(","))

    @property
    def size_multiple(self) -> int:
        """What width and height of a picture are multiples of: each level but one halves them."""
        return 1 << len(self.widths) - 1

    def schedule_len(self, steps: int) -> int:
        """How many timesteps the schedule has on which the network is sampled in `steps` steps.

        A network that knows times in between is sampled on the largest multiple of `steps` up to
        those of its training, or on `steps` where that is more.
        """
        if not self.rescale_timesteps:
            return self.diffusion_steps
        return max(self.diffusion_steps // steps, 1) * steps

    @property
    def attention_levels(self) -> frozenset[int]:
        """The levels at which the network attends; a resolution that none has is passed over."""
        parts = filter(None, self.attention_resolutions.split(","))
        factors = {self.image_size // int(part) for part in parts}
        return frozenset(level for level in range(len(self.widths)) if 2**level in factors)

    def heads(self, width: int, *, upward: bool = False) -> int:
        """How many heads attend over `width` channels, in the `upward` half or before it."""
        if self.num_head_channels != -1:
            return width // self.num_head_channels
        own_number = upward and self.num_heads_upsample != -1
        return self.num_heads_upsample if own_number else self.num_heads

    @model_validator(mode="before")
    @classmethod
    def _without_what_is_said_elsewhere(cls, content: Any) -> Any:
        if not isinstance(content, dict):
            return content
        return {key: value for key, value in content.items() if key not in _ELSEWHERE}

    @model_validator(mode="after")
    def _has_levels(self) -> Self:
        if not self.channel_mult and self.image_size not in _CHANNEL_MULT:
            known = ", ".join(map(str, sorted(_CHANNEL_MULT)))
            raise ValueError(
                f"an image_size of {self.image_size} implies no channel_mult (only {known} do); "
                "write channel_mult down"
            )
        for width in self.widths:
            if not width or width % GROUPS:
                raise ValueError(
                    f"num_channels and channel_mult make a level of {width} channels; "
                    f"they are multiples of {GROUPS}"
                )
        return self

    @model_validator(mode="after")
    def _has_whole_heads(self) -> Self:
        *_, coarsest = self.widths
        attending = {self.widths[level] for level in self.attention_levels} | {coarsest}
        # Either the width of a head divides that of a level, or the numbers of heads do.
        numbers = (self.num_heads, self.heads(coarsest, upward=True))
        divisors = numbers if self.num_head_channels == -1 else (self.num_head_channels,)
        for width in sorted(attending):
            if any(width % divisor for divisor in divisors):
                raise ValueError(
                    f"a level of {width} channels cannot be split into equal heads; mend "
                    "num_heads, num_heads_upsample or num_head_channels"
                )
        return self


_FINETUNE_512 = GuidedDiffusionConfig(
    image_size=512,
    num_channels=256,
    attention_resolutions="32,16,8",
    num_head_channels=64,
    resblock_updown=True,
    learn_sigma=True,
    rescale_timesteps=True,
)

CONFIGURATIONS: Mapping[str, GuidedDiffusionConfig] = MappingProxyType(
    {
        "512-finetune": _FINETUNE_512,
        "256-uncond": _FINETUNE_512.model_copy(update={"image_size": 256}),
        "portrait": _FINETUNE_512.model_copy(
            update={"num_channels": 128, "num_heads": 4, "num_head_channels": -1}
        ),
        "pixelart": GuidedDiffusionConfig(
            image_size=256,
            num_channels=128,
            attention_resolutions="16",
            num_heads=1,
            use_scale_shift_norm=False,
            learn_sigma=True,
            rescale_timesteps=True,
        ),
    }
)
"""The families of published networks, by the one that each began with.

`512-finetune` is Crowson's 512x512 finetune of OpenAI's ImageNet network, `256-uncond` OpenAI's
unconditional one, `portrait` felipe3dartist's generator; `pixelart` are KaliYuga's finetunes and
most that private hands have trained since, with the script's small settings.
"""


def config_beside(weights: Path) -> GuidedDiffusionConfig:
    """The configuration of a checkpoint of one's own: the JSON file with its name beside it.

    Raises:
        ModelError: the file is missing, or something in it is not allowed.
    """
    path = weights.with_suffix(".json")
    if not path.exists():
        raise ModelError(
            f"{path}: no configuration beside {weights.name}; write the flags of its training "
            'there as JSON, such as {"image_size": 256, "num_channels": 128}, or name one of '
            f"the known configurations: {', '.join(CONFIGURATIONS)}"
        )
    return read_config(path, GuidedDiffusionConfig)
