"""Low-rank adapters (Hu et al. 2021, arXiv:2106.09685) in the networks of a denoiser.

Each layer that some adapter changes has all of them beside it, and what they count is set before
every use: so weights may move from frame to frame at no cost. An adapter of weight 0 is left out,
and where none counts the layer is as it was without any.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from peft import LoraConfig, inject_adapter_in_model, set_peft_model_state_dict
from peft.tuners.lora import LoraLayer
from torch import Tensor, nn

from keyframes.prompts import Prompt
from pipeline.networks.text_to_image.adapters.lora_files import Layers, fitting
from pipeline.networks.text_to_image.parts.condition import Condition
from pipeline.networks.text_to_image.parts.protocols import Backbone, TextSide
from pipeline.spec.adapters import LoraSpec

Weights = tuple[tuple[str, float], ...]
"""Adapters and what they count, which is not 0."""

KINDS: Mapping[str, str] = {
    "unet": "U-Net",
    "transformer": "transformer",
    "text_encoder": "text encoder",
    "text_encoder_2": "second text encoder",
}
"""The parts of a denoiser that LoRAs change, in words."""


def add_lora(network: nn.Module, layers: Layers, adapter: str) -> None:
    """Lay the low-rank `layers` of one adapter beside those of `network`, where they fit.

    They lie on the device of the network and are as precise.
    """
    ranks = {f"^{name}": len(layer.down) for name, layer in layers.items()}
    state = {
        f"{name}.{half}.weight": value
        for name, layer in layers.items()
        for half, value in (("lora_A", layer.down), ("lora_B", layer.up))
    }
    config = LoraConfig(
        r=1,
        lora_alpha=1,
        rank_pattern=ranks,
        # The scale of the adapter is in its numbers.
        alpha_pattern=ranks,
        target_modules=list(layers),
        inference_mode=True,
    )
    with warnings.catch_warnings():
        # Several adapters in one network are what is wanted.
        warnings.filterwarnings("ignore", "Already found a `peft_config`")
        # On the "meta" device: no random number is drawn for weights that come from the file.
        inject_adapter_in_model(
            config, network, adapter_name=adapter, low_cpu_mem_usage=True, state_dict=state
        )
    set_peft_model_state_dict(network, state, adapter_name=adapter, low_cpu_mem_usage=True)
    for layer in _lora_layers(network):
        base: Any = layer.get_base_layer()
        nn.Module.to(layer, base.weight.device, base.weight.dtype)
    network.requires_grad_(False)


class Weighed:
    """A network with adapters, and what each of them counts in it now."""

    def __init__(self, network: nn.Module) -> None:
        self._layers = _lora_layers(network)
        self._weights: Weights | None = None

    def weigh(self, weights: Weights) -> None:
        """Let each of the adapters count what `weights` say, and all others nothing."""
        if weights == self._weights:
            return
        names = [name for name, _ in weights]
        for layer in self._layers:
            layer.enable_adapters(bool(names))
            if names:
                layer.set_adapter(names, inference_mode=True)
            for name, weight in weights:
                layer.set_scale(name, weight)
        self._weights = weights


def _lora_layers(network: nn.Module) -> list[Any]:
    return [module for module in network.modules() if isinstance(module, LoraLayer)]


@dataclass(frozen=True, slots=True, eq=False)
class AdaptedBackbone:
    """A `Backbone` whose network has adapters, which count what they are told here."""

    inside: Backbone
    network: Weighed
    weights: Weights

    def __call__(self, x: Tensor, t: Tensor, condition: Condition) -> Tensor:
        """What the adapted network predicts, `(N, C, h, w)`."""
        self.network.weigh(self.weights)
        return self.inside(x, t, condition)


@dataclass(frozen=True, slots=True, eq=False)
class AdaptedTexts:
    """A `TextSide` whose encoders have adapters, which count what they are told here."""

    inside: TextSide
    encoders: Sequence[Weighed]
    weights: Weights

    def __call__(self, prompt: Prompt) -> Condition:
        """One prompt as the adapted encoders read it."""
        self._weigh()
        return self.inside(prompt)

    def empty(self) -> Condition:
        """The empty prompt as the adapted encoders read it."""
        self._weigh()
        return self.inside.empty()

    def _weigh(self) -> None:
        for encoder in self.encoders:
            encoder.weigh(self.weights)


_KEPT = 8
"""Weights of adapters under which encoded prompts are kept: those of a cross-fade, and more."""


class Loras:
    """The adapters of a denoiser, by the names of their files in the scene.

    `anew` makes a text side that knows no prompt yet.
    """

    def __init__(
        self,
        parts: Mapping[str, nn.Module],
        read: Callable[[Path], Mapping[str, Layers]],
        files: Mapping[str, Path],
        anew: Callable[[], TextSide],
    ) -> None:
        """Lay the adapters in `files` into the `parts` that they change.

        Raises:
            ModelError: a file is missing or damaged, or does not fit.
        """
        self._parts = parts
        # Names of files are no names of modules.
        self._names = {name: f"lora_{place}" for place, name in enumerate(files)}
        backbone, *encoders = parts
        self._of_texts = {
            name
            for name, path in files.items()
            if self._add(read(path), self._names[name], path) - {backbone}
        }
        self._backbone = Weighed(parts[backbone])
        weighed = [Weighed(parts[name]) for name in encoders]
        self._texts_under = lru_cache(_KEPT)(lambda weights: AdaptedTexts(anew(), weighed, weights))

    def _add(self, layers: Mapping[str, Layers], adapter: str, path: Path) -> set[str]:
        """Lay one adapter into the parts that it changes, and say which these are."""
        for part, changed in layers.items():
            network = self._parts.get(part, nn.Module())
            add_lora(network, fitting(changed, network, path, KINDS[part]), adapter)
        return set(layers)

    def backbone(self, inside: Backbone, loras: Sequence[LoraSpec]) -> Backbone:
        """`inside` with what each of `loras` counts."""
        return AdaptedBackbone(inside, self._backbone, self._weights(loras))

    def texts(self, loras: Sequence[LoraSpec]) -> TextSide:
        """The text side with what each of `loras` counts."""
        ours = [one for one in loras if one.name in self._of_texts]
        return self._texts_under(self._weights(ours))

    def _weights(self, loras: Sequence[LoraSpec]) -> Weights:
        return tuple((self._names[one.name], one.weight) for one in loras if one.weight)
