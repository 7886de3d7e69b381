"""What frames add to transformers: LoRAs, whose weights move."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from torch import nn

from pipeline.diffusion.added import Added
from pipeline.diffusion.schedule import NoiseSchedule
from pipeline.networks.text_to_image.lora_files import Layers, read_transformer_lora
from pipeline.networks.text_to_image.loras import Loras
from pipeline.networks.text_to_image.parts.network import Adapt
from pipeline.networks.text_to_image.parts.protocols import Backbone, TextSide

NO_LORAS: Mapping[str, Path] = MappingProxyType({})
"""No files of LoRAs."""


def transformer_adapters(
    backbone: Callable[[Added], Backbone],
    transformer: nn.Module,
    texts: TextSide,
    files: Mapping[str, Path],
    read: Callable[[Path], Mapping[str, Layers]] = read_transformer_lora,
) -> Adapt:
    """What may be added to a transformer, on which `backbone` stands: the LoRAs in `files`.

    Text encoders stay as they are.

    Raises:
        ModelError: a file is missing or damaged, or was made for another denoiser.
    """
    if not files:
        return lambda added, schedule: (backbone(added), texts)
    loras = Loras({"transformer": transformer}, read, files, lambda: texts)

    def adapt(added: Added, schedule: NoiseSchedule) -> tuple[Backbone, TextSide]:
        return loras.backbone(backbone(added), added.loras), texts

    return adapt
