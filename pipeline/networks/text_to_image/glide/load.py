"""A folder of GLIDE's published files as a text-to-image network.

It holds `base.pt`, the list of byte pairs by which prompts are read, and, where pictures are to be
four times as large, `upsample.pt`. (Nichol et al. 2021, arXiv:2112.10741.)
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from pipeline.catalogue.glide_config import UPSAMPLED, GlideConfig
from pipeline.catalogue.glide_folder import glide_folder, glide_reader
from pipeline.diffusion.noise import NoiseSource, standard_normal
from pipeline.diffusion.schedule import NoiseSchedule
from pipeline.diffusion.space import PIXELS
from pipeline.diffusion.trained_noise import TrainedNoise
from pipeline.networks.denoisers.guided_diffusion import NOISE_SCHEDULES
from pipeline.networks.memory.offload import loaded_on
from pipeline.networks.text_to_image.condition import Condition, stacked
from pipeline.networks.text_to_image.glide.backbone import GlideBackbone, GlideTexts
from pipeline.networks.text_to_image.glide.checkpoint import GlideCheckpoint, load_glide_checkpoint
from pipeline.networks.text_to_image.glide.upsampler import GlideUpsampler
from pipeline.networks.text_to_image.network import TextToImage
from pipeline.networks.text_to_image.small_pixels import SmallPixels


def load_glide(
    folder: Path,
    home: torch.device,
    device: torch.device,
    dtype: torch.dtype = torch.float32,
    *,
    truncate: bool = False,
) -> TextToImage:
    """The network in `folder`, whose weights lie on `home` and work on `device`.

    Convolutions and the transformers' layers run in `dtype`. With an upsampler the network samples
    pictures of a quarter of their width and height, and `finish` enlarges them. `truncate` cuts
    prompts that are too long.

    Raises:
        ModelError: a file is missing, damaged, or does not fit.
    """
    files = glide_folder(folder)
    reader = glide_reader(folder)
    base = load_glide_checkpoint(files.base, files.base_config, home, dtype)
    large = None
    if files.upsampler is not None:
        large = load_glide_checkpoint(files.upsampler, files.upsampler_config, home, dtype)
    return TextToImage(
        backbone=GlideBackbone(base.unet),
        module=base.unet,
        texts=GlideTexts(
            reader.truncating() if truncate else reader,
            base.text,
            None if large is None else large.text,
            device,
        ),
        space=PIXELS if large is None else SmallPixels(UPSAMPLED),
        noise=TrainedNoise(_noise(base.config), spacing="linspace"),
        device=device,
        finish=None if large is None else _finish(large, device),
    )


def _noise(config: GlideConfig) -> NoiseSchedule:
    return NOISE_SCHEDULES[config.noise_schedule](config.diffusion_steps)


def _finish(large: GlideCheckpoint, device: torch.device) -> GlideFinish:
    upsampler = GlideUpsampler(large.unet, _noise(large.config), large.config.text_ctx)
    return GlideFinish(upsampler, device)


@dataclass(frozen=True, slots=True, eq=False)
class GlideFinish:
    """The upsampler as the last stage of a frame; its weights are on `device` while it works."""

    upsampler: GlideUpsampler
    device: torch.device

    def __call__(
        self, x: Tensor, condition: Condition, noise: NoiseSource, size: tuple[int, int]
    ) -> Tensor:
        """The picture `(1, 3, H, W)` of `size`, (width, height), for a sample `(1, 3, h, w)`."""
        width, height = size
        white = standard_normal((1, x.shape[1], height, width), noise)
        given = stacked([condition], condition).to(self.device, torch.float32)
        with loaded_on(self.upsampler.unet, self.device):
            return self.upsampler(x, given, white.to(self.device))
