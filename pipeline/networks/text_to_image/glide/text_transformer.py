"""The transformer by which GLIDE reads a prompt (Nichol et al. 2021, arXiv:2112.10741, 3.1).

Convention:
    Modules have the names under which published checkpoints keep their weights. Features are
    `(N, L, D)`: every token looks at every other, padding and later ones included. Linear layers
    may run in half precision; normalisation is float32.
"""

from __future__ import annotations

from collections import OrderedDict

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention

from pipeline.catalogue.glide_config import VOCAB_SIZE, GlideConfig
from pipeline.catalogue.glide_tokenizer import PADDING


class _Norm(nn.LayerNorm):
    """Layer normalisation, computed in the type of its own weights."""

    def forward(self, input: Tensor) -> Tensor:
        return super().forward(input.to(self.weight.dtype)).to(input.dtype)


class _Attention(nn.Module):
    """Self-attention; each head has its queries, keys and values beside each other."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.c_qkv = nn.Linear(width, 3 * width)
        self.c_proj = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        n, length, width = x.shape
        heads = self.c_qkv(x).view(n, length, self.heads, 3, -1).transpose(1, 2)
        q, k, v = heads.unbind(3)
        attended = scaled_dot_product_attention(q, k, v).transpose(1, 2)
        projected: Tensor = self.c_proj(attended.reshape(n, length, width))
        return projected


class _Block(nn.Module):
    """Attention and two layers, each with a skip connection, on normalised features."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.attn = _Attention(width, heads)
        self.ln_1 = _Norm(width)
        self.mlp = nn.Sequential(
            OrderedDict(
                c_fc=nn.Linear(width, 4 * width),
                gelu=nn.GELU(),
                c_proj=nn.Linear(4 * width, width),
            )
        )
        self.ln_2 = _Norm(width)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attn(self.ln_1(x))
        result: Tensor = x + self.mlp(self.ln_2(x))
        return result


class GlideText(nn.Module):
    """Tokens to the vectors that a U-Net attends to, and to what is added to its time."""

    def __init__(self, config: GlideConfig) -> None:
        super().__init__()
        width, length = config.xf_width, config.text_ctx
        blocks = [_Block(width, config.xf_heads) for _ in range(config.xf_layers)]
        self.transformer = nn.ModuleDict({"resblocks": nn.Sequential(*blocks)})
        self.final_ln = _Norm(width) if config.xf_final_ln else nn.Identity()
        self.token_embedding = nn.Embedding(VOCAB_SIZE, width)
        self.positional_embedding = nn.Parameter(torch.empty(length, width))
        self.padding_embedding = (
            nn.Parameter(torch.empty(length, width)) if config.xf_padding else None
        )
        self.transformer_proj = nn.Linear(width, 4 * config.num_channels)

    def forward(self, ids: Tensor) -> tuple[Tensor, Tensor]:
        """Vectors `(N, L, D)`, one a token, and one of the whole text, `(N, E)`, in float32.

        `ids` are `(N, L)`, padded with `PADDING`.
        """
        x = self.token_embedding(ids) + self.positional_embedding
        if self.padding_embedding is not None:
            x = torch.where((ids == PADDING)[..., None], self.padding_embedding, x)
        x = self.final_ln(self.transformer["resblocks"](x))
        # The last place, which mostly is padding, stands for the whole text.
        vector: Tensor = self.transformer_proj(x[:, -1])
        return x.float(), vector.float()

    def cast_layers(self, dtype: torch.dtype) -> None:
        """Run everything but the normalisations in `dtype`."""
        self.to(dtype)
        for module in self.modules():
            if isinstance(module, _Norm):
                module.float()
