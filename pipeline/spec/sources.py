"""Which networks a render uses and where each comes from, as plain data. Imports no torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

STARTER = "starter"
"""The name of the networks that ship inside the package, in every role that they have."""

DIS = "dis"
"""The name of OpenCV's optical flow, which is no network: it comes with OpenCV."""

PICKLES = (".pt", ".pth", ".ckpt", ".bin")
CHECKPOINTS = (*PICKLES, ".safetensors")
"""How the name of a file of weights ends, in small letters or capitals."""

LINEAR = "linear"
"""The name of the linear map from latents to pictures, which is found from the autoencoder."""

Precision = Literal["auto", "fp32", "bf16", "fp16"]
"""The numbers that denoiser, encoders and depth compute in; `auto` goes by the device."""


@dataclass(frozen=True, slots=True)
class NamedSource:
    """A network by its name: `starter`, or a published one."""

    name: str


@dataclass(frozen=True, slots=True)
class FolderSource:
    """The author's own network, in a folder of its role's format."""

    folder: str
    """Absolute path of the folder."""


@dataclass(frozen=True, slots=True)
class CheckpointSource:
    """The author's own network, in one file of weights."""

    file: str
    """Absolute path of the file of weights."""
    config: str | None
    """Configuration: of a denoiser the absolute path of a JSON file, or a known name; of a depth
    estimator the name of its architecture."""


Source = NamedSource | FolderSource | CheckpointSource


@dataclass(frozen=True, slots=True)
class DepthSource:
    """A depth estimator, and its part in the blend of those that a scene names."""

    name: str
    """Name of the estimator as the author wrote it."""
    source: Source
    share: float = 1.0
    """Share in the blend, above 0; the shares of a scene add up to 1."""


STARTER_DEPTH = (DepthSource(STARTER, NamedSource(STARTER)),)


@dataclass(frozen=True, slots=True)
class NetworkSet:
    """Networks that work together; those that no frame asks are never looked for."""

    preset: str = STARTER
    denoiser: Source = NamedSource(STARTER)
    secondary: Source | None = None
    encoders: Mapping[str, Source] = field(default_factory=lambda: {STARTER: NamedSource(STARTER)})
    """Encoders by the names under which frames weigh them."""
    depth: tuple[DepthSource, ...] = STARTER_DEPTH
    """Depth estimators, at least one; several are blended."""
    flow: Source = NamedSource(DIS)
    """Optical flow between two pictures."""
    guidance_decoder: Source | None = None
    """What decodes latents for guidance and previews: `linear`, a tiny autoencoder, or the
    network's own if None."""
    refiner: Source | None = None
    """Network that takes the last steps of a denoising over from the denoiser; None is none."""
    second_stage: Source | None = None
    """Last stage of a cascade, which enlarges what the denoiser paints; None is none."""
    image_prompts: Source | None = None
    """IP-Adapter, through which the denoiser reads prompts that are pictures; None is none."""
    embeddings: Mapping[str, Source] = field(default_factory=dict)
    """Files of textual inversion, by the words that stand for them in prompts."""
    loras: Mapping[str, Source] = field(default_factory=dict)
    """Low-rank adapters by the names under which frames weigh them."""
    controls: Mapping[str, Source] = field(default_factory=dict)
    """ControlNets by the names under which frames ask them."""
    precision: Precision = "auto"
    truncate_prompts: bool = False
    """Whether encoders read as much of a long prompt as they can; otherwise one is an error."""
