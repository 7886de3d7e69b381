"""Expected outputs of guided-diffusion networks, from the reference itself.

    python -m tools.references.guided_diffusion REFERENCE OUT [--full]

REFERENCE is a checkout of guided-diffusion as Disco Diffusion uses it (github.com/kostarion/
guided-diffusion), OUT the folder of the expected outputs. `--full` runs the published widths, one
after the other, on 5 GB of memory, in place of the reduced ones.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import torch
from torch import Tensor

from pipeline.catalogue.guided_config import CONFIGURATIONS, GuidedDiffusionConfig
from tools.references.seeded import save_summaries, seeded_noise, seeded_state, summary

REDUCED_FILE, FULL_FILE = "guided_diffusion.npz", "guided_diffusion_full.npz"


@dataclass(frozen=True, slots=True)
class Case:
    """A network, and what it is given."""

    config: GuidedDiffusionConfig
    size: tuple[int, int]
    """Height and width of the pictures."""
    times: tuple[float, ...] = (37.0, 803.5)
    labels: tuple[int, ...] | None = None

    def pictures(self) -> Tensor:
        """The noised pictures, `(N, 3, H, W)`."""
        return seeded_noise("pictures", (len(self.times), 3, *self.size))

    def direction(self, output: Tensor) -> Tensor:
        """Factors on the output, of its shape, before its sum is differentiated."""
        return seeded_noise("direction", output.shape)


def _reduced(name: str, num_channels: int, num_res_blocks: int = 2) -> GuidedDiffusionConfig:
    changes = {"num_channels": num_channels, "num_res_blocks": num_res_blocks}
    return CONFIGURATIONS[name].model_copy(update=changes)


REDUCED: Mapping[str, Case] = MappingProxyType(
    {
        # Half of 64 is the least width that has 32 groups.
        "512-finetune": Case(_reduced("512-finetune", 64), (64, 128)),
        "256-uncond": Case(_reduced("256-uncond", 32), (64, 32)),
        "portrait": Case(_reduced("portrait", 64, num_res_blocks=1), (128, 64)),
        "pixelart": Case(_reduced("pixelart", 32), (64, 32)),
        # Every option that no published network uses.
        "other options": Case(
            GuidedDiffusionConfig(
                image_size=64,
                num_channels=32,
                channel_mult="1,3",
                num_res_blocks=1,
                attention_resolutions="64,32",
                num_heads=4,
                num_heads_upsample=2,
                use_new_attention_order=True,
                conv_resample=False,
                class_cond=True,
                num_classes=10,
            ),
            (16, 32),
            labels=(3, 8),
        ),
    }
)

FULL: Mapping[str, Case] = MappingProxyType(
    {name: Case(config, (64, 64), (412.0,)) for name, config in CONFIGURATIONS.items()}
)

TRAJECTORY_STEPS = 300
"""Number of steps that does not divide 1000, so the reference changes its schedule."""
TRAJECTORY_SKIP, TRAJECTORY_LENGTH = 150, 3


def trajectory_start(case: Case) -> tuple[Tensor, Tensor]:
    """The init and the noise of a trajectory."""
    pictures = case.pictures()
    return seeded_noise("init", pictures.shape) / 2, pictures


def _reference_network(scripts: Any, config: GuidedDiffusionConfig) -> Any:
    """The reference's own network, built by its own defaults and derivations, not ours."""
    sampling = ("diffusion_steps", "noise_schedule", "predict_xstart", "rescale_timesteps")
    flags = config.model_dump(exclude={*sampling, "num_classes", "conv_resample"})
    # The reference's scripts have no flags for these two.
    scripts.NUM_CLASSES = config.num_classes
    architecture = scripts.UNetModel

    def with_conv_resample(**options: Any) -> Any:
        return architecture(conv_resample=config.conv_resample, **options)

    scripts.UNetModel = with_conv_resample
    try:
        network = scripts.create_model(**flags)
    finally:
        scripts.UNetModel = architecture
    network.load_state_dict(seeded_state(network.state_dict()))
    return network.eval().requires_grad_(False)


def _forward(network: Any, case: Case, x: Tensor) -> Tensor:
    labels = {} if case.labels is None else {"y": torch.tensor(case.labels)}
    output: Tensor = network(x, torch.tensor(case.times), **labels)
    return output


def _output_and_gradient(name: str, network: Any, case: Case) -> dict[str, np.ndarray]:
    x = case.pictures().requires_grad_()
    output = _forward(network, case, x)
    (gradient,) = torch.autograd.grad((output * case.direction(output)).sum(), x)
    return {**summary(f"{name}/output", output), **summary(f"{name}/gradient", gradient)}


def _trajectory(scripts: Any, network: Any, case: Case) -> dict[str, np.ndarray]:
    """A few steps of the reference's DDIM, with the schedule that Disco Diffusion gives it."""
    diffusion = scripts.create_gaussian_diffusion(
        steps=1000 // TRAJECTORY_STEPS * TRAJECTORY_STEPS,
        learn_sigma=True,
        noise_schedule="linear",
        rescale_timesteps=True,
        timestep_respacing=f"ddim{TRAJECTORY_STEPS}",
    )
    init, noise = trajectory_start(case)
    steps = diffusion.ddim_sample_loop_progressive(
        network,
        tuple(noise.shape),
        noise=noise,
        clip_denoised=False,
        model_kwargs={},
        skip_timesteps=TRAJECTORY_SKIP,
        init_image=init,
    )
    *_, last = islice(steps, TRAJECTORY_LENGTH)
    return {
        **summary("trajectory/x", last["sample"]),
        **summary("trajectory/denoised", last["pred_xstart"]),
    }


def _run_reduced(scripts: Any) -> list[dict[str, np.ndarray]]:
    networks = {name: _reference_network(scripts, case.config) for name, case in REDUCED.items()}
    return [
        *(_output_and_gradient(name, networks[name], case) for name, case in REDUCED.items()),
        _trajectory(scripts, networks["256-uncond"], REDUCED["256-uncond"]),
    ]


def _run_full(scripts: Any) -> list[dict[str, np.ndarray]]:
    def output(name: str, case: Case) -> dict[str, np.ndarray]:
        network = _reference_network(scripts, case.config)
        with torch.no_grad():
            return summary(f"{name}/output", _forward(network, case, case.pictures()))

    return [output(name, case) for name, case in FULL.items()]


def main() -> None:
    """Run the reference and write what it gives."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("reference", type=Path, help="a checkout of guided-diffusion")
    parser.add_argument("out", type=Path, help="the folder of the expected outputs")
    parser.add_argument("--full", action="store_true", help="the published widths")
    options = parser.parse_args()
    sys.path.insert(0, str(options.reference))
    scripts = importlib.import_module("guided_diffusion.script_util")
    if options.full:
        save_summaries(options.out / FULL_FILE, _run_full(scripts))
    else:
        save_summaries(options.out / REDUCED_FILE, _run_reduced(scripts))


if __name__ == "__main__":
    main()
