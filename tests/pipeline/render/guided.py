"""Frames as a test of guidance wants them, and the denoiser below all guidance."""

from __future__ import annotations

import torch
from torch import Tensor

from pipeline.diffusion.guidance import classifier_free
from pipeline.diffusion.space import PIXELS
from pipeline.networks.bundle import Networks
from pipeline.protocols import Denoiser
from pipeline.render.start import Canvas, Start
from pipeline.spec.denoise import GuidanceSpec
from pipeline.spec.frame import FrameSpec
from tests.pipeline.plans import painted
from tests.pipeline.toy_networks import NO_GUIDANCE, toy_spec, vectors

VECTORS = vectors()
T = torch.tensor([60])


def spec_with(guidance: GuidanceSpec = NO_GUIDANCE, **changes: object) -> FrameSpec:
    """The toy frame under this guidance, with other changes to its painting."""
    return painted(toy_spec(guidance=guidance), **changes)


def prompted(models: Networks, spec: FrameSpec) -> Denoiser:
    """The network that hears the prompts of a frame, and is not guided in another way."""
    (cfg_scale,) = spec.painting.guidance.cfg_scale.values
    if not cfg_scale:
        return models.denoiser.bind(None)
    told = models.denoiser.condition(spec.painting.prompts)
    return classifier_free(models.denoiser.bind(told, None), cfg_scale)


def over(picture: Tensor | None) -> Canvas:
    """What a frame of a denoiser of pixels begins with that is painted over a picture."""
    return Start(picture).within(PIXELS)
