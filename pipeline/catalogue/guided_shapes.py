"""The shapes of the weights of a guided-diffusion U-Net, and which configuration weights fit.

Under the names of the published checkpoints, from the configuration alone: what
`pipeline.networks.denoisers.guided_unet` builds has the same. Imports no torch.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from pipeline.catalogue.guided_config import CONFIGURATIONS, GuidedDiffusionConfig
from pipeline.catalogue.weight_shapes import Shape, Shapes, shape_misfits

_COLOURS = 3

Named = Iterator[tuple[str, Shape]]


def guided_shapes(
    config: GuidedDiffusionConfig, *, channels: int = _COLOURS, context: int | None = None
) -> dict[str, Shape]:
    """The shape of every tensor of the network.

    `channels` are those of its input, `context` the width of the text's vectors that its attention
    looks at, or None for a network without text.
    """
    return dict(_Layers(config, channels, context).all())


def described(config: GuidedDiffusionConfig) -> str:
    """The settings that shape the weights, but for those that have their usual value."""
    settings = config.model_dump(exclude_defaults=True, exclude=_SHAPELESS)
    listed = ", ".join(f"{key} {value}" for key, value in settings.items())
    return f"guided-diffusion U-Net of its configuration ({listed})"


_SHAPELESS = {
    "diffusion_steps",
    "noise_schedule",
    "predict_xstart",
    "rescale_timesteps",
    "use_checkpoint",
}


def remedy(found: Shapes) -> str:
    """What to do about weights that do not fit: name the known configuration that they do fit."""
    for name, config in CONFIGURATIONS.items():
        if not shape_misfits(guided_shapes(config), found):
            return f'these weights fit the configuration "{name}"; use that one'
    return (
        "weights and configuration belong together; write down the flags of the training, or use "
        f"one of the known configurations: {', '.join(CONFIGURATIONS)}"
    )


def _linear(name: str, inputs: int, outputs: int) -> Named:
    yield f"{name}.weight", (outputs, inputs)
    yield f"{name}.bias", (outputs,)


def _conv(name: str, inputs: int, outputs: int, *kernel: int) -> Named:
    yield f"{name}.weight", (outputs, inputs, *kernel)
    yield f"{name}.bias", (outputs,)


def _norm(name: str, channels: int) -> Named:
    yield f"{name}.weight", (channels,)
    yield f"{name}.bias", (channels,)


class _Layers:
    """The layers that a configuration asks for."""

    def __init__(self, config: GuidedDiffusionConfig, channels: int, context: int | None) -> None:
        self.config = config
        self.channels = channels
        self.context = context
        self.embedding = 4 * config.num_channels

    def all(self) -> Named:
        config, (finest, *_) = self.config, self.config.widths
        yield from _linear("time_embed.0", config.num_channels, self.embedding)
        yield from _linear("time_embed.2", self.embedding, self.embedding)
        if config.class_cond:
            yield "label_emb.weight", (config.num_classes, self.embedding)
        skips = [finest]
        yield from _conv("input_blocks.0.0", self.channels, finest, 3, 3)
        yield from self._downward(skips)
        yield from self._middle(config.widths[-1])
        yield from self._upward(skips)
        yield from _norm("out.0", finest)
        outputs = 2 * _COLOURS if config.learn_sigma else _COLOURS
        yield from _conv("out.2", finest, outputs, 3, 3)

    def _downward(self, skips: list[int]) -> Named:
        """The stages from fine to coarse; `skips` grows by the channels that each puts out."""
        places = count(1)
        for level, width in enumerate(self.config.widths):
            for _ in range(self.config.num_res_blocks):
                place = f"input_blocks.{next(places)}"
                yield from self._residual(f"{place}.0", skips[-1], width)
                yield from self._attention_at(f"{place}.1", level, width)
                skips.append(width)
            if level < len(self.config.widths) - 1:
                yield from self._resampled(f"input_blocks.{next(places)}.0", width, "op")
                skips.append(width)

    def _middle(self, width: int) -> Named:
        yield from self._residual("middle_block.0", width, width)
        yield from self._attention("middle_block.1", width)
        yield from self._residual("middle_block.2", width, width)

    def _upward(self, skips: list[int]) -> Named:
        """The stages from coarse to fine; each takes the last of `skips`."""
        places, (*_, channels) = count(), self.config.widths
        for level, width in reversed(list(enumerate(self.config.widths))):
            for index in range(self.config.num_res_blocks + 1):
                place, attends = f"output_blocks.{next(places)}", self._attends(level)
                yield from self._residual(f"{place}.0", channels + skips.pop(), width)
                yield from self._attention_at(f"{place}.1", level, width)
                if level and index == self.config.num_res_blocks:
                    yield from self._resampled(f"{place}.{1 + attends}", width, "conv")
                channels = width

    def _attends(self, level: int) -> bool:
        return level in self.config.attention_levels

    def _attention_at(self, name: str, level: int, width: int) -> Named:
        if self._attends(level):
            yield from self._attention(name, width)

    def _attention(self, name: str, width: int) -> Named:
        yield from _norm(f"{name}.norm", width)
        yield from _conv(f"{name}.qkv", width, 3 * width, 1)
        if self.context is not None:
            yield from _conv(f"{name}.encoder_kv", self.context, 2 * width, 1)
        yield from _conv(f"{name}.proj_out", width, width, 1)

    def _residual(self, name: str, inputs: int, width: int) -> Named:
        doubled = 2 * width if self.config.use_scale_shift_norm else width
        yield from _norm(f"{name}.in_layers.0", inputs)
        yield from _conv(f"{name}.in_layers.2", inputs, width, 3, 3)
        yield from _linear(f"{name}.emb_layers.1", self.embedding, doubled)
        yield from _norm(f"{name}.out_layers.0", width)
        yield from _conv(f"{name}.out_layers.3", width, width, 3, 3)
        if inputs != width:
            yield from _conv(f"{name}.skip_connection", inputs, width, 1, 1)

    def _resampled(self, name: str, width: int, layer: str) -> Named:
        """The weights, if any, of a layer that changes the resolution."""
        if self.config.resblock_updown:
            yield from self._residual(name, width, width)
        elif self.config.conv_resample:
            yield from _conv(f"{name}.{layer}", width, width, 3, 3)
