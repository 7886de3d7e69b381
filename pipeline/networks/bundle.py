"""The networks of one render, in memory, as the frame loop asks them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import torch

from pipeline.diffusion.perceptual import Features
from pipeline.networks.encoders.prompt_encoder import PromptEncoder
from pipeline.networks.flow.dis import DisFlow
from pipeline.networks.memory.chunked_encoder import CutLimit
from pipeline.protocols import DepthEstimator, FlowEstimator, PromptedNetwork, Secondary
from pipeline.spec.camera import Projection


@dataclass(frozen=True, slots=True)
class Networks:
    """Every network that the frame loop calls."""

    denoiser: PromptedNetwork
    encoders: Mapping[str, PromptEncoder]
    """Encoders for CLIP guidance, by the names under which frames weigh them."""
    depth: DepthEstimator | None
    """Depth estimator for a pinhole camera; None where no frame needs it."""
    device: torch.device
    disco_depth: DepthEstimator | None = None
    """Depth estimator on Disco's scale, for its projection; shares its networks with `depth`."""
    secondary: Secondary | None = None
    """Secondary model that guidance is differentiated through; None where no frame needs it."""
    flow: FlowEstimator = field(default_factory=DisFlow)
    """Optical flow between two pictures."""
    lpips: Features | None = None
    """LPIPS features; None where no frame keeps to its init image by LPIPS."""
    cuts: CutLimit = field(default_factory=CutLimit)
    """Limit on the cutouts that the encoders embed in one batch."""
    in_fp32: Callable[[], Networks] | None = None
    """Loads these networks once more, to compute in float32; None where they do so already."""

    def depth_for(self, projection: Projection) -> DepthEstimator | None:
        """The depth estimator that a camera of this projection moves through."""
        return {"pinhole": self.depth, "disco": self.disco_depth}[projection]
