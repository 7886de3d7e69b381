"""A folder of GLIDE's published files as a text-to-image network.

It holds `base.pt`, the list of byte pairs by which prompts are read, and, where pictures are to be
four times as large, `upsample.pt`. (Nichol et al. 2021, arXiv:2112.10741.)
"""

from __future__ import annotations

from pathlib import Path

import torch

from pipeline.catalogue.glide_config import UPSAMPLED, GlideConfig
from pipeline.catalogue.glide_folder import glide_folder, glide_reader
from pipeline.diffusion.schedule import NoiseSchedule
from pipeline.diffusion.space import PIXELS, SmallPixels
from pipeline.diffusion.trained_noise import TrainedNoise
from pipeline.networks.denoisers.guided_diffusion import NOISE_SCHEDULES
from pipeline.networks.text_to_image.glide.checkpoint import GlideCheckpoint, load_glide_checkpoint
from pipeline.networks.text_to_image.glide.parts import GlideBackbone, GlideFinish, GlideReading
from pipeline.networks.text_to_image.glide.upsampler import GlideUpsampler
from pipeline.networks.text_to_image.parts.network import TextToImage
from pipeline.networks.text_to_image.parts.place import Place
from pipeline.networks.text_to_image.texts.side import texts_by


def load_glide(folder: Path, place: Place, *, truncate: bool = False) -> TextToImage:
    """The network in `folder`.

    Convolutions and the transformers' layers run in the `dtype` of `place`. With an upsampler the
    network samples pictures of a quarter of their width and height, and `finish` enlarges them.
    `truncate` cuts prompts that are too long.

    Raises:
        ModelError: a file is missing, damaged, or does not fit.
    """
    files = glide_folder(folder)
    reader = glide_reader(folder)
    base = load_glide_checkpoint(files.base, files.base_config, place.home, place.dtype)
    large = None
    if files.upsampler is not None:
        large = load_glide_checkpoint(
            files.upsampler, files.upsampler_config, place.home, place.dtype
        )
    return TextToImage(
        backbone=GlideBackbone(base.unet),
        module=base.unet,
        texts=texts_by(
            GlideReading(
                reader.truncating() if truncate else reader,
                base.text,
                None if large is None else large.text,
                place.device,
            )
        ),
        space=PIXELS if large is None else SmallPixels(UPSAMPLED),
        noise=TrainedNoise(_noise(base.config), spacing="linspace"),
        device=place.device,
        finish=None if large is None else _finish(large, place.device),
    )


def _noise(config: GlideConfig) -> NoiseSchedule:
    return NOISE_SCHEDULES[config.noise_schedule](config.diffusion_steps)


def _finish(large: GlideCheckpoint, device: torch.device) -> GlideFinish:
    upsampler = GlideUpsampler(large.unet, _noise(large.config))
    return GlideFinish(upsampler, large.config.text_ctx, device)
