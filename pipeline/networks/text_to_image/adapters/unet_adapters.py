"""What frames add to Stable Diffusion 1, 2 and XL: LoRAs, ControlNets, another guidance scale."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.diffusion.added import Added
from pipeline.diffusion.schedule import NoiseSchedule
from pipeline.networks.text_to_image.adapters.controls import ControlNets
from pipeline.networks.text_to_image.adapters.loras import Loras
from pipeline.networks.text_to_image.parts import Backbone, TextSide
from pipeline.networks.text_to_image.unets import UNetBackbone


@dataclass(frozen=True, slots=True)
class AdapterFiles:
    """Where what frames add to a denoiser lies, by its names in the scene."""

    loras: Mapping[str, Path] = field(default_factory=dict)
    controls: Mapping[str, Path] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class UNetAdapters:
    """What may be added to a U-Net and its text side, in memory."""

    base: UNetBackbone
    around: Callable[[UNetBackbone], Backbone]
    """The whole backbone that `base` is, or is a part of."""
    texts: TextSide
    controls: ControlNets
    loras: Loras | None = None
    """None where no frame has one, and the networks are as they were published."""

    def __call__(self, added: Added, schedule: NoiseSchedule) -> tuple[Backbone, TextSide]:
        """The backbone and the text side with what a frame adds to them."""
        base = self.base
        if added.distilled_cfg_scale is not None:
            base = replace(base, guidance_scale=added.distilled_cfg_scale)
        if added.shown:
            base = replace(base, controls=self.controls.shown(added.shown, schedule))
        backbone = self.around(base)
        if self.loras is None:
            return backbone, self.texts
        return self.loras.backbone(backbone, added.loras), self.loras.texts(added.loras)
