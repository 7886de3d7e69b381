"""The published denoisers, and the small one that guidance may be differentiated through."""

from __future__ import annotations

from pipeline.catalogue.publication import NOT_STATED, Published, Role

_HUGGING_FACE = "https://huggingface.co"


def _pixelart(name: str, sha256: str, *, repository: str | None = None) -> Published:
    """One of KaliYuga's denoisers of 256 x 256 pictures."""
    repository = repository or name
    mirror = f"{_HUGGING_FACE}/KaliYuga/{repository}/resolve/main/{repository}.pt"
    return Published(
        name=name,
        role=Role.DENOISER,
        file=f"{repository}.pt",
        mirrors=(mirror,),
        size=None,
        licence=NOT_STATED,
        sha256=sha256,
        architecture="pixelart",
        numbers=113_676_678,
    )


DENOISERS: tuple[Published, ...] = (
    Published(
        name="512x512_diffusion_uncond_finetune_008100",
        role=Role.DENOISER,
        file="512x512_diffusion_uncond_finetune_008100.pt",
        mirrors=(
            f"{_HUGGING_FACE}/lowlevelware/512x512_diffusion_unconditional_ImageNet/resolve/main/"
            "512x512_diffusion_uncond_finetune_008100.pt",
            "https://the-eye.eu/public/AI/models/512x512_diffusion_unconditional_ImageNet/"
            "512x512_diffusion_uncond_finetune_008100.pt",
        ),
        size=None,
        licence="MIT",
        sha256="9c111ab89e214862b76e1fa6a1b3f1d329b1a88281885943d2cdbe357ad57648",
        architecture="512-finetune",
        numbers=557_973_638,
    ),
    Published(
        name="256x256_diffusion_uncond",
        role=Role.DENOISER,
        file="256x256_diffusion_uncond.pt",
        mirrors=(
            "https://openaipublic.blob.core.windows.net/diffusion/jul-2021/"
            "256x256_diffusion_uncond.pt",
            "https://www.dropbox.com/s/9tqnqo930mpnpcn/256x256_diffusion_uncond.pt?dl=1",
        ),
        size=2_211_383_297,
        licence="MIT",
        sha256="a37c32fffd316cd494cf3f35b339936debdc1576dad13fe57c42399a5dbc78b1",
        architecture="256-uncond",
    ),
    Published(
        name="portrait_generator_v001",
        role=Role.DENOISER,
        file="portrait_generator_v001_ema_0.9999_1MM.pt",
        mirrors=(
            f"{_HUGGING_FACE}/felipe3dartist/portrait_generator_v001/resolve/main/"
            "portrait_generator_v001_ema_0.9999_1MM.pt",
        ),
        size=None,
        licence=NOT_STATED,
        sha256="b7e8c747af880d4480b6707006f1ace000b058dd0eac5bb13558ba3752d9b5b9",
        architecture="portrait",
        numbers=139_579_462,
    ),
    _pixelart(
        "pixelartdiffusion_expanded",
        "a73b40556634034bf43b5a716b531b46fb1ab890634d854f5bcbbef56838739a",
        repository="PADexpanded",
    ),
    _pixelart(
        "pixel_art_diffusion_hard_256",
        "be4a9de943ec06eef32c65a1008c60ad017723a4d35dc13169c66bb322234161",
    ),
    _pixelart(
        "pixel_art_diffusion_soft_256",
        "d321590e46b679bf6def1f1914b47c89e762c76f19ab3e3392c8ca07c791039c",
    ),
    _pixelart(
        "pixelartdiffusion4k",
        "a1ba4f13f6dabb72b1064f15d8ae504d98d6192ad343572cc416deda7cccac30",
    ),
    _pixelart(
        "watercolordiffusion_2",
        "49c281b6092c61c49b0f1f8da93af9b94be7e0c20c71e662e2aa26fee0e4b1a9",
    ),
    _pixelart(
        "watercolordiffusion",
        "a3e6522f0c8f278f90788298d66383b11ac763dd5e0d62f8252c962c23950bd6",
    ),
    _pixelart(
        "PulpSciFiDiffusion",
        "b79e62613b9f50b8a3173e5f61f0320c7dbb16efad42a92ec94d014f6e17337f",
    ),
    Published(
        name="secondary",
        role=Role.SECONDARY,
        file="secondary_model_imagenet_2.pth",
        mirrors=(
            f"{_HUGGING_FACE}/spaces/huggi/secondary_model_imagenet_2.pth/resolve/main/"
            "secondary_model_imagenet_2.pth",
            "https://the-eye.eu/public/AI/models/v-diffusion/secondary_model_imagenet_2.pth",
            "https://ipfs.pollinations.ai/ipfs/"
            "bafybeibaawhhk7fhyhvmm7x24zwwkeuocuizbqbcg5nqx64jq42j75rdiy/"
            "secondary_model_imagenet_2.pth",
        ),
        size=None,
        licence=NOT_STATED,
        sha256="983e3de6f95c88c81b2ca7ebb2c217933be1973b1ff058776b970f901584613a",
        architecture="secondary",
        numbers=13_841_547,
    ),
)
