"""Expected outputs of GLIDE networks, from the reference itself.

    python -m tools.references.glide REFERENCE OUT [--full]

REFERENCE is a checkout of github.com/openai/glide-text2im, OUT the folder of the expected outputs.
`--full` runs the published widths, one after the other, in place of the reduced ones.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import torch
from torch import Tensor

from pipeline.catalogue.glide_config import BASE, UPSAMPLER, VOCAB_SIZE, GlideConfig
from tools.references.seeded import save_summaries, seeded_noise, seeded_state, summary

REDUCED_FILE, FULL_FILE = "glide.npz", "glide_full.npz"
SCALE = 3.0
"""Scale of classifier-free guidance, that of GLIDE's examples."""
STEPS = 5
LARGE, SMALL = (64, 96), (16, 24)
"""Height and width of what the upsampler paints, and of what it is given."""
TEXT = (11, 2704, 40_000, 7, 311)
"""Ids of a made-up prompt."""


@dataclass(frozen=True, slots=True)
class Case:
    """A network, and what it is given."""

    config: GlideConfig
    size: tuple[int, int]
    """Height and width of the noised pictures."""
    times: tuple[float, ...] = (37.0, 803.0)

    def pictures(self) -> Tensor:
        """The noised pictures, `(N, 3, H, W)`."""
        return seeded_noise("pictures", (len(self.times), 3, *self.size))

    def low(self) -> Tensor:
        """Pictures to enlarge, `(N, 3, H / 4, W / 4)`, such as 8 bits hold."""
        h, w = self.size
        colours = seeded_noise("low", (len(self.times), 3, h // 4, w // 4)).clamp(-1, 1)
        return ((colours + 1) * 127.5).round() / 127.5 - 1

    def ids(self) -> Tensor:
        """A prompt, and no prompt in every other place: ids `(N, L)`, padded."""
        room = self.config.text_ctx
        text = [*TEXT, *[VOCAB_SIZE - 1] * (room - len(TEXT))]
        empty = [VOCAB_SIZE - 1] * room
        return torch.tensor([(text, empty)[n % 2] for n in range(len(self.times))])

    def direction(self, output: Tensor) -> Tensor:
        """Factors on the output, of its shape, before its sum is differentiated."""
        return seeded_noise("direction", output.shape)


REDUCED_FLAGS = {
    "num_channels": 32,
    "num_res_blocks": 1,
    "num_head_channels": 16,
    "text_ctx": 16,
    "xf_width": 48,
    "xf_layers": 2,
    "xf_heads": 4,
}
_SHORT = {"text_ctx": 8, "xf_layers": 1, "xf_final_ln": False, "xf_padding": False}

REDUCED: Mapping[str, Case] = MappingProxyType(
    {
        "base": Case(BASE.model_copy(update=REDUCED_FLAGS), (32, 48)),
        "upsampler": Case(UPSAMPLER.model_copy(update=REDUCED_FLAGS), LARGE),
        # Every option of the text that no published network uses.
        "other options": Case(BASE.model_copy(update=REDUCED_FLAGS | _SHORT), (16, 16)),
    }
)
FULL: Mapping[str, Case] = MappingProxyType(
    {
        "base": Case(BASE, (64, 64), (412.0, 90.0)),
        "upsampler": Case(UPSAMPLER, (64, 64), (412.0, 90.0)),
    }
)

_FLAGS = (
    *("image_size", "num_channels", "num_res_blocks", "channel_mult", "num_heads"),
    *("num_head_channels", "num_heads_upsample", "attention_resolutions", "text_ctx", "xf_width"),
    *("xf_layers", "xf_heads", "xf_final_ln", "xf_padding", "use_scale_shift_norm"),
    *("resblock_updown", "inpaint", "super_res"),
)


def reference_network(creation: Any, config: GlideConfig) -> Any:
    """The reference's own network with seeded weights, built by its own derivations, not ours."""
    flags = {name: value for name, value in config.model_dump().items() if name in _FLAGS}
    others = {"dropout": 0.1, "use_fp16": False, "cache_text_emb": False}
    network = creation.create_model(**flags, **others)
    network.load_state_dict(seeded_state(network.state_dict()))
    return network.eval().requires_grad_(False)


def inputs(case: Case) -> dict[str, Tensor]:
    """What the reference is given beside pictures and times."""
    ids = case.ids()
    text = {"tokens": ids, "mask": ids != VOCAB_SIZE - 1}
    return text | ({"low_res": case.low()} if case.config.super_res else {})


def _output_and_gradient(name: str, network: Any, case: Case) -> dict[str, np.ndarray]:
    x = case.pictures().requires_grad_()
    output = network(x, torch.tensor(case.times), **inputs(case))
    (gradient,) = torch.autograd.grad((output * case.direction(output)).sum(), x)
    return {**summary(f"{name}/output", output), **summary(f"{name}/gradient", gradient)}


def _guided_trajectory(creation: Any, network: Any, case: Case) -> dict[str, np.ndarray]:
    """The reference's DDIM under classifier-free guidance, as its examples write it.

    It clamps the guided estimates, which is its default.
    """
    diffusion = creation.create_gaussian_diffusion(1000, "squaredcos_cap_v2", f"{STEPS}")
    noise = case.pictures()[:1].repeat(2, 1, 1, 1)

    def model(x: Tensor, times: Tensor, **given: Tensor) -> Tensor:
        half, _ = x.chunk(2)
        eps, rest = network(torch.cat([half, half]), times, **given).split(3, dim=1)
        with_text, without = eps.chunk(2)
        guided = without + SCALE * (with_text - without)
        return torch.cat([torch.cat([guided, guided]), rest], dim=1)

    x = diffusion.ddim_sample_loop(
        model, tuple(noise.shape), noise=noise, model_kwargs=inputs(case), device=noise.device
    )
    return summary("trajectory/base", x[:1])


def _upsampler_trajectory(creation: Any, network: Any, case: Case) -> dict[str, np.ndarray]:
    diffusion = creation.create_gaussian_diffusion(1000, "linear", "fast27")
    noise = 0.997 * case.pictures()
    x = diffusion.ddim_sample_loop(
        network, tuple(noise.shape), noise=noise, model_kwargs=inputs(case)
    )
    return summary("trajectory/upsampler", x)


def _run_reduced(creation: Any) -> list[dict[str, np.ndarray]]:
    networks = {name: reference_network(creation, case.config) for name, case in REDUCED.items()}
    outputs = [_output_and_gradient(name, networks[name], case) for name, case in REDUCED.items()]
    return [
        *outputs,
        _guided_trajectory(creation, networks["base"], REDUCED["base"]),
        _upsampler_trajectory(creation, networks["upsampler"], REDUCED["upsampler"]),
    ]


def _run_full(creation: Any) -> list[dict[str, np.ndarray]]:
    def output(name: str, case: Case) -> dict[str, np.ndarray]:
        network = reference_network(creation, case.config)
        with torch.no_grad():
            output = network(case.pictures(), torch.tensor(case.times), **inputs(case))
        return summary(f"{name}/output", output)

    return [output(name, case) for name, case in FULL.items()]


def main() -> None:
    """Run the reference and write what it gives."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("reference", type=Path, help="a checkout of glide-text2im")
    parser.add_argument("out", type=Path, help="the folder of the expected outputs")
    parser.add_argument("--full", action="store_true", help="the published widths")
    options = parser.parse_args()
    sys.path.insert(0, str(options.reference))
    creation = importlib.import_module("glide_text2im.model_creation")
    if options.full:
        save_summaries(options.out / FULL_FILE, _run_full(creation))
    else:
        save_summaries(options.out / REDUCED_FILE, _run_reduced(creation))


if __name__ == "__main__":
    main()
