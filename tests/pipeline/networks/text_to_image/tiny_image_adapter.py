"""A tiny IP-Adapter with random weights, pictures for it, and samples of networks with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor
from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

from keyframes.prompts import Prompt
from pipeline.diffusion.added import Added
from pipeline.files.png import encode_png
from pipeline.networks.text_to_image.parts.network import TextToImage
from pipeline.spec.adapters import LoraSpec
from pipeline.spec.denoise import SamplerSpec
from tests.pipeline.networks.text_to_image.painting import painted
from tests.pipeline.plans import picture

H, W = 16, 24


def save_adapter(folder: Path, unet: Any, *, width: int = 12, ends: str = ".safetensors") -> Path:
    """An adapter of random numbers for a U-Net, in the published layout, with its encoder."""
    generator = torch.Generator().manual_seed(5)

    def drawn(*shape: int) -> Tensor:
        return torch.randn(shape, generator=generator) / 3

    cross = unet.config.cross_attention_dim
    proj = {"proj.weight": drawn(4 * cross, width), "proj.bias": drawn(4 * cross)}
    proj |= {"norm.weight": 1 + drawn(cross), "norm.bias": drawn(cross)}
    layers = {}
    keys = [m.to_k for name, m in unet.named_modules() if name.endswith("attn2")]
    for place, key in enumerate(keys):
        for name in ("to_k_ip", "to_v_ip"):
            layers[f"{2 * place + 1}.{name}.weight"] = drawn(key.out_features, cross)
    parts = {"image_proj": proj, "ip_adapter": layers}
    folder.mkdir()
    if ends == ".bin":
        torch.save(parts, folder / "ip-adapter_sd15.bin")
    else:
        flat = {f"{part}.{name}": one for part, own in parts.items() for name, one in own.items()}
        save_file(flat, folder / "ip_adapter.safetensors")
    torch.manual_seed(6)
    config = CLIPVisionConfig(
        hidden_size=16,
        intermediate_size=32,
        projection_dim=width,
        num_hidden_layers=2,
        num_attention_heads=2,
        image_size=16,
        patch_size=4,
    )
    CLIPVisionModelWithProjection(config).save_pretrained(folder / "image_encoder")
    return folder


def noise() -> Tensor:
    """What the samples here begin with."""
    return torch.randn(1, 4, H // 2, W // 2, generator=torch.manual_seed(9))


def sample(network: TextToImage, *prompts: Prompt, loras: tuple[LoraSpec, ...] = ()) -> Tensor:
    """Latents of 4 steps under classifier-free guidance of 4."""
    sampler = SamplerSpec("ddim", 4)
    ready = network.for_sampling(sampler, (W, H)).adapted(Added(loras=loras))
    return painted(ready, prompts, sampler, noise(), cfg_scale=4.0)


def image(folder: Path, number: int) -> Path:
    """The file of a picture; another one for each number."""
    path = folder / f"{number}.png"
    path.write_bytes(encode_png(picture(number, 16, 16)))
    return path
