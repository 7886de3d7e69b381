"""Denoisers from diffusers folders: a `UNet2DModel` with its noise schedule.

A folder holds `unet/config.json`, `unet/diffusion_pytorch_model.safetensors` and
`scheduler/scheduler_config.json`, as diffusers writes them. Two facts that diffusers has no word for
stand in an optional `discoreel.json`:

    {"lapped": {"block": 4, "scale": [16 numbers]}, "prompt": {"scale": 16.0}}

`lapped`: the network sees coefficients of the lapped transform instead of pixels, and what it
returns is multiplied by `scale`, one number for each coefficient of a patch. `prompt`: the network
takes a CLIP embedding times `scale` as its class embedding; the zero vector means no prompt.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from diffusers import UNet2DModel
from torch import Tensor

from pipeline.diffusion.schedule import NoiseSchedule, cosine_schedule, scaled_linear_schedule
from pipeline.errors import ModelError
from pipeline.models.lapped import LappedTransform
from pipeline.models.weights import freeze, load_state, read_config, read_weights

Prediction = Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]
"""`(x, output, alpha, sigma) -> denoised`."""

PREDICTIONS: Mapping[str, Prediction] = {
    "sample": lambda x, output, alpha, sigma: output,
    "epsilon": lambda x, output, alpha, sigma: (x - sigma * output) / alpha,
    "v_prediction": lambda x, output, alpha, sigma: alpha * x - sigma * output,
}
"""What a network may have been trained to predict (Salimans & Ho 2022, section 4)."""


@dataclass(frozen=True, slots=True)
class Stem:
    """What stands between pixels and the U-Net: nothing, or the lapped transform."""

    analyse: Callable[[Tensor], Tensor]
    synthesise: Callable[[Tensor], Tensor]


PIXELS = Stem(analyse=lambda x: x, synthesise=lambda x: x)


def lapped_stem(block: int, scale: Tensor) -> Stem:
    """A stem of overlapping patches; `scale` `(block^2,)` is what the U-Net's output is worth."""
    transform = LappedTransform(block)

    def synthesise(output: Tensor) -> Tensor:
        colours = output.shape[1] // len(scale)
        return transform.inverse(output * scale.to(output).repeat(colours)[:, None, None])

    return Stem(transform.forward, synthesise)


class UNetDenoiser:
    """A `UNet2DModel` with its schedule; `bind` it to a prompt and it is a `Denoiser`."""

    def __init__(
        self,
        unet: UNet2DModel,
        schedule: NoiseSchedule,
        *,
        prediction: str = "sample",
        stem: Stem = PIXELS,
        prompt_scale: float | None = None,
    ) -> None:
        self.unet = unet
        self.schedule = schedule
        self.takes_prompt = prompt_scale is not None
        self._denoise = PREDICTIONS[prediction]
        self._stem = stem
        self._prompt_scale = prompt_scale or 0.0

    def bind(self, embedding: Tensor | None) -> BoundDenoiser:
        """The denoiser for one prompt: a unit vector `(D,)`, or None for no prompt at all."""
        return BoundDenoiser(self, embedding)

    def denoise(self, x: Tensor, t: Tensor, embedding: Tensor | None) -> Tensor:
        """The estimate of x_0 for `x` `(N, 3, H, W)`, `t` `(N,)`, `embedding` `(D,)` or `(N, D)`."""
        n, *_ = x.shape
        sample = self.unet(self._stem.analyse(x), t, self._class_labels(embedding, n, x)).sample
        output = self._stem.synthesise(sample.to(x.dtype))
        alpha, sigma = self.schedule.at(x, t)
        return self._denoise(x, output, alpha, sigma)

    def _class_labels(self, embedding: Tensor | None, n: int, like: Tensor) -> Tensor | None:
        if not self.takes_prompt:
            return None
        if embedding is None:
            return like.new_zeros(n, self.unet.config.block_out_channels[0] * 4)
        return (embedding * self._prompt_scale).to(like).expand(n, -1)


@dataclass(frozen=True, slots=True)
class BoundDenoiser:
    """A network and the prompt embedding that it listens to; a `Denoiser`."""

    network: UNetDenoiser
    embedding: Tensor | None

    @property
    def schedule(self) -> NoiseSchedule:
        """The network's own noise levels."""
        return self.network.schedule

    def __call__(self, x: Tensor, t: Tensor) -> Tensor:
        """The estimate of x_0 under the prompt."""
        return self.network.denoise(x, t, self.embedding)


def load_denoiser(folder: Path, device: torch.device) -> UNetDenoiser:
    """The network in a diffusers folder, ready on `device`; `ModelError` names what does not fit."""
    scheduler = folder / "scheduler" / "scheduler_config.json"
    extras = folder / "discoreel.json"
    unet = _load_unet(folder / "unet")
    schedule, prediction = _read_scheduler(read_config(scheduler), scheduler)
    extra = read_config(extras) if extras.exists() else {}
    return UNetDenoiser(
        unet.to(device),
        schedule,
        prediction=prediction,
        stem=_read_stem(extra.get("lapped")),
        prompt_scale=extra["prompt"]["scale"] if "prompt" in extra else None,
    )


def _load_unet(folder: Path) -> UNet2DModel:
    path = folder / "config.json"
    config = read_config(path)
    if config.get("_class_name") != "UNet2DModel":
        raise ModelError(
            f"{path}: expected the class UNet2DModel, found {config.get('_class_name')!r}; "
            "only pixel denoisers of that class load from a diffusers folder"
        )
    unet = UNet2DModel.from_config(config)
    weights = folder / "diffusion_pytorch_model.safetensors"
    load_state(unet, read_weights(weights), weights)
    freeze(unet)
    return unet


_SCHEDULES: Mapping[str, Callable[[dict[str, Any]], NoiseSchedule]] = {
    # diffusers takes the two ends as they are, whatever the number of steps.
    "linear": lambda config: NoiseSchedule.from_betas(
        torch.linspace(
            config["beta_start"],
            config["beta_end"],
            config["num_train_timesteps"],
            dtype=torch.float64,
        )
    ),
    "scaled_linear": lambda config: scaled_linear_schedule(
        config["num_train_timesteps"], config["beta_start"], config["beta_end"]
    ),
    "squaredcos_cap_v2": lambda config: cosine_schedule(config["num_train_timesteps"]),
}
_SCHEDULER_DEFAULTS = {
    "num_train_timesteps": 1000,
    "beta_schedule": "linear",
    "beta_start": 1e-4,
    "beta_end": 0.02,
    "prediction_type": "epsilon",
}
"""What diffusers assumes for a key that a scheduler's file leaves out."""


def _read_scheduler(config: dict[str, Any], path: Path) -> tuple[NoiseSchedule, str]:
    config = _SCHEDULER_DEFAULTS | config
    for key, known in (("beta_schedule", _SCHEDULES), ("prediction_type", PREDICTIONS)):
        if config[key] not in known:
            raise ModelError(
                f"{path}: {key} is {config[key]!r}; allowed: {', '.join(sorted(known))}"
            )
    return _SCHEDULES[config["beta_schedule"]](config), config["prediction_type"]


def _read_stem(lapped: dict[str, Any] | None) -> Stem:
    if lapped is None:
        return PIXELS
    return lapped_stem(lapped["block"], torch.tensor(lapped["scale"]))
