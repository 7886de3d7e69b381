"""IP-Adapters: prompts that are pictures for U-Nets that read texts.

Ye et al. 2023, arXiv:2308.06721. The embedding of a picture becomes four tokens more, which every
layer of cross-attention looks at beside those of the text; what it finds there counts by a scale.

Convention:
    A condition has the embedding of its pictures, `(D,)`, and the scale, `(1,)`, among its
    `vectors`; without them the U-Net is as it was without the adapter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from diffusers import UNet2DConditionModel
from diffusers.models.attention_processor import IPAdapterAttnProcessor2_0
from torch import Tensor
from transformers import CLIPImageProcessor, CLIPVisionModelWithProjection

from keyframes.prompts import Prompt
from pipeline.catalogue.image_adapter_files import adapter_file
from pipeline.errors import ModelError
from pipeline.files.pictures import read_picture
from pipeline.networks.files.checkpoint import read_content
from pipeline.networks.files.part_files import load_part
from pipeline.networks.files.weights import check_finite, read_weights
from pipeline.networks.text_to_image.parts.place import Place
from pipeline.networks.text_to_image.unclip.image_prompts import PictureReader

Vectors = Mapping[str, Tensor]

PICTURES, SCALE = "adapter_pictures", "adapter_scale"
"""The vectors of a condition that an adapter reads."""

_ENCODER = "image_encoder"


@dataclass(frozen=True, slots=True, eq=False)
class ImageAdapter:
    """An adapter in a U-Net, and the encoder of its pictures."""

    reader: PictureReader
    layers: Sequence[IPAdapterAttnProcessor2_0]
    """The adapter's part of each layer of cross-attention."""
    width: int
    """D, the numbers of an embedding."""
    _known: dict[str, Tensor] = field(default_factory=dict)

    def vectors(self, prompts: Sequence[Prompt]) -> tuple[Vectors, Vectors]:
        """What a frame's prompts that are pictures add to the condition, and to its opposite.

        Pictures of negative weight are what is led away from: wholly where they weigh as much as
        the others, by their share where they weigh less. Zeros stand for none.

        Raises:
            PictureError: a file is no picture.
        """
        scale = adapter_scale(prompts)
        if not scale:
            return {}, {}
        wanted = [one for one in prompts if one.image and one.weight > 0]
        unwanted = [one for one in prompts if one.image and one.weight < 0]
        total, against = _weight(wanted), _weight(unwanted)
        # Both passes have one scale; the pictures that ask for less of it are nearer to none.
        towards = self._mean(wanted) * (_beside_texts(total, prompts) / scale)
        away = self._mean(unwanted) * (min(1.0, against / total) if total else 1.0)
        counted = torch.tensor([scale])
        return {PICTURES: towards, SCALE: counted}, {PICTURES: away, SCALE: counted}

    def _mean(self, prompts: Sequence[Prompt]) -> Tensor:
        """The mean of their embeddings by weight, `(D,)`."""
        total = sum(prompt.weight for prompt in prompts)
        mean = torch.zeros(self.width)
        for prompt in prompts:
            mean = mean + prompt.weight / total * self._embedded(prompt.text)
        return mean

    def _embedded(self, path: str) -> Tensor:
        if path not in self._known:
            self._known[path] = self.reader(read_picture(Path(path))).cpu()
        return self._known[path]

    def __call__(self, x: Tensor, vectors: Vectors) -> list[Tensor]:
        """What the U-Net takes of the pictures, `(N, 1, D)`; its layers are set to their scale."""
        known = vectors.get(PICTURES)
        # All pictures of a batch are of one frame, which has one scale.
        scale = 0.0 if known is None else float(vectors[SCALE][0, 0])
        for layer in self.layers:
            layer.scale = [scale]
        return [x.new_zeros(len(x), 1, self.width) if known is None else known[:, None]]


