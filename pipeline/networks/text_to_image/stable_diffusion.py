"""Stable Diffusion 1, 2 and XL, and what was distilled from them, from folders and single files."""

from __future__ import annotations

from pathlib import Path

from diffusers import UNet2DConditionModel

from pipeline.catalogue.scheduler_file import SCHEDULER
from pipeline.catalogue.stable_diffusion_folder import check_base, read_index
from pipeline.errors import ModelError
from pipeline.networks.denoisers.scheduler import read_trained_noise
from pipeline.networks.text_to_image.adapters.unet_adapters import NO_ADAPTERS, AdapterFiles
from pipeline.networks.text_to_image.parts.latents import load_vae
from pipeline.networks.text_to_image.parts.network import TextToImage
from pipeline.networks.text_to_image.parts.place import Place
from pipeline.networks.text_to_image.parts.unets import load_unet
from pipeline.networks.text_to_image.single_file import load_single_parts, load_single_refiner
from pipeline.networks.text_to_image.stable_diffusion_parts import (
    PLAIN,
    Parts,
    TextOptions,
    refined,
    stable_diffusion_of,
    stable_diffusion_xl_of,
)
from pipeline.networks.text_to_image.texts.load_clip import load_encoders


def load_stable_diffusion(
    path: Path,
    place: Place,
    options: TextOptions = PLAIN,
    files: AdapterFiles = NO_ADAPTERS,
    *,
    architecture: str | None = None,
    refiner: Path | None = None,
) -> TextToImage:
    """The network in a diffusers folder, or in a file of one of `LDM_ARCHITECTURES`.

    A safety checker is not looked at. `architecture` says what a file is of; None asks the file.
    `refiner`, a folder or a file, is SDXL's refiner, which takes over for the last fifth of the
    noise. Frames add what lies in `files`.

    Raises:
        ModelError: a file is missing, damaged or of another kind, the parts do not fit each other,
            or a refiner is given that is none or has no SDXL before it.
    """
    if path.is_dir():
        check_base(path)
        parts = load_parts(path, place)
    else:
        parts = load_single_parts(path, architecture, place)
    if len(parts.encoders) == 1:
        if refiner is not None:
            raise ModelError(
                f"{refiner}: is a refiner for SDXL, and {path} is none; leave models.refiner out"
            )
        return stable_diffusion_of(parts, place, options, files)
    if refiner is None:
        return stable_diffusion_xl_of(parts, place, options, files)
    return refined(parts, load_refiner_unet(refiner, parts, place), place, options, files)


def load_parts(folder: Path, place: Place) -> Parts:
    """The parts of the model in a diffusers folder.

    Raises:
        ModelError: a file is missing, or does not fit.
    """
    # First what is read at once: a mistake in it is told before gigabytes are.
    noise = read_trained_noise(folder / "scheduler" / SCHEDULER)
    return Parts(
        unet=load_unet(folder, place),
        vae=load_vae(folder, place),
        encoders=load_encoders(folder, place),
        noise=noise,
        zeros_for_empty=read_index(folder).zeros_for_empty,
    )


def load_refiner_unet(path: Path, base: Parts, place: Place) -> UNet2DConditionModel:
    """The U-Net of a refiner, in a diffusers folder or a file, for the model that `base` is of.

    Its text encoder is that of the base, of which a refiner has another copy.

    Raises:
        ModelError: a file is missing, or the network is no refiner of this base.
    """
    unet = load_unet(path, place) if path.is_dir() else load_single_refiner(path, place)
    second, _ = base.encoders[-1]
    expected = second.config.hidden_size, base.unet.config.in_channels
    found = unet.config.cross_attention_dim, unet.config.in_channels
    if found != expected:
        raise ModelError(
            f"{path}: its U-Net reads embeddings of {found[0]} numbers beside latents of "
            f"{found[1]} channels, and the second text encoder of the denoiser gives "
            f"{expected[0]}, its latents have {expected[1]}; use the refiner of this model"
        )
    return unet
