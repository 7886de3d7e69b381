"""Flow matching on variance-preserving levels, beside diffusers' scheduler."""

from __future__ import annotations

import pytest
import torch
from diffusers import (
    DPMSolverMultistepScheduler,
    FlowMatchEulerDiscreteScheduler,
    UniPCMultistepScheduler,
)
from diffusers.pipelines.flux.pipeline_flux import calculate_shift
from torch import Tensor

from pipeline.diffusion.samplers import SAMPLERS
from pipeline.diffusion.spacing import spaced
from pipeline.diffusion.trained_noise import Flow, PlacesShift, flow_noise
from pipeline.errors import ModelError
from pipeline.networks.denoisers.scheduler import PREDICTIONS
from pipeline.spec.samplers import SamplerName, Spacing
from tests.pipeline.diffusion.analytic import GaussianDenoiser
from tests.pipeline.diffusion.their_steps import Told, generator, network, start

PLACES = 24 * 16
# What diffusers asks of numpy.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def flow_network(x: Tensor, time: Tensor) -> Tensor:
    """A velocity of `x`, variance preserving as ours is; they show x itself."""
    s = time / 1000
    return network(x * ((1 - s).square() + s.square()).sqrt(), time)


def ours(name: SamplerName, flow: Flow, steps: int, spacing: Spacing, skip: int) -> list[Tensor]:
    """x after each step, as flow matching has it: from noise mixed with nothing."""
    schedule = spaced(flow_noise(flow), name, steps, spacing, places=PLACES)
    timesteps = tuple(reversed(range(steps - skip)))
    denoiser = Told(schedule, "flow_prediction", flow_network)
    taken = SAMPLERS[name](
        denoiser, start() * scale(schedule.told(torch.tensor(timesteps[0])) / 1000) ** -1,
        timesteps, eta=0.0, generator=generator(),
    )  # fmt: skip
    times = [schedule.told(torch.tensor(t)) / 1000 for t in timesteps[1:]] + [torch.tensor(0.0)]
    return [step.x * scale(s) for step, s in zip(taken, times, strict=True)]


def scale(s: Tensor) -> Tensor:
    return ((1 - s).square() + s.square()).sqrt()


def theirs(scheduler: FlowMatchEulerDiscreteScheduler, skip: int) -> list[Tensor]:
    x, after = start(), []
    scheduler.set_begin_index(skip)
    for t in scheduler.timesteps[skip:]:
        x = scheduler.step(network(x, t), t, x).prev_sample
        after.append(x)
    return after


@pytest.mark.parametrize(("steps", "skip"), [(1, 0), (4, 0), (28, 0), (28, 9)])
@pytest.mark.parametrize("name", ["euler", "ddim"])
@pytest.mark.parametrize("shift", [1.0, 3.0])
def test_euler_of_a_flow_is_ddim_from_pure_noise(
    shift: float, name: SamplerName, steps: int, skip: int
) -> None:
    scheduler = FlowMatchEulerDiscreteScheduler(shift=shift)
    scheduler.set_timesteps(steps)
    made = ours(name, Flow(shift=shift), steps, "linspace", skip)
    for our, their in zip(made, theirs(scheduler, skip), strict=True):
        torch.testing.assert_close(our, their, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("kind", ["exponential", "linear"])
@pytest.mark.parametrize(("steps", "skip"), [(1, 0), (4, 0), (28, 0), (28, 9)])
def test_the_shift_of_flux_goes_by_the_size(steps: int, skip: int, kind: str) -> None:
    scheduler = FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True, time_shift_type=kind)
    even = torch.linspace(1, 1 / steps, steps, dtype=torch.float64).numpy()
    scheduler.set_timesteps(sigmas=even, mu=calculate_shift(PLACES))
    flow = Flow(by_places=PlacesShift(exponential=kind == "exponential"))
    made = ours("euler", flow, steps, "trailing", skip)
    for our, their in zip(made, theirs(scheduler, skip), strict=True):
        torch.testing.assert_close(our, their, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("steps", [1, 2, 20])
def test_karras_spreads_the_times_of_a_flow(steps: int) -> None:
    scheduler = FlowMatchEulerDiscreteScheduler(shift=3.0, use_karras_sigmas=True)
    scheduler.set_timesteps(steps)
    made = ours("euler", Flow(shift=3.0), steps, "karras", 0)
    for our, their in zip(made, theirs(scheduler, 0), strict=True):
        torch.testing.assert_close(our, their, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("dpmpp_2m", DPMSolverMultistepScheduler), ("unipc", UniPCMultistepScheduler)],
)
@pytest.mark.parametrize("steps", [2, 5, 20])
def test_solvers_of_higher_order_step_along_a_flow(
    name: SamplerName, kind: type[DPMSolverMultistepScheduler], steps: int
) -> None:
    """On our times; pure noise is a hair less than 1, as their UniPC has it, for its logarithm."""
    scheduler = kind(use_flow_sigmas=True, prediction_type="flow_prediction")
    scheduler.set_timesteps(steps)
    schedule = spaced(flow_noise(Flow(shift=3.0)), name, steps, "linspace")
    assert schedule.seen is not None
    times = schedule.seen.flip(0) / 1000
    scheduler.sigmas = torch.cat([times, torch.zeros(1)]).float()
    x, after = start(), []
    for t, s in zip(scheduler.timesteps, times, strict=True):
        x = scheduler.step(network(x, s * 1000).float(), t, x).prev_sample
        after.append(x)
    for our, their in zip(ours(name, Flow(shift=3.0), steps, "linspace", 0), after, strict=True):
        torch.testing.assert_close(our, their, rtol=2e-4, atol=2e-4)


