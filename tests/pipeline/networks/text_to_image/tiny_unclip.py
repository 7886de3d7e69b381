"""Pipelines with a prior, of a few thousand random numbers, built and saved by diffusers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from diffusers import (
    DDPMScheduler,
    KandinskyV22CombinedPipeline,
    PriorTransformer,
    UnCLIPScheduler,
    UNet2DConditionModel,
    VQModel,
)
from torch import Tensor, nn
from transformers import (
    CLIPImageProcessor,
    CLIPTextConfig,
    CLIPTextModelWithProjection,
    CLIPTokenizer,
    CLIPVisionConfig,
    CLIPVisionModelWithProjection,
)

from pipeline.diffusion.schedule import NoiseSchedule, cosine_schedule

WIDTH, CONTEXT = 16, 12
NOISE: dict[str, Any] = {
    "beta_schedule": "linear",
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "clip_sample": False,
}
"""The noise of the published decoder."""


def alive(network: nn.Module) -> nn.Module:
    """`network` with random numbers wherever it begins with zeros or ones."""
    generator = torch.Generator().manual_seed(5)
    for parameter in network.parameters():
        if parameter.std().isnan() or parameter.std() == 0:
            parameter.data += 0.2 * torch.randn(parameter.shape, generator=generator)
    return network.eval()


def tokenizer() -> CLIPTokenizer:
    """Letters as CLIP's tokenizer knows them, with no merges."""
    letters = [chr(code) for code in range(33, 127)]
    words = [*letters, *(f"{letter}</w>" for letter in letters)]
    vocabulary = {word: place for place, word in enumerate(words)}
    for special in ("<|startoftext|>", "<|endoftext|>"):
        vocabulary[special] = len(vocabulary)
    return CLIPTokenizer(vocabulary, [], model_max_length=CONTEXT)


def text_encoder() -> CLIPTextModelWithProjection:
    """A text tower that knows `tokenizer`."""
    words = tokenizer()
    config = CLIPTextConfig(
        vocab_size=len(words),
        hidden_size=WIDTH,
        intermediate_size=32,
        projection_dim=WIDTH,
        num_hidden_layers=1,
        num_attention_heads=2,
        max_position_embeddings=CONTEXT,
        bos_token_id=words.bos_token_id,
        eos_token_id=words.eos_token_id,
        pad_token_id=words.pad_token_id,
    )
    return CLIPTextModelWithProjection(config).eval()


def image_encoder() -> CLIPVisionModelWithProjection:
    """A picture tower of the same width."""
    config = CLIPVisionConfig(
        hidden_size=WIDTH,
        intermediate_size=32,
        projection_dim=WIDTH,
        num_hidden_layers=1,
        num_attention_heads=2,
        image_size=16,
        patch_size=8,
    )
    return CLIPVisionModelWithProjection(config).eval()


def image_processor() -> CLIPImageProcessor:
    """What makes `image_encoder`'s input of a picture."""
    return CLIPImageProcessor(
        size={"shortest_edge": 16}, crop_size={"height": 16, "width": 16}, resample=3
    )


def prior() -> PriorTransformer:
    """A prior between the two."""
    torch.manual_seed(1)
    network = PriorTransformer(
        num_attention_heads=2,
        attention_head_dim=8,
        num_layers=1,
        embedding_dim=WIDTH,
        num_embeddings=CONTEXT,
        additional_embeddings=4,
    )
    return alive(network)


def prior_scheduler() -> UnCLIPScheduler:
    """The noise of the published priors."""
    return UnCLIPScheduler(
        variance_type="fixed_small_log", prediction_type="sample", clip_sample_range=2.0
    )


def exact(scheduler: Any, schedule: NoiseSchedule | None = None) -> Any:
    """A scheduler with its tables in float64, those of cosine noise if no other is given.

    In float32, as diffusers makes them, 1 - alpha-bar of the first timesteps has few right digits.
    """
    table = (schedule or cosine_schedule(scheduler.config.num_train_timesteps)).alphas_cumprod
    assert torch.allclose(scheduler.alphas_cumprod, table.float(), atol=1e-6)
    return with_table(scheduler, table)


def with_table(scheduler: Any, table: Tensor) -> Any:
    """A scheduler on the noise levels of a table of alpha-bar."""
    scheduler.alphas_cumprod = table
    scheduler.alphas = table / torch.cat([table.new_ones(1), table[:-1]])
    scheduler.betas = 1 - scheduler.alphas
    return scheduler


def kandinsky_unet() -> UNet2DConditionModel:
    """The decoder's U-Net, which predicts noise and a variance, in latents."""
    torch.manual_seed(2)
    network = UNet2DConditionModel(
        sample_size=8,
        in_channels=4,
        out_channels=8,
        addition_embed_type="image",
        down_block_types=("ResnetDownsampleBlock2D", "SimpleCrossAttnDownBlock2D"),
        up_block_types=("SimpleCrossAttnUpBlock2D", "ResnetUpsampleBlock2D"),
        mid_block_type="UNetMidBlock2DSimpleCrossAttn",
        block_out_channels=(8, 16),
        norm_num_groups=4,
        layers_per_block=1,
        encoder_hid_dim=WIDTH,
        encoder_hid_dim_type="image_proj",
        cross_attention_dim=8,
        attention_head_dim=4,
        resnet_time_scale_shift="scale_shift",
        class_embed_type=None,
    )
    alive(network)
    # Noise of about 1, as a trained network's is, so that latents do not grow out of all bounds.
    network.conv_out.weight.data *= 0.3
    return network


def movq() -> VQModel:
    """An autoencoder whose decoder is normalised by its latents, as MoVQ is."""
    torch.manual_seed(3)
    network = VQModel(
        block_out_channels=(32, 32),
        down_block_types=("DownEncoderBlock2D", "AttnDownEncoderBlock2D"),
        up_block_types=("AttnUpDecoderBlock2D", "UpDecoderBlock2D"),
        latent_channels=4,
        num_vq_embeddings=12,
        vq_embed_dim=4,
        layers_per_block=1,
        norm_type="spatial",
    )
    return network.eval()


def kandinsky() -> KandinskyV22CombinedPipeline:
    """The whole of Kandinsky 2.2."""
    torch.manual_seed(4)
    return KandinskyV22CombinedPipeline(
        unet=kandinsky_unet(),
        scheduler=DDPMScheduler(**NOISE),
        movq=movq(),
        prior_prior=prior(),
        prior_image_encoder=image_encoder(),
        prior_text_encoder=text_encoder(),
        prior_tokenizer=tokenizer(),
        prior_scheduler=exact(prior_scheduler()),
        prior_image_processor=image_processor(),
    )


def saved_apart(pipeline: KandinskyV22CombinedPipeline, folder: Path) -> Path:
    """The decoder's parts in `folder`, and the prior's as a folder of its own within."""
    for name in ("unet", "movq", "scheduler"):
        getattr(pipeline, name).save_pretrained(folder / name)
    for name in ("prior", "image_encoder", "text_encoder", "tokenizer", "scheduler"):
        getattr(pipeline, f"prior_{name}").save_pretrained(folder / "prior" / name)
    pipeline.prior_image_processor.save_pretrained(folder / "prior" / "image_processor")
    return folder
