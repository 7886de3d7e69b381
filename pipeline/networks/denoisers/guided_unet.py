"""The U-Net of guided-diffusion (Dhariwal & Nichol 2021, arXiv:2105.05233, section 3 and table 4).

Convention:
    Built from a `GuidedDiffusionConfig`, with the keys of the published checkpoints. Level 0 is the
    finest; each further level halves the resolution.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from pipeline.catalogue.guided_config import GuidedDiffusionConfig
from pipeline.networks.denoisers.guided_blocks import (
    AttentionBlock,
    Downsample,
    Norm,
    ResBlock,
    Stage,
    Upsample,
    timestep_embedding,
)
from pipeline.networks.memory.recompute import recomputed

COLOURS = 3


class GuidedUNet(nn.Module):
    """Noised pictures and times to what the network predicts, and its variance where it has one.

    `channels` are those that it is given: further ones than colours hold a picture to go by.
    `context` is the width of a text's vectors, as in `AttentionBlock`; None for no text.
    """

    def __init__(
        self,
        config: GuidedDiffusionConfig,
        *,
        channels: int = COLOURS,
        context: int | None = None,
    ) -> None:
        super().__init__()
        self.config = config
        layers = _Layers(config, channels, context)
        self.time_embed = nn.Sequential(
            nn.Linear(config.num_channels, layers.embedding),
            nn.SiLU(),
            nn.Linear(layers.embedding, layers.embedding),
        )
        self.label_emb = (
            nn.Embedding(config.num_classes, layers.embedding) if config.class_cond else None
        )
        down, skips = layers.downward()
        self.input_blocks = nn.ModuleList(down)
        self.middle_block = layers.middle()
        self.output_blocks = nn.ModuleList(layers.upward(skips))
        finest, *_ = config.widths
        outputs = 2 * COLOURS if config.learn_sigma else COLOURS
        self.out = nn.Sequential(Norm(finest), nn.SiLU(), nn.Conv2d(finest, outputs, 3, padding=1))

    def forward(
        self,
        x: Tensor,
        times: Tensor,
        labels: Tensor | None = None,
        *,
        shift: Tensor | None = None,
        context: Tensor | None = None,
    ) -> Tensor:
        """The prediction, `(N, 3, H, W)` or with a variance `(N, 6, H, W)`, in the type of `x`.

        `x` is `(N, channels, H, W)`, `times` `(N,)`, on the scale of the training, whole or not.
        `labels`, `(N,)`, are the classes of a class-conditional network; None is their average.
        `shift`, `(N, E)`, is added to the embedding of the time, and `context`, `(N, L, D)`, are
        the vectors that attention looks at too.
        """
        embedding = self._embedding(times, labels)
        if shift is not None:
            embedding = embedding + shift.to(embedding.dtype)
        h = x.to(_dtype(self.input_blocks))
        skipped = []
        for stage in self.input_blocks:
            h = self._run(stage, h, embedding, context)
            skipped.append(h)
        h = self._run(self.middle_block, h, embedding, context)
        for stage in self.output_blocks:
            h = self._run(stage, torch.cat([h, skipped.pop()], dim=1), embedding, context)
        output: Tensor = self.out(h.to(_dtype(self.out)))
        return output.to(x.dtype)

    def _embedding(self, times: Tensor, labels: Tensor | None) -> Tensor:
        positions = timestep_embedding(times, self.config.num_channels)
        embedding: Tensor = self.time_embed(positions.to(_dtype(self.time_embed)))
        if self.label_emb is None:
            return embedding
        # The network was never without a class: the average is the one place that stands for none.
        classes = self.label_emb.weight.mean(0) if labels is None else self.label_emb(labels)
        return embedding + classes

    def _run(self, stage: nn.Module, h: Tensor, *told: Tensor | None) -> Tensor:
        if not self.config.use_checkpoint:
            result: Tensor = stage(h, *told)
            return result
        result = recomputed(h.device, stage, h, *told)
        return result

    def cast_convolutions(self, dtype: torch.dtype) -> None:
        """Run all convolutions but the last in `dtype`, as guided-diffusion's half precision does.

        Convolutions hold nearly all weights and do nearly all work; normalisation, embeddings and
        the last layer stay in float32.
        """
        for part in (self.input_blocks, self.middle_block, self.output_blocks):
            for module in part.modules():
                if isinstance(module, nn.Conv1d | nn.Conv2d):
                    module.to(dtype)


def _dtype(module: nn.Module) -> torch.dtype:
    """The dtype of the first parameter of `module`."""
    return next(module.parameters()).dtype


class _Layers:
    """The layers that a configuration asks for, by level."""

    def __init__(self, config: GuidedDiffusionConfig, channels: int, context: int | None) -> None:
        self.config = config
        self.channels = channels
        self.context = context
        self.embedding = 4 * config.num_channels

    def downward(self) -> tuple[list[Stage], list[int]]:
        """The stages from fine to coarse, and the output channels of each."""
        (finest, *_), config = self.config.widths, self.config
        stages = [Stage(nn.Conv2d(self.channels, finest, 3, padding=1))]
        channels = [finest]
        for level, width in enumerate(config.widths):
            for _ in range(config.num_res_blocks):
                stages.append(
                    Stage(self._res_block(channels[-1], width), *self._attention(level, width))
                )
                channels.append(width)
            if level < len(config.widths) - 1:
                stages.append(Stage(self._down(width)))
                channels.append(width)
        return stages, channels

    def middle(self) -> Stage:
        """The stage at the coarsest level, which always has attention."""
        *_, width = self.config.widths
        return Stage(
            self._res_block(width, width),
            self._attention_block(width, upward=False),
            self._res_block(width, width),
        )

    def upward(self, skips: Iterable[int]) -> list[Stage]:
        """The stages from coarse to fine; each takes one of `skips`, the last one first."""
        remaining, config = list(skips), self.config
        stages, (*_, channels) = [], config.widths
        for level, width in reversed(list(enumerate(config.widths))):
            for index in range(config.num_res_blocks + 1):
                layers: list[nn.Module] = [
                    self._res_block(channels + remaining.pop(), width),
                    *self._attention(level, width, upward=True),
                ]
                if level and index == config.num_res_blocks:
                    layers.append(self._up(width))
                stages.append(Stage(*layers))
                channels = width
        return stages

    def _res_block(self, channels: int, width: int, resample: nn.Module | None = None) -> ResBlock:
        return ResBlock(
            channels,
            width,
            embedding=self.embedding,
            scale_shift=self.config.use_scale_shift_norm,
            resample=resample,
        )

    def _attention(self, level: int, width: int, *, upward: bool = False) -> list[nn.Module]:
        attends = level in self.config.attention_levels
        return [self._attention_block(width, upward=upward)] if attends else []

    def _attention_block(self, width: int, *, upward: bool) -> AttentionBlock:
        return AttentionBlock(
            width,
            heads=self.config.heads(width, upward=upward),
            split_first=self.config.use_new_attention_order,
            context=self.context,
        )

    def _down(self, width: int) -> nn.Module:
        if self.config.resblock_updown:
            return self._res_block(width, width, nn.AvgPool2d(2))
        return Downsample(width, conv=self.config.conv_resample)

    def _up(self, width: int) -> nn.Module:
        if self.config.resblock_updown:
            return self._res_block(width, width, nn.Upsample(scale_factor=2))
        return Upsample(width, conv=self.config.conv_resample)
