"""Text-to-image networks of other families: folders of diffusers, and GLIDE's own files."""

from __future__ import annotations

from pipeline.catalogue.publication import Published
from pipeline.catalogue.published_folder import (
    ENCODER_FP32,
    FP32,
    GB,
    KB,
    MB,
    File,
    Repository,
    clip_tokenizer,
    estimated,
    folder,
    from_repository,
    index,
    network,
    renamed,
    scheduler,
    sharded,
    t5_tokenizer,
)
from pipeline.catalogue.published_stable_diffusion import OPENRAIL, OPENRAIL_2

_T5_FP16 = "model.safetensors.index.fp16.json"
_T5_FP32 = "model.safetensors.index.json"

# PixArt has T5 in single precision, 19 GB; a sister of its repositories has it in half.
_PIXART_T5 = from_repository(
    "PixArt-alpha/PixArt-XL-2-512x512",
    sharded("text_encoder", "model.fp16", _T5_FP16, 4.99 * GB, 4.53 * GB),
)
_PIXART = (
    *index(),
    *scheduler(),
    *_PIXART_T5,
    *t5_tokenizer(),
    *network("transformer", 2.45 * GB, file=FP32),
    *network("vae", 335 * MB, file=FP32),
)
_KANDINSKY_PRIOR = (
    *scheduler(),
    *network("prior", 4.1 * GB, file=FP32),
    *clip_tokenizer(),
    *network("text_encoder", 2.78 * GB, file=ENCODER_FP32),
    *network("image_encoder", 3.69 * GB, file=ENCODER_FP32),
    File("image_processor/preprocessor_config.json", 0.5 * KB),
)
_FLUX = (
    *index(),
    *scheduler(),
    *network("text_encoder", 246 * MB, file=ENCODER_FP32),
    *clip_tokenizer(),
    *sharded("text_encoder_2", "model", _T5_FP32, 4.99 * GB, 4.53 * GB),
    *t5_tokenizer("tokenizer_2"),
    File("tokenizer_2/tokenizer.json", 2.42 * MB),
    *sharded(
        "transformer",
        "diffusion_pytorch_model",
        f"{FP32}.index.json",
        9.98 * GB,
        9.95 * GB,
        3.87 * GB,
    ),
    *network("vae", 168 * MB, file=FP32),
)
_GLIDE = "https://openaipublic.blob.core.windows.net/diffusion/dec-2021"
_GLIDE_MERGES = (
    "https://raw.githubusercontent.com/openai/glide-text2im/"
    "69b530740eb6cef69442d6180579ef5ba9ef063e/glide_text2im/tokenizer/vocab.bpe.gz"
)

PIPELINES: tuple[Published, ...] = (
    folder(
        "kandinsky22",
        Repository("kandinsky-community/kandinsky-2-2-decoder"),
        "Apache-2.0",
        (
            *index(),
            *scheduler(),
            *network("unet", 5.01 * GB, file=FP32),
            *network("movq", 271 * MB, file=FP32),
            # As diffusers saves decoder and prior in one folder.
            *renamed("prior_", "kandinsky-community/kandinsky-2-2-prior", _KANDINSKY_PRIOR),
        ),
    ),
    folder(
        "karlo",
        Repository("kakaobrain/karlo-v1-alpha", "5ee45298e0956749e621bcb30c799a0b599afa83"),
        OPENRAIL,
        (
            *index(),
            *scheduler("prior_scheduler"),
            *scheduler("decoder_scheduler"),
            *scheduler("super_res_scheduler"),
            *clip_tokenizer(),
            *estimated("text_encoder", 123_650_304, file=ENCODER_FP32),
            *estimated("prior", 1_000_000_000),
            *estimated("text_proj", 13_000_000),
            *estimated("decoder", 900_000_000),
            *estimated("super_res_first", 700_000_000),
            *estimated("super_res_last", 700_000_000),
        ),
    ),
    folder(
        "deepfloyd-if",
        Repository("DeepFloyd/IF-I-XL-v1.0", gated=True),
        "DeepFloyd IF",
        (
            *index(),
            *scheduler(),
            *t5_tokenizer(),
            *sharded("text_encoder", "model.fp16", _T5_FP16, 9.96 * GB, 1.58 * GB),
            *network("unet", 8.61 * GB),
        ),
    ),
    folder(
        "pixart-alpha",
        Repository("PixArt-alpha/PixArt-XL-2-1024-MS"),
        OPENRAIL_2,
        _PIXART,
        architecture="pixart",
    ),
    folder(
        "pixart-sigma",
        Repository("PixArt-alpha/PixArt-Sigma-XL-2-1024-MS"),
        OPENRAIL_2,
        _PIXART,
        architecture="pixart",
    ),
    folder(
        "sd3",
        Repository("stabilityai/stable-diffusion-3-medium-diffusers", gated=True),
        "Stability AI Community",
        (
            *index(),
            *scheduler(),
            *network("text_encoder", 247 * MB, file=ENCODER_FP32),
            *network("text_encoder_2", 1.39 * GB, file=ENCODER_FP32),
            *sharded("text_encoder_3", "model", _T5_FP32, 4.99 * GB, 4.53 * GB),
            *clip_tokenizer(),
            *clip_tokenizer("tokenizer_2"),
            *t5_tokenizer("tokenizer_3"),
            File("tokenizer_3/tokenizer.json", 2.42 * MB),
            *network("transformer", 4.17 * GB, file=FP32),
            *network("vae", 168 * MB, file=FP32),
        ),
    ),
    folder(
        "flux-schnell",
        Repository("black-forest-labs/FLUX.1-schnell", gated=True),
        "Apache-2.0",
        _FLUX,
        architecture="flux",
    ),
    folder(
        "flux-dev",
        Repository("black-forest-labs/FLUX.1-dev", gated=True),
        "FLUX.1 [dev] Non-Commercial",
        _FLUX,
        architecture="flux",
    ),
    folder(
        "glide",
        Repository("openai/glide-text2im", host="https://github.com"),
        "MIT",
        (
            File("base.pt", None, source=f"{_GLIDE}/base.pt", numbers=385_000_000),
            File("upsample.pt", None, source=f"{_GLIDE}/upsample.pt", numbers=398_000_000),
            File(
                "vocab.bpe.gz",
                213_544,
                "ce239dd5a898827423fee00e3f7ab37de7900f247f2ba360753d860e8a46524d",
                source=_GLIDE_MERGES,
            ),
        ),
    ),
)
