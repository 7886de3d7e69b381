"""The configuration of a GLIDE network, under the names of the flags of its published code.

Imports no torch.

Convention:
    Where a key is left out it has the default of GLIDE's `model_and_diffusion_defaults` (Nichol et
    al. 2021, arXiv:2112.10741), which is that of the published network.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from pipeline.catalogue.config import read_config
from pipeline.catalogue.guided_config import GuidedDiffusionConfig

VOCAB_SIZE = 50_257
"""Size of GLIDE's vocabulary, which is GPT-2's."""

UPSAMPLED = 4
"""How many pixels of the upsampler's picture, in each direction, one of the base's becomes."""

_COLOURS = 3
_ELSEWHERE = "cache_text_emb"
_NOISES = {"squaredcos_cap_v2": "cosine"}
"""Noise schedules by GLIDE's names, where ours have others."""

_Count = Annotated[int, Field(ge=1)]


class GlideConfig(GuidedDiffusionConfig):
    """Architecture and noise of a GLIDE network: guided-diffusion's U-Net, and its transformer."""

    image_size: _Count = 64
    num_channels: Annotated[int, Field(ge=2, multiple_of=2)] = 192
    num_res_blocks: _Count = 3
    attention_resolutions: str = "32,16,8"
    num_heads: _Count = 1
    num_head_channels: int = 64
    resblock_updown: bool = True
    learn_sigma: bool = True
    noise_schedule: Literal["linear", "cosine"] = "cosine"
    text_ctx: _Count = 128
    """How many tokens the transformer reads, padding included."""
    xf_width: _Count = 512
    xf_layers: _Count = 16
    xf_heads: _Count = 8
    xf_final_ln: bool = True
    """Whether what the transformer gives is normalised."""
    xf_padding: bool = True
    """Whether padding has embeddings of its own, or is the last token of the vocabulary."""
    super_res: bool = False
    """Whether the network enlarges a picture, which it is given beside the noised one."""
    inpaint: Literal[False] = False

    @property
    def channels(self) -> int:
        """Channels of what the U-Net is given: colours, and those of the picture to enlarge."""
        return 2 * _COLOURS if self.super_res else _COLOURS

    @model_validator(mode="before")
    @classmethod
    def _in_our_words(cls, content: Any) -> Any:
        if not isinstance(content, dict):
            return content
        kept = {key: value for key, value in content.items() if key != _ELSEWHERE}
        noise = kept.get("noise_schedule")
        return kept | ({"noise_schedule": _NOISES[noise]} if noise in _NOISES else {})

    @model_validator(mode="after")
    def _has_whole_text_heads(self) -> Self:
        if self.xf_width % self.xf_heads:
            raise ValueError(
                f"an xf_width of {self.xf_width} cannot be split into {self.xf_heads} equal heads; "
                "mend xf_width or xf_heads"
            )
        return self


class UpsamplerConfig(GlideConfig):
    """An upsampler, with the defaults of `model_and_diffusion_defaults_upsampler`."""

    image_size: _Count = 256
    num_res_blocks: _Count = 2
    noise_schedule: Literal["linear", "cosine"] = "linear"
    super_res: Literal[True] = True


BASE = GlideConfig()
"""The published base network, of pictures of 64 pixels."""

UPSAMPLER = UpsamplerConfig()
"""The published upsampler, to pictures of 256 pixels."""


def glide_config(weights: Path, published: GlideConfig) -> GlideConfig:
    """The configuration of a checkpoint: the JSON file of its name beside it, or the `published`.

    Raises:
        ModelError: something in the file is not allowed.
    """
    path = weights.with_suffix(".json")
    return read_config(path, type(published)) if path.exists() else published
