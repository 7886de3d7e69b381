"""What works beside a text-to-image network: refiner, second stage, small autoencoders, ControlNets
and IP-Adapters.
"""

from __future__ import annotations

from pipeline.catalogue.publication import Published, Role
from pipeline.catalogue.published_folder import (
    ENCODER_FP16,
    ENCODER_FP32,
    FP16,
    FP32,
    GB,
    KB,
    MB,
    File,
    Repository,
    clip_tokenizer,
    folder,
    index,
    network,
    scheduler,
)
from pipeline.catalogue.published_stable_diffusion import OPENRAIL_2


def _controlnet(name: str, repository: Repository, licence: str, size: float) -> Published:
    """A folder that is one network, without folders for its parts."""
    files = (File("config.json", 1 * KB), File(FP16, size))
    return folder(name, repository, licence, files, role=Role.CONTROLNET, architecture="controlnet")


def _tiny_autoencoder(name: str) -> Published:
    files = (File("config.json", 1 * KB), File(FP32, 9.8 * MB))
    repository = Repository(f"madebyollin/{name}")
    return folder(name, repository, "MIT", files, role=Role.AUTOENCODER, architecture="taesd")


def _ip_adapter(name: str, file: str, size: float) -> Published:
    """An adapter, and beside it the encoder of pictures that both share (CLIP ViT-H)."""
    encoder = (
        File("image_encoder/config.json", 0.6 * KB, source="models/image_encoder/config.json"),
        File(
            f"image_encoder/{ENCODER_FP32}",
            2.53 * GB,
            source=f"models/image_encoder/{ENCODER_FP32}",
        ),
    )
    return folder(
        name,
        Repository("h94/IP-Adapter"),
        "Apache-2.0",
        (File("ip_adapter.safetensors", size, source=file), *encoder),
        role=Role.IP_ADAPTER,
        architecture="ip-adapter",
    )


COMPANIONS: tuple[Published, ...] = (
    folder(
        "sdxl-refiner",
        Repository("stabilityai/stable-diffusion-xl-refiner-1.0"),
        OPENRAIL_2,
        (
            *index(),
            *scheduler(),
            *network("text_encoder_2", 1.39 * GB, file=ENCODER_FP16),
            *clip_tokenizer("tokenizer_2"),
            *network("unet", 4.52 * GB),
            *network("vae", 167 * MB),
        ),
        role=Role.REFINER,
    ),
    folder(
        "deepfloyd-if-ii",
        Repository("DeepFloyd/IF-II-L-v1.0", gated=True),
        "DeepFloyd IF",
        (
            *index(),
            *scheduler(),
            *scheduler("image_noising_scheduler"),
            *network("unet", 2.49 * GB),
        ),
        role=Role.SECOND_STAGE,
        architecture="deepfloyd-if",
    ),
    _tiny_autoencoder("taesd"),
    _tiny_autoencoder("taesdxl"),
    _controlnet(
        "controlnet-depth-sd15",
        Repository(
            "lllyasviel/control_v11f1p_sd15_depth", "539f99181d33db39cf1af2e517cd8056785f0a87"
        ),
        "OpenRAIL",
        723 * MB,
    ),
    _controlnet(
        "controlnet-canny-sd15",
        Repository(
            "lllyasviel/control_v11p_sd15_canny", "115a470d547982438f70198e353a921996e2e819"
        ),
        "OpenRAIL",
        723 * MB,
    ),
    _controlnet(
        "controlnet-depth-sdxl",
        Repository("diffusers/controlnet-depth-sdxl-1.0"),
        OPENRAIL_2,
        2.5 * GB,
    ),
    _controlnet(
        "controlnet-canny-sdxl",
        Repository("diffusers/controlnet-canny-sdxl-1.0"),
        OPENRAIL_2,
        2.5 * GB,
    ),
    _ip_adapter("ip-adapter-sd15", "models/ip-adapter_sd15.safetensors", 44.6 * MB),
    _ip_adapter("ip-adapter-sdxl", "sdxl_models/ip-adapter_sdxl_vit-h.safetensors", 698 * MB),
)
