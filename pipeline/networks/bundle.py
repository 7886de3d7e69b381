"""The networks of one render, in memory, as the frame loop asks them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import torch

from pipeline.diffusion.perceptual import Features
from pipeline.networks.encoders.prompt_encoder import PromptEncoder
from pipeline.networks.memory.chunked_encoder import CutLimit
from pipeline.protocols import DepthEstimator, PromptedNetwork, Secondary
from pipeline.spec.camera import Projection


@dataclass(frozen=True, slots=True)
class Networks:
    """What the frame loop asks."""

    denoiser: PromptedNetwork
    encoders: Mapping[str, PromptEncoder]
    """What guides, by the names under which frames weigh them."""
    depth: DepthEstimator | None
    """For a pinhole camera; None where no frame needs it."""
    device: torch.device
    disco_depth: DepthEstimator | None = None
    """The same networks on Disco's scale, for its projection."""
    secondary: Secondary | None = None
    """None where no frame guides through it."""
    lpips: Features | None = None
    """None where no frame keeps to a picture by LPIPS."""
    cuts: CutLimit = field(default_factory=CutLimit)
    """How many cutouts the encoders look at together."""

    def depth_for(self, projection: Projection) -> DepthEstimator | None:
        """The depth that a camera of this projection moves through."""
        return {"pinhole": self.depth, "disco": self.disco_depth}[projection]
