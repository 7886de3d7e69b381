"""Expected trajectories for the samplers, by the code that Disco Diffusion samples with.

    python -m tools.references.samplers CHECKOUT

CHECKOUT is a copy of github.com/kostarion/guided-diffusion, Disco's fork of OpenAI's code, which
runs here on a formula in the place of a network. The tests hold our samplers against the file that
this writes, so they need neither the fork nor its weights.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor

EXPECTED = Path(__file__).parents[2] / "tests/pipeline/diffusion/expected/samplers.safetensors"
SHAPE = (1, 3, 4, 4)


@dataclass(frozen=True, slots=True)
class Case:
    """The settings of one trajectory."""

    sampler: str
    steps: int
    skip_steps: int = 0
    eta: float = 0.0
    has_init: bool = False
    is_guided: bool = False
    clip_denoised: bool = False
    mirrored_at: float | None = None
    """The share of the denoising after which the left half is mirrored to the right."""

    @property
    def name(self) -> str:
        """The key of the trajectory in the file."""
        flags = [word for word in ("has_init", "is_guided", "clip_denoised") if getattr(self, word)]
        settings = [f"{self.steps} steps", f"skip {self.skip_steps}", f"eta {self.eta:g}", *flags]
        if self.mirrored_at is not None:
            settings.append(f"mirrored at {self.mirrored_at:g}")
        return ", ".join((self.sampler, *settings))


CASES = (
    *(Case("ddim", steps, eta=eta) for steps in (10, 12) for eta in (0.0, 0.8)),
    *(Case("ddim", steps, eta=0.8, is_guided=True) for steps in (10, 12)),
    Case("ddim", 10, skip_steps=4, eta=0.8),
    Case("ddim", 10, skip_steps=4, eta=0.8, has_init=True),
    Case("ddim", 12, skip_steps=4, eta=0.8, has_init=True, is_guided=True),
    Case("ddim", 10, has_init=True),
    Case("ddim", 10, clip_denoised=True),
    *(Case("ddim", 10, eta=0.8, mirrored_at=share) for share in (0.09, 0.34, 0.95)),
    *(Case("plms", steps, is_guided=guided) for steps in (10, 12) for guided in (False, True)),
    Case("plms", 10, skip_steps=4, has_init=True, is_guided=True),
)
"""Every case; 10 steps divide the 1000 of the networks' training, 12 do not."""


def toy_eps(x: Tensor, time: Tensor) -> Tensor:
    """A formula in place of a network's eps: curved in `x`; `time`, `(N,)`, is in [0, 1000]."""
    noisy = time.view(-1, 1, 1, 1).to(x) / 1000
    return noisy * x + (1 - noisy) * torch.sin(3 * x) / 2 + x.roll(1, dims=-1) / 10


def toy_gradient(x: Tensor, time: Tensor) -> Tensor:
    """A formula in place of CLIP's gradient: curved in `x`, and another one at each `time`."""
    return torch.cos(x) * (0.2 + time.view(-1, 1, 1, 1).to(x) / 1000)


def start() -> tuple[Tensor, Tensor]:
    """The noise and the init image of every case, `SHAPE` each."""
    generator = torch.Generator().manual_seed(1)
    noise = torch.randn(SHAPE, generator=generator)
    return noise, torch.rand(SHAPE, generator=generator) * 2 - 1


def fresh_noise() -> torch.Generator:
    """The generator of the noise of an `eta` above 0."""
    return torch.Generator().manual_seed(2)


def trajectory(case: Case) -> Tensor:
    """`x` after each step, `(steps - skip_steps, *SHAPE)`, by the reference."""
    noise, init = start()
    sample = getattr(_diffusion(case.steps), f"{case.sampler}_sample_loop_progressive")
    steps = sample(
        _with_variances,
        SHAPE,
        noise=noise,
        clip_denoised=case.clip_denoised,
        cond_fn=toy_gradient if case.is_guided else None,
        model_kwargs={},
        device="cpu",
        skip_timesteps=case.skip_steps,
        init_image=init if case.has_init else None,
        **_options(case),
    )
    return torch.stack([step["sample"].float() for step in steps])


def _diffusion(steps: int) -> Any:
    """The reference's diffusion, respaced to `steps` DDIM steps as Disco Diffusion sets it."""
    script_util = importlib.import_module("guided_diffusion.script_util")
    return script_util.create_gaussian_diffusion(
        steps=1000 // steps * steps,
        learn_sigma=True,
        noise_schedule="linear",
        rescale_timesteps=True,
        timestep_respacing=f"ddim{steps}",
    )


def _options(case: Case) -> Mapping[str, Any]:
    """Arguments of the reference's loop that belong to the sampler of `case` alone."""
    if case.sampler != "ddim":
        return {"order": 2}
    return {
        "eta": case.eta,
        "transformation_fn": lambda x: torch.cat([x[..., :2], x[..., :2].flip(-1)], dim=-1),
        "transformation_percent": [] if case.mirrored_at is None else [case.mirrored_at],
    }


def _with_variances(x: Tensor, time: Tensor) -> Tensor:
    """The output of a network that learns variances, which DDIM and PLMS do not look at."""
    return torch.cat([toy_eps(x, time), torch.zeros_like(x)], dim=1)


def _draw_from(generator: torch.Generator) -> None:
    """Let the reference take its noise from `generator`; it knows none but the global one."""
    module = importlib.import_module("guided_diffusion.gaussian_diffusion")

    class Torch:
        def __getattr__(self, name: str) -> object:
            return getattr(torch, name)

        @staticmethod
        def randn_like(x: Tensor) -> Tensor:
            return torch.randn(x.shape, generator=generator)

    vars(module)["th"] = Torch()


def main() -> None:
    """Write the expected trajectories."""
    _, checkout = sys.argv
    sys.path.insert(0, checkout)
    expected = {}
    for case in CASES:
        _draw_from(fresh_noise())
        expected[case.name] = trajectory(case)
        print(f"{case.name}: ends within {expected[case.name][-1].abs().max():.2f}")
    save_file(expected, EXPECTED)


if __name__ == "__main__":
    main()
