"""Stable Diffusion in one file, in the layout of latent-diffusion, as the networks of diffusers.

Names are translated by diffusers' own converters. Nothing but the file is read: settings stand in
`pipeline.catalogue.ldm_settings`, and the vocabulary is the one that comes with open_clip.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from diffusers.loaders.single_file_utils import (
    convert_ldm_clip_checkpoint,
    convert_ldm_unet_checkpoint,
    convert_ldm_vae_checkpoint,
    convert_open_clip_checkpoint,
)
from torch import Tensor, nn
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

from pipeline.catalogue.clip_tokenizer import standard_clip_tokenizer
from pipeline.catalogue.ldm_files import check_ldm_shapes, ldm_kind, picked_names
from pipeline.catalogue.ldm_settings import (
    LDM_ARCHITECTURES,
    UNET_PREFIX,
    VAE_PREFIX,
    LdmArchitecture,
    LdmText,
)
from pipeline.errors import ModelError
from pipeline.networks.denoisers.scheduler import trained_noise_of
from pipeline.networks.files.checkpoint import read_state
from pipeline.networks.files.part_files import fitted, in_dtype
from pipeline.networks.files.weights import built_light, fill, tensor_shapes
from pipeline.networks.text_to_image.place import Place
from pipeline.networks.text_to_image.stable_diffusion_parts import Parts
from pipeline.networks.text_to_image.texts.load_clip import Encoder
from pipeline.networks.text_to_image.unets import prepared

_log = logging.getLogger(__name__)


def load_single_parts(path: Path, architecture: str | None, place: Place) -> Parts:
    """The parts in a single file of one of `LDM_ARCHITECTURES`; None asks the file which one.

    Raises:
        ModelError: the file is missing, damaged, of another architecture, or lacks a part.
    """
    state = read_state(path)
    shapes = tensor_shapes(state)
    named = architecture or ldm_kind(path, shapes)
    check_ldm_shapes(path, named, shapes)
    return parts_of(state, path, LDM_ARCHITECTURES[named], place)


def load_single_refiner(path: Path, place: Place) -> UNet2DConditionModel:
    """The U-Net of SDXL's refiner in a single file; its text encoder is the base's.

    Raises:
        ModelError: the file is missing, damaged, or no refiner.
    """
    state = read_state(path)
    check_ldm_shapes(path, "sdxl-refiner", tensor_shapes(state))
    return _unet(_split(state, path), path, LDM_ARCHITECTURES["sdxl-refiner"], place)


def parts_of(
    state: dict[str, Tensor], path: Path, architecture: LdmArchitecture, place: Place
) -> Parts:
    """The parts of a single file of `architecture`; `state`, from `path`, is emptied on the way.

    Raises:
        ModelError: a tensor is missing, or does not fit.
    """
    whole = _split(state, path)
    return Parts(
        unet=_unet(whole, path, architecture, place),
        vae=_vae(whole, path, architecture, place),
        encoders=[_encoder(whole, path, text, architecture, place) for text in architecture.texts],
        noise=trained_noise_of(architecture.scheduler),
    )


def _split(state: dict[str, Tensor], path: Path) -> dict[str, Tensor]:
    """`state` with the better of two U-Nets, where the file has both."""
    picked = picked_names(tensor_shapes(state))
    if picked.note:
        _log.info("%s: %s", path, picked.note)
    split = {ours: state[theirs] for ours, theirs in picked.names.items()}
    state.clear()
    return split


def _taken(whole: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """The tensors whose names begin with `prefix`, which go out of `whole`."""
    return {name: whole.pop(name) for name in list(whole) if name.startswith(prefix)}


def _unet(
    whole: dict[str, Tensor], path: Path, architecture: LdmArchitecture, place: Place
) -> UNet2DConditionModel:
    unet = _built(UNet2DConditionModel, architecture.unet, place.dtype)
    taken = _taken(whole, UNET_PREFIX)
    _fill(unet, lambda: convert_ldm_unet_checkpoint(taken, unet.config), path, architecture, place)
    return prepared(unet, place.home, place.device)


def _vae(
    whole: dict[str, Tensor], path: Path, architecture: LdmArchitecture, place: Place
) -> AutoencoderKL:
    exact = architecture.vae.get("force_upcast", True) or place.dtype == torch.float16
    vae = _built(AutoencoderKL, architecture.vae, torch.float32 if exact else place.dtype)
    taken = _taken(whole, VAE_PREFIX)
    _fill(vae, lambda: convert_ldm_vae_checkpoint(taken, vae.config), path, architecture, place)
    return vae


def _encoder(
    whole: dict[str, Tensor],
    path: Path,
    text: LdmText,
    architecture: LdmArchitecture,
    place: Place,
) -> Encoder:
    kind = CLIPTextModelWithProjection if text.projects else CLIPTextModel
    config = CLIPTextConfig(**text.settings)
    model = in_dtype(built_light(lambda: kind(config)), place.dtype)
    taken = _taken(whole, text.prefix)
    _fill(model, lambda: _text_state(taken, text, model), path, architecture, place)
    return model, standard_clip_tokenizer(text.padding)


def _text_state(taken: dict[str, Tensor], text: LdmText, model: nn.Module) -> dict[str, Tensor]:
    if not text.is_open_clip:
        renamed: dict[str, Tensor] = convert_ldm_clip_checkpoint(taken, text.prefix)
        return renamed
    expected = model.state_dict().keys()
    named = convert_open_clip_checkpoint(model, taken, prefix=text.prefix)
    # What an encoder without a projection has no use for.
    return {
        name: one for name, one in named.items() if name in expected or "projection" not in name
    }


def _built(kind: Any, settings: Mapping[str, Any], dtype: torch.dtype) -> Any:
    return in_dtype(built_light(lambda: kind.from_config(dict(settings))), dtype)


def _fill(
    network: nn.Module,
    convert: Callable[[], dict[str, Tensor]],
    path: Path,
    architecture: LdmArchitecture,
    place: Place,
) -> None:
    try:
        state = convert()
    except KeyError as error:
        raise ModelError(
            f"{path}: lacks {error.args[0]}, which {architecture.title} has; fetch the file again, "
            "or name another one"
        ) from error
    fill(
        network,
        fitted(state, network),
        path,
        place.home,
        architecture=f"{type(network).__name__} of {architecture.title}",
        remedy=lambda: "fetch the file again, or name another one",
    )