@pytest.mark.parametrize("name", sorted(SAMPLERS))
def test_every_sampler_begins_at_pure_noise(name: SamplerName) -> None:
    """Also on levels that nobody chose for it, where alpha is 0 and its logarithm is nothing."""
    trained = flow_noise(Flow(shift=3.0))
    chosen = spaced(trained, name, 6)
    assert chosen.alpha(5) < 1.1e-6 and trained.schedule.alpha(999) == 0
    for schedule, timesteps in (
        (chosen, (5, 4, 3, 2, 1, 0)),
        (trained.schedule, (999, 900, 700, 600, 300, 30)),
    ):
        denoiser = Told(schedule, "flow_prediction", flow_network)
        steps = SAMPLERS[name](denoiser, start(), timesteps, eta=0.0, generator=generator())
        assert all(step.x.isfinite().all() for step in steps)


def test_heuns_first_step_from_pure_noise_is_of_second_order() -> None:
    """The flow of a Gaussian keeps (x - alpha mean) / sqrt(alpha^2 variance + sigma^2)."""
    mean, variance, errors = 0.4, 0.3, []
    x, table = start().double(), flow_noise(Flow()).schedule
    for t in (900, 950, 975):
        alpha, sigma = table.alpha(t, torch.float64), table.sigma(t, torch.float64)
        exact = alpha * mean + (alpha.square() * variance + sigma.square()).sqrt() * x
        denoiser = GaussianDenoiser(table, torch.tensor(mean), variance)
        step = next(SAMPLERS["heun"](denoiser, x, (999, t), eta=0.0, generator=generator()))
        errors.append((step.x - exact).abs().max().item())
    # Two thirds of the order 3 of one step's own error would be 2.
    assert errors[0] / errors[1] > 6 and errors[1] / errors[2] > 6


def test_a_velocity_of_the_truth_gives_the_picture() -> None:
    picture, noise = start(), start().flip(0)
    s = torch.tensor([0.3, 1.0]).view(2, 1, 1, 1)
    x = ((1 - s) * picture + s * noise) / scale(s)
    alpha, sigma = (1 - s) / scale(s), s / scale(s)
    made = PREDICTIONS["flow_prediction"](x, noise - picture, alpha, sigma)
    torch.testing.assert_close(made, picture)


@pytest.mark.parametrize(
    ("steps", "spacing", "places", "message"),
    [
        (4, "leading", 8, "a flow-matching network begins at pure noise, so leading is no spacing"),
        (0, None, 8, "steps is 0; this network allows 1 to 1000"),
        (1001, None, 8, "steps is 1001; this network allows 1 to 1000"),
        (4, None, None, "the shift of this flow goes by the size of the picture; name it"),
    ],
)
def test_what_a_flow_cannot_do_is_told(
    steps: int, spacing: Spacing | None, places: int | None, message: str
) -> None:
    with pytest.raises((ModelError, ValueError)) as error:
        spaced(flow_noise(Flow(by_places=PlacesShift())), "euler", steps, spacing, places=places)
    assert str(error.value) == message
