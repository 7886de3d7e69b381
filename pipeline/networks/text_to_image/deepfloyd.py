"""DeepFloyd IF: a U-Net over small pictures that reads its prompt through T5, and a second stage.

Its makers followed Imagen (Saharia et al. 2022, arXiv:2205.11487). The frame loop works on the
small pictures of the first stage, and the second makes a frame of each, larger by a whole factor.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from torch import Tensor

from pipeline.catalogue.config import read_config
from pipeline.catalogue.part_files import part_files
from pipeline.catalogue.stage_sizes import enlargement
from pipeline.diffusion.space import PIXELS
from pipeline.networks.denoisers.scheduler import read_trained_noise
from pipeline.networks.text_to_image.network import TextToImage
from pipeline.networks.text_to_image.place import Place
from pipeline.networks.text_to_image.prior import SCHEDULER
from pipeline.networks.text_to_image.small_pixels import SmallPixels
from pipeline.networks.text_to_image.stage_noise import StageScheduler
from pipeline.networks.text_to_image.super_resolution import SuperResolution
from pipeline.networks.text_to_image.texts.condition import Condition
from pipeline.networks.text_to_image.texts.load_t5 import load_if_text
from pipeline.networks.text_to_image.unets import load_unet


@dataclass(frozen=True, slots=True, eq=False)
class IfBackbone:
    """The U-Net of the first stage as a `Backbone`."""

    unet: Any

    def __call__(self, x: Tensor, t: Tensor, condition: Condition) -> Tensor:
        """The noise in small pictures `(N, 3, h, w)`; the predicted variance is dropped.

        The U-Net looks at all tokens of the prompt, padding too, as it was trained to.
        """
        output: Tensor = self.unet(x, t, condition.sequence, return_dict=False)[0]
        return output[:, : x.shape[1]]


def load_deepfloyd(
    folder: Path, place: Place, *, second: Path | None = None, truncate: bool = False
) -> TextToImage:
    """The cascade of a first stage's folder and, if one is given, that of the `second` stage.

    Without a second stage frames are the first stage's own pictures. A prompt that is longer than
    T5 reads is refused, or with `truncate` cut.

    Raises:
        ModelError: a part is missing, or does not fit; or the second stage is no second stage.
    """
    unet = load_unet(folder, place.home, place.device, place.dtype)
    texts = load_if_text(folder, place.home, place.device, place.dtype, truncate=truncate)
    base = TextToImage(
        IfBackbone(unet),
        unet,
        texts,
        PIXELS,
        read_trained_noise(folder / "scheduler" / SCHEDULER),
        place.device,
        place.dtype,
    )
    if second is None:
        return base
    factor = enlargement(part_files(folder, "unet").config, part_files(second, "unet").config)
    finish = load_second_stage(second, place, texts.empty)
    return replace(base, space=SmallPixels(factor), finish=finish)


def load_second_stage(
    folder: Path, place: Place, empty: Callable[[], Condition]
) -> SuperResolution:
    """The second stage of a folder with `unet`, `scheduler` and `image_noising_scheduler`.

    `empty` gives what guidance leads away from.

    Raises:
        ModelError: a part is missing, or does not fit.
    """
    noising = read_trained_noise(folder / "image_noising_scheduler" / SCHEDULER)
    return SuperResolution(
        unet=load_unet(folder, place.home, place.device, place.dtype),
        scheduler=read_config(folder / "scheduler" / SCHEDULER, StageScheduler),
        noising=noising.schedule,
        empty=empty,
        device=place.device,
    )
