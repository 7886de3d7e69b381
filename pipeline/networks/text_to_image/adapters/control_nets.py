"""ControlNets: copies of a U-Net's first half that see a hint beside the noised picture.

Zhang et al. 2023, arXiv:2302.05543. What they make of it is added to the U-Net's activations. They
work for the prompt and for what classifier-free guidance leads away from alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from diffusers import ControlNetModel, UNet2DConditionModel
from torch import Tensor

from pipeline.diffusion.added import Shown
from pipeline.diffusion.schedule import NoiseSchedule
from pipeline.errors import ModelError
from pipeline.networks.files.part_files import load_part
from pipeline.networks.memory.offload import loaded_on
from pipeline.networks.text_to_image.parts.condition import Condition
from pipeline.networks.text_to_image.parts.place import Place
from pipeline.networks.text_to_image.parts.unets import Controls, Residuals, added_kwargs


@dataclass(frozen=True, slots=True, eq=False)
class ActiveControl:
    """A ControlNet that is shown a hint at some timesteps; on `device` only while it works."""

    network: ControlNetModel
    hint: Tensor
    """`(1, 3, H, W)` in [0, 1], of the size of the picture."""
    weight: float
    times: frozenset[float]
    """Timesteps, as the network is told them, at which it is asked."""
    device: torch.device

    def __call__(self, x: Tensor, t: Tensor, condition: Condition) -> Residuals:
        """What it adds to a U-Net's activations."""
        hints = self.hint.to(x).expand(len(x), -1, -1, -1)
        with loaded_on(self.network, self.device):
            down, middle = self.network(
                x,
                t,
                encoder_hidden_states=condition.sequence,
                controlnet_cond=hints,
                conditioning_scale=self.weight,
                added_cond_kwargs=added_kwargs(condition.vectors),
                return_dict=False,
            )
        return down, middle


@dataclass(frozen=True, slots=True, eq=False)
class ControlNets:
    """The ControlNets of a denoiser by their names in the scene."""

    networks: Mapping[str, ControlNetModel]
    device: torch.device

    def shown(self, shown: Sequence[Shown], schedule: NoiseSchedule) -> Controls:
        """What the networks add that are `shown` a hint, each within its part of the denoising."""
        active = [self._active(one, schedule) for one in shown]

        def controls(x: Tensor, t: Tensor, condition: Condition) -> Residuals | None:
            # All pictures of a batch are at one timestep.
            asked = [one for one in active if float(t[0]) in one.times]
            return _sum([one(x, t, condition) for one in asked]) if asked else None

        return controls

    def _active(self, shown: Shown, schedule: NoiseSchedule) -> ActiveControl:
        control = shown.control
        within = [
            t for t in range(len(schedule)) if control.start <= schedule.progress(t) < control.until
        ]
        times = schedule.told(torch.tensor(within, dtype=torch.long)).tolist()
        network = self.networks[control.name]
        return ActiveControl(
            network, shown.hint, control.weight, frozenset(map(float, times)), self.device
        )


def _sum(several: Sequence[Residuals]) -> Residuals:
    downs = [down for down, _ in several]
    middles = [middle for _, middle in several]
    return [_added(level) for level in zip(*downs, strict=True)], _added(middles)


def _added(tensors: Sequence[Tensor]) -> Tensor:
    first, *rest = tensors
    for one in rest:
        first = first + one
    return first


def load_controls(
    folders: Mapping[str, Path], unet: UNet2DConditionModel, place: Place
) -> ControlNets:
    """The ControlNets in diffusers folders, for a denoiser whose U-Net is `unet`.

    Raises:
        ModelError: a file is missing or damaged, or a network is for another denoiser.
    """
    networks = {}
    for name, folder in folders.items():
        network = load_part(folder, "", ControlNetModel, place.home, place.dtype)
        _check_fits(network.config, unet.config, folder)
        networks[name] = network
    return ControlNets(networks, place.device)


_ALIKE = (
    "in_channels",
    "block_out_channels",
    "layers_per_block",
    "cross_attention_dim",
    "addition_embed_type",
)
"""What a ControlNet and its U-Net are built alike in."""


def _check_fits(control: Any, unet: Any, folder: Path) -> None:
    for name in _ALIKE:
        ours, theirs = control.get(name), unet.get(name)
        if _plain(ours) != _plain(theirs):
            raise ModelError(
                f"{folder / 'config.json'}: this ControlNet was made for another denoiser: its "
                f"{name} is {ours}, and that of this denoiser's U-Net {theirs}; "
                "use one that was made for this denoiser"
            )


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, list | tuple) else value
