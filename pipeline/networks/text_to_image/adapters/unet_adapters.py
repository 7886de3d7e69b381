"""What frames add to Stable Diffusion 1, 2 and XL: LoRAs, ControlNets, another guidance scale."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Protocol

from diffusers import UNet2DConditionModel
from torch import nn

from pipeline.diffusion.added import Added
from pipeline.diffusion.schedule import NoiseSchedule
from pipeline.networks.text_to_image.adapters.control_nets import ControlNets, load_controls
from pipeline.networks.text_to_image.adapters.lora_files import read_lora
from pipeline.networks.text_to_image.adapters.loras import Loras
from pipeline.networks.text_to_image.parts.place import Place
from pipeline.networks.text_to_image.parts.protocols import Backbone, RereadingTexts, TextSide
from pipeline.networks.text_to_image.parts.unets import UNetBackbone


@dataclass(frozen=True, slots=True)
class AdapterFiles:
    """Where what frames add to a denoiser lies, by its names in the scene."""

    loras: Mapping[str, Path] = field(default_factory=dict)
    controls: Mapping[str, Path] = field(default_factory=dict)
    pictures: Path | None = None
    """Folder of an IP-Adapter; None for none."""


NO_ADAPTERS = AdapterFiles()


class OnUNet(Backbone, Protocol):
    """A backbone that is a U-Net, or begins with one."""

    def on_base(self, change: Callable[[UNetBackbone], UNetBackbone]) -> OnUNet:
        """This backbone with its U-Net changed by `change`."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class UNetAdapters:
    """What may be added to a U-Net and its text side, in memory."""

    backbone: OnUNet
    texts: TextSide
    controls: ControlNets
    loras: Loras | None = None
    """None where no frame has one, and the networks are as they were published."""

    def __call__(self, added: Added, schedule: NoiseSchedule) -> tuple[Backbone, TextSide]:
        """The backbone and the text side with what a frame adds to them."""

        def told(base: UNetBackbone) -> UNetBackbone:
            if added.distilled_cfg_scale is not None:
                base = replace(base, guidance_scale=added.distilled_cfg_scale)
            if added.shown:
                base = replace(base, controls=self.controls.shown(added.shown, schedule))
            return base

        backbone = self.backbone.on_base(told)
        if self.loras is None:
            return backbone, self.texts
        return self.loras.backbone(backbone, added.loras), self.loras.texts(added.loras)


def unet_adapters(
    backbone: OnUNet,
    texts: RereadingTexts,
    unet: UNet2DConditionModel,
    encoders: Mapping[str, nn.Module],
    place: Place,
    files: AdapterFiles = NO_ADAPTERS,
) -> UNetAdapters:
    """What lies in `files`, loaded for a `backbone` on `unet` and `texts` by `encoders`.

    `encoders` are named as their folders.

    Raises:
        ModelError: a file is missing or damaged, or was made for another denoiser.
    """
    controls = load_controls(files.controls, unet, place)
    if not files.loras:
        return UNetAdapters(backbone, texts, controls)
    parts = {"unet": unet, **encoders}
    loras = Loras(parts, partial(read_lora, unet_config=unet.config), files.loras, texts.anew)
    return UNetAdapters(backbone, texts, controls, loras)
