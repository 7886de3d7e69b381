"""Karlo: unCLIP's prior, its decoder of small pictures, and a stage that enlarges them.

Kakao Brain's network follows Ramesh et al. 2022 (arXiv:2204.06125). Its folder holds `prior`,
`text_encoder`, `tokenizer`, `text_proj`, `decoder`, `super_res_first`, `super_res_last` and a
scheduler for each of the three samplings; `image_encoder` and `feature_extractor`, which only the
model for image variations has, read picture prompts.
"""

from __future__ import annotations

from pathlib import Path

from diffusers import PriorTransformer, UNet2DModel
from torch import nn
from transformers import CLIPTextModelWithProjection, CLIPVisionModelWithProjection

from pipeline.catalogue.config import read_config
from pipeline.catalogue.part_files import has_part, part_files
from pipeline.catalogue.scheduler_file import SCHEDULER
from pipeline.catalogue.stage_sizes import enlargement
from pipeline.diffusion.space import SmallPixels
from pipeline.networks.denoisers.scheduler import read_trained_noise
from pipeline.networks.files.part_files import load_part
from pipeline.networks.text_to_image.parts.network import TextToImage
from pipeline.networks.text_to_image.parts.place import Place
from pipeline.networks.text_to_image.parts.unets import load_unet
from pipeline.networks.text_to_image.stages.enlarging import Enlarging
from pipeline.networks.text_to_image.stages.stage_noise import StageScheduler
from pipeline.networks.text_to_image.texts.side import Texts
from pipeline.networks.text_to_image.unclip.clip_reader import clip_reader
from pipeline.networks.text_to_image.unclip.image_prompts import PictureReader
from pipeline.networks.text_to_image.unclip.karlo_decoder import KarloBackbone, TextProjection
from pipeline.networks.text_to_image.unclip.karlo_texts import KarloTexts
from pipeline.networks.text_to_image.unclip.picture_processor import load_processor
from pipeline.networks.text_to_image.unclip.prior import Prior, PriorScheduler


def load_karlo(folder: Path, place: Place, *, truncate: bool = False) -> TextToImage:
    """The cascade in a folder of Karlo.

    A prompt that is longer than CLIP reads is refused, or with `truncate` cut.

    Raises:
        ModelError: a part is missing, or does not fit.
    """
    unet = load_unet(folder, place, "decoder")
    projection: TextProjection = load_part(
        folder,
        "text_proj",
        TextProjection,
        place.home,
        place.dtype,
        also=("UnCLIPTextProjModel",),
    )
    factor = enlargement(*(part_files(folder, one).config for one in ("decoder", _FIRST)))
    return TextToImage(
        backbone=KarloBackbone(unet, projection),
        module=nn.ModuleList([unet, projection]),
        texts=Texts(_texts(folder, place, projection, truncate=truncate)),
        space=SmallPixels(factor),
        noise=read_trained_noise(folder / "decoder_scheduler" / SCHEDULER),
        device=place.device,
        dtype=place.dtype,
        finish=_enlarging(folder, place),
        reads_pictures=True,
    )


_FIRST, _LAST = "super_res_first", "super_res_last"


def _texts(folder: Path, place: Place, projection: TextProjection, *, truncate: bool) -> KarloTexts:
    tower = load_part(folder, "text_encoder", CLIPTextModelWithProjection, place.home, place.dtype)
    network = load_part(folder, "prior", PriorTransformer, place.home, place.dtype)
    scheduler = read_config(folder / "prior_scheduler" / SCHEDULER, PriorScheduler)
    no_picture = projection.learned_classifier_free_guidance_embeddings.detach()
    return KarloTexts(
        clip_reader(str(folder), folder / "tokenizer", tower, place.device, truncate=truncate),
        Prior(network, scheduler, place.device),
        no_picture.to(place.device).float(),
        _pictures(folder, place),
    )


def _pictures(folder: Path, place: Place) -> PictureReader | None:
    if not has_part(folder, "image_encoder"):
        return None
    kind = CLIPVisionModelWithProjection
    tower = load_part(folder, "image_encoder", kind, place.home, place.dtype)
    return PictureReader(load_processor(folder / "feature_extractor"), tower, place.device)


def _enlarging(folder: Path, place: Place) -> Enlarging:
    first, last = (
        load_part(folder, part, UNet2DModel, place.home, place.dtype) for part in (_FIRST, _LAST)
    )
    scheduler = read_config(folder / "super_res_scheduler" / SCHEDULER, StageScheduler)
    return Enlarging(first, last, scheduler, place.device)
