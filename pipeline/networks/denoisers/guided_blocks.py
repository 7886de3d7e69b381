"""The layers of the guided-diffusion U-Net (Dhariwal & Nichol 2021, arXiv:2105.05233, section 3).

Convention:
    Modules have the names, and stand at the places, under which published checkpoints keep their
    weights (`in_layers.2.weight`); a place that has no weights still counts. Features are
    `(N, C, H, W)`, the embedding of timestep and class is `(N, E)`, the vectors of a text are
    `(N, L, D)`. Convolutions may run in half precision; normalisation and embeddings are float32.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention

from pipeline.catalogue.guided_config import GROUPS


class Norm(nn.GroupNorm):
    """Group normalisation, computed in the type of its own weights."""

    def __init__(self, channels: int) -> None:
        super().__init__(GROUPS, channels)

    def forward(self, input: Tensor) -> Tensor:
        # In half precision, the scale and shift of many layers would lose digits one upon another.
        return super().forward(input.to(self.weight.dtype)).to(input.dtype)


class ResBlock(nn.Module):
    """Two convolutions and a skip connection; the embedding comes in between them.

    `scale_shift`: the embedding scales and shifts the normalised features (adaptive group
    normalisation, section 3), otherwise it is added to them. `resample`, a module without weights,
    changes the resolution of both branches.
    """

    def __init__(
        self,
        channels: int,
        width: int,
        *,
        embedding: int,
        scale_shift: bool,
        resample: nn.Module | None = None,
    ) -> None:
        super().__init__()
        self.scale_shift = scale_shift
        self.resample = resample or nn.Identity()
        self.in_layers = nn.Sequential(
            Norm(channels), nn.SiLU(), nn.Conv2d(channels, width, 3, padding=1)
        )
        self.emb_layers = nn.Sequential(
            nn.SiLU(), nn.Linear(embedding, 2 * width if scale_shift else width)
        )
        # The identity stands in the place of the training's dropout.
        self.out_layers = nn.Sequential(
            Norm(width), nn.SiLU(), nn.Identity(), nn.Conv2d(width, width, 3, padding=1)
        )
        self.skip_connection = nn.Identity() if channels == width else nn.Conv2d(channels, width, 1)

    def forward(self, x: Tensor, embedding: Tensor) -> Tensor:
        norm, activation, conv = self.in_layers
        h = conv(self.resample(activation(norm(x))))
        shift: Tensor = self.emb_layers(embedding).to(h.dtype)[:, :, None, None]
        if self.scale_shift:
            scale, shift = shift.chunk(2, dim=1)
            h = self.out_layers[1:](self.out_layers[0](h) * (1 + scale) + shift)
        else:
            h = self.out_layers(h + shift)
        result: Tensor = self.skip_connection(self.resample(x)) + h
        return result


class AttentionBlock(nn.Module):
    """Self-attention over all positions, with a skip connection.

    `split_first`: queries, keys and values are each one third of the channels (the "new attention
    order"); otherwise each head has its three beside each other. `context`: the width of further
    vectors, those of a text, that every position attends to as well (Nichol et al. 2021, section
    2.4, arXiv:2112.10741); None for none.
    """

    def __init__(
        self, channels: int, *, heads: int, split_first: bool, context: int | None = None
    ) -> None:
        super().__init__()
        self.heads = heads
        self.split_first = split_first
        self.norm = Norm(channels)
        self.qkv = nn.Conv1d(channels, 3 * channels, 1)
        self.encoder_kv = None if context is None else nn.Conv1d(context, 2 * channels, 1)
        self.proj_out = nn.Conv1d(channels, channels, 1)

    def forward(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        n, c, h, w = x.shape
        qkv = self.qkv(self.norm(x.flatten(2)))
        if self.split_first:
            q, k, v = qkv.view(n, 3, self.heads, -1, h * w).mT.unbind(1)
        else:
            q, k, v = qkv.view(n, self.heads, 3, -1, h * w).mT.unbind(2)
        if self.encoder_kv is not None and context is not None:
            pairs = self.encoder_kv(context.mT.to(qkv.dtype))
            keys, values = pairs.unflatten(1, (self.heads, 2, -1)).mT.unbind(2)
            k, v = torch.cat([keys, k], dim=2), torch.cat([values, v], dim=2)
        attended = scaled_dot_product_attention(q, k, v).mT.reshape(n, c, h * w)
        projected: Tensor = self.proj_out(attended)
        return x + projected.view(n, c, h, w)


class Downsample(nn.Module):
    """Half the resolution, by a convolution or by averages."""

    def __init__(self, channels: int, *, conv: bool) -> None:
        super().__init__()
        self.op = nn.Conv2d(channels, channels, 3, stride=2, padding=1) if conv else nn.AvgPool2d(2)

    def forward(self, x: Tensor) -> Tensor:
        halved: Tensor = self.op(x)
        return halved


class Upsample(nn.Module):
    """Twice the resolution, by repeated values, with a convolution after them or without."""

    def __init__(self, channels: int, *, conv: bool) -> None:
        super().__init__()
        self.repeat = nn.Upsample(scale_factor=2)
        self.conv = nn.Conv2d(channels, channels, 3, padding=1) if conv else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        doubled: Tensor = self.conv(self.repeat(x))
        return doubled


class Stage(nn.ModuleList):
    """Layers one after another; those that want the embedding or the text's vectors get them."""

    def __init__(self, *layers: nn.Module) -> None:
        super().__init__(layers)

    def forward(self, h: Tensor, embedding: Tensor, context: Tensor | None = None) -> Tensor:
        for layer in self:
            if isinstance(layer, ResBlock):
                h = layer(h, embedding)
            elif isinstance(layer, AttentionBlock):
                h = layer(h, context)
            else:
                h = layer(h)
        return h


def timestep_embedding(times: Tensor, width: int) -> Tensor:
    """Cosines and sines of `times`, `(N,)`, at frequencies from 1 to 1/10000: `(N, width)`.

    The positions of Vaswani et al. 2017, section 3.5 (arXiv:1706.03762); `width` is even.
    """
    half = width // 2
    # Angles are float32 and in this order, as the networks were trained: at time 1000 those of
    # other roundings are off by up to 1e-3.
    exponents = -math.log(10_000) * torch.arange(half, dtype=torch.float32, device=times.device)
    angles = times[:, None].float() * (exponents / half).exp()
    return torch.cat([angles.cos(), angles.sin()], dim=1)