def adapter_scale(prompts: Sequence[Prompt]) -> float:
    """What pictures count: the sum of their weights over that of the texts', 0 to 1.

    Where those of negative weight come to more, it is theirs.
    """
    pictures = [one for one in prompts if one.image]
    wanted = _weight([one for one in pictures if one.weight > 0])
    unwanted = _weight([one for one in pictures if one.weight < 0])
    return _beside_texts(max(wanted, unwanted), prompts)


def _beside_texts(weight: float, prompts: Sequence[Prompt]) -> float:
    """What pictures of a weight count beside the texts that are wanted; 1 where there are none."""
    texts = _weight([one for one in prompts if not one.image and one.weight > 0])
    return min(1.0, weight / texts) if texts else float(weight > 0)


def _weight(prompts: Sequence[Prompt]) -> float:
    """The sum of their weights without the sign."""
    return sum(abs(one.weight) for one in prompts)


def load_image_adapter(folder: Path, unet: UNet2DConditionModel, place: Place) -> ImageAdapter:
    """The adapter in a folder, laid into `unet`: its weights, and `image_encoder` beside them.

    Raises:
        ModelError: a file is missing or damaged, or is of another variant or for another U-Net.
    """
    path = adapter_file(folder)
    state = _read(path)
    _check_fits(state, unet, path)
    encoder = load_part(folder, _ENCODER, CLIPVisionModelWithProjection, place.home, place.dtype)
    width = state["image_proj"]["proj.weight"].shape[1]
    if encoder.config.projection_dim != width:
        raise ModelError(
            f"{folder / _ENCODER / 'config.json'}: gives embeddings of "
            f"{encoder.config.projection_dim} numbers, and {path.name} reads {width}; use the "
            "encoder that was published with it"
        )
    unet._load_ip_adapter_weights(state, low_cpu_mem_usage=False)
    unet.requires_grad_(False)
    side = encoder.config.image_size
    layers: Any = unet.attn_processors.values()
    return ImageAdapter(
        PictureReader(CLIPImageProcessor(size=side, crop_size=side), encoder, place.device),
        [layer for layer in layers if isinstance(layer, IPAdapterAttnProcessor2_0)],
        width,
    )


_PARTS = ("image_proj", "ip_adapter")


def _read(path: Path) -> dict[str, dict[str, Tensor]]:
    """The weights of both parts of an adapter, from either of the published layouts."""
    if path.suffix != ".safetensors":
        content: Any = read_content(path)
        parts = {part: dict(content.get(part, {})) for part in _PARTS}
    else:
        state = read_weights(path)
        parts = {
            part: {
                name.removeprefix(f"{part}."): value
                for name, value in state.items()
                if name.startswith(f"{part}.")
            }
            for part in _PARTS
        }
    for part in parts.values():
        check_finite(part, path)
    return parts


def _check_fits(
    state: Mapping[str, Mapping[str, Tensor]], unet: UNet2DConditionModel, path: Path
) -> None:
    if not state["ip_adapter"]:
        raise ModelError(f"{path}: holds no IP-Adapter; fetch it again")
    if "proj.weight" not in state["image_proj"]:
        raise ModelError(
            f"{path}: is another variant of an IP-Adapter (plus, full or of faces); use a plain "
            "one, such as ip-adapter_sd15.safetensors"
        )
    expected = _key_shapes(unet)
    found = [tuple(one.shape) for name, one in state["ip_adapter"].items() if "to_k_ip" in name]
    if sorted(found) != sorted(expected):
        reads = sorted({width for _, width in found})
        raise ModelError(
            f"{path}: this IP-Adapter was made for another denoiser: it has {len(found)} layers "
            f"that read {reads} numbers, and this one has {len(expected)} that read "
            f"{sorted({width for _, width in expected})}; use one that was made for it"
        )


def _key_shapes(unet: Any) -> list[tuple[int, ...]]:
    return [
        tuple(module.to_k.weight.shape)
        for name, module in unet.named_modules()
        if name.endswith("attn2")
    ]
