"""Where the networks of a render lie on this disk, and what their files are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.catalogue.guided_config import GuidedDiffusionConfig
from pipeline.catalogue.publication import Published
from pipeline.spec.fingerprints import FileRole
from pipeline.spec.sources import Precision


@dataclass(frozen=True, slots=True)
class NetworkFiles:
    """Where one network lies."""

    path: Path
    """A folder in the format of its role or of a pipeline, or a file of weights."""
    config: GuidedDiffusionConfig | None = None
    """Configuration of a guided-diffusion checkpoint; None for any other network."""
    published: Published | None = None
    """Catalogue entry of what lies in the store; None for one's own networks and the starter's."""
    tokenizer: tuple[Path, ...] = ()
    """Vocabulary and configuration of an encoder's tokenizer; empty where it is OpenAI's."""
    architecture: str | None = None
    """What a file of one's own was trained as: a depth network one of `DEPTH_CONFIGURATIONS`, a
    text-to-image network one of `ARCHITECTURES`."""


@dataclass(frozen=True, slots=True)
class DepthFiles:
    """Where a depth estimator lies, and its part in the blend of a render."""

    name: str
    files: NetworkFiles
    share: float = 1.0
    """Weight in the blend, above 0; the weights of a blend add up to 1."""


@dataclass(frozen=True, slots=True)
class LpipsFiles:
    """Where the two parts of LPIPS lie."""

    vgg16: NetworkFiles
    heads: NetworkFiles


AdditionKey = tuple[FileRole, str]
"""Role of what is added to a denoiser, and its name where there may be several."""


@dataclass(frozen=True, slots=True)
class LocatedNetworks:
    """All that a render loads; None is a network that it never asks."""

    denoiser: NetworkFiles
    encoders: Mapping[str, NetworkFiles]
    """CLIP encoders by the names under which frames weigh them."""
    prompt_encoder: NetworkFiles | None
    """CLIP encoder whose text embeddings condition the denoiser; None for an unconditional one."""
    secondary: NetworkFiles | None
    depth: tuple[DepthFiles, ...]
    """Depth estimators of the blend; empty where no frame asks for depth."""
    lpips: LpipsFiles | None
    precision: Precision
    truncate_prompts: bool
    flow: NetworkFiles | None = None
    """Network for optical flow; None where no frame asks for it, or OpenCV's DIS answers."""
    additions: Mapping[AdditionKey, NetworkFiles] = field(default_factory=dict)
    """What is added to the denoiser: LoRAs, ControlNets, learned words and the like."""
    linear_decoder: bool = False
    """Whether guidance sees latents through a linear map."""

    def by_role(self) -> Iterator[tuple[FileRole, str, NetworkFiles]]:
        """Every network with its role and, where there may be several of it, its name."""
        single: dict[FileRole, NetworkFiles | None] = {
            "denoiser": self.denoiser,
            "prompt encoder": self.prompt_encoder,
            "secondary": self.secondary,
            "flow": self.flow,
        }
        for role, files in single.items():
            if files is not None:
                yield role, "", files
        if self.lpips is not None:
            yield "perceptual", "vgg16", self.lpips.vgg16
            yield "perceptual", "lpips_vgg", self.lpips.heads
        for one in self.depth:
            yield "depth", one.name if len(self.depth) > 1 else "", one.files
        for name, files in self.encoders.items():
            yield "encoder", name, files
        for (role, name), files in self.additions.items():
            yield role, name, files

    def named(self, role: FileRole) -> dict[str, Path]:
        """The paths of what is added to the denoiser in a role, by name."""
        return {name: files.path for (what, name), files in self.additions.items() if what == role}
