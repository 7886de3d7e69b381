"""Kandinsky's decoder beside diffusers' pipelines, from the same latents and embeddings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from diffusers import (
    DDIMScheduler,
    DDPMScheduler,
    KandinskyV22Img2ImgPipeline,
    KandinskyV22Pipeline,
)
from torch import Tensor

from pipeline.diffusion.ddim import sample_ddim
from pipeline.diffusion.guidance import classifier_free, with_schedule
from pipeline.diffusion.schedule import add_noise, linear_schedule
from pipeline.networks.text_to_image.condition import Condition
from pipeline.networks.text_to_image.image_prompts import IMAGE
from pipeline.networks.text_to_image.kandinsky import KandinskyBackbone, MovqSpace
from tests.pipeline.networks.text_to_image.tiny_unclip import WIDTH, exact, kandinsky_unet, movq

CPU = torch.device("cpu")
NOISE: dict[str, Any] = {
    "beta_schedule": "linear",
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "clip_sample": False,
}
UNET, MOVQ = kandinsky_unet(), movq()
SPACE = MovqSpace(MOVQ, CPU)
SCHEDULE = linear_schedule(1000, 0.00085, 0.012)


def embeddings() -> Tensor:
    """A wanted and an unwanted embedding, `(2, D)`."""
    return torch.randn(2, WIDTH, generator=torch.Generator().manual_seed(8))


def sampled(x: Tensor, times: Sequence[int], eta: float, seed: int = 0) -> Tensor:
    """Latents sampled by DDIM under guidance of scale 4."""
    backbone, given = KandinskyBackbone(UNET), Condition(vectors={IMAGE: embeddings()})

    def both(x: Tensor, t: Tensor) -> Tensor:
        alpha, sigma = SCHEDULE.at(x, t)
        return (x - sigma * backbone(x, t, given)) / alpha

    guided = classifier_free(with_schedule(SCHEDULE, both), 4.0)
    generator = torch.Generator().manual_seed(seed)
    *_, last = sample_ddim(guided, x, times, eta=eta, generator=generator)
    return last.x


def pipeline(kind: type[Any], scheduler: Any) -> Any:
    made = kind(unet=UNET, scheduler=scheduler, movq=MOVQ)
    made.set_progress_bar_config(disable=True)
    return made


def asked(pipe: Any, **options: Any) -> Tensor:
    wanted, unwanted = embeddings().chunk(2)
    pictures: Tensor = pipe(
        image_embeds=wanted,
        negative_image_embeds=unwanted,
        num_inference_steps=5,
        **options,
    ).images
    return pictures


def test_ancestral_sampling_from_noise_is_the_pipeline_s() -> None:
    pipe = pipeline(KandinskyV22Pipeline, exact(DDPMScheduler(**NOISE), SCHEDULE))
    latents = torch.randn(1, 4, 16, 8, generator=torch.Generator().manual_seed(3))
    theirs = asked(
        pipe,
        latents=latents,
        height=32,
        width=16,
        output_type="latent",
        generator=torch.Generator().manual_seed(0),
    )
    ours = sampled(latents, pipe.scheduler.timesteps.tolist(), eta=1.0)
    assert ours.shape == (1, 4, 16, 8)
    assert (ours - theirs).abs().max() < 1e-4


def test_a_picture_is_painted_over_as_the_pipeline_does() -> None:
    scheduler = exact(DDIMScheduler(**NOISE), SCHEDULE)
    pipe = pipeline(KandinskyV22Img2ImgPipeline, scheduler)
    picture = torch.rand(1, 3, 32, 32, generator=torch.Generator().manual_seed(4)) * 2 - 1
    theirs = asked(
        pipe,
        image=picture / 2 + 0.5,
        strength=0.6,
        height=32,
        width=32,
        output_type="pt",
        generator=torch.Generator().manual_seed(1),
    )
    times = scheduler.timesteps.tolist()[2:]
    noise = torch.randn(1, 4, 16, 16, generator=torch.Generator().manual_seed(1))
    x = add_noise(SCHEDULE, SPACE.encode(picture), noise, times[0])
    ours = SPACE.decode(sampled(x, times, eta=0.0)) / 2 + 0.5
    assert (ours.clamp(0, 1) - theirs).abs().max() < 1e-4


def test_latents_are_movq_s_own_and_guidance_differentiates_through_them() -> None:
    assert (SPACE.channels, SPACE.factor) == (4, 2)
    x = torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(4)).requires_grad_()
    judged = SPACE.judged(x)
    assert torch.equal(judged, MOVQ.decode(x, force_not_quantize=True).sample)
    (gradient,) = torch.autograd.grad(judged.square().sum(), x)
    assert gradient.abs().min() > 0


def test_the_backbone_computes_in_the_network_s_numbers_and_drops_the_variance() -> None:
    given = Condition(vectors={IMAGE: embeddings()})
    x = torch.randn(2, 4, 8, 8, generator=torch.Generator().manual_seed(4))
    t = torch.tensor([500.0, 20.0])
    with torch.no_grad():
        noise = KandinskyBackbone(UNET)(x, t, given)
        whole = UNET(x, t, None, added_cond_kwargs={"image_embeds": embeddings()}).sample
    assert whole.shape == (2, 8, 8, 8)
    assert torch.equal(noise, whole[:, :4])
