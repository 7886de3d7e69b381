"""Denoisers from diffusers folders: the estimate of diffusers itself, prompts."""

from __future__ import annotations

import copy
from pathlib import Path

import diffusers
import pytest
import torch
from diffusers import UNet2DModel
from torch import Tensor

from pipeline.catalogue.facts import size_multiple
from pipeline.catalogue.network_digests import network_digests
from pipeline.networks.denoisers.lapped import LappedTransform
from pipeline.networks.denoisers.unet_folder import UNetDenoiser, lapped_stem, load_denoiser
from pipeline.spec.sources import FolderSource
from tests.pipeline.networks.tiny import CPU, EXTRAS, SCALE, save_denoiser, unet

PROMPT_SIZE = 32


def noise(n: int = 2, h: int = 16, w: int = 16) -> Tensor:
    return torch.randn(n, 3, h, w, generator=torch.manual_seed(5))


@pytest.fixture
def prompted(tmp_path: Path) -> UNetDenoiser:
    """On lapped patches of 2 px, with a prompt."""
    network = unet(12, class_embed_type="identity")
    return load_denoiser(save_denoiser(tmp_path, network, extras=EXTRAS), CPU)


@pytest.mark.slow
@pytest.mark.parametrize("prediction", ["epsilon", "v_prediction", "sample"])
@pytest.mark.parametrize("beta_schedule", ["linear", "squaredcos_cap_v2"])
@pytest.mark.parametrize(("name", "steps"), [("DDIMScheduler", 500), ("DDPMScheduler", 1000)])
def test_the_estimate_is_that_of_diffusers(
    tmp_path: Path, name: str, steps: int, beta_schedule: str, prediction: str
) -> None:
    network = unet()
    scheduler = getattr(diffusers, name)(
        num_train_timesteps=steps,
        beta_schedule=beta_schedule,
        prediction_type=prediction,
        clip_sample=False,
    )
    denoiser = load_denoiser(save_denoiser(tmp_path, network, scheduler), CPU).bind(None)
    assert len(denoiser.schedule) == steps
    scheduler.set_timesteps(steps)
    x = noise()
    for t in (0, steps // 3, steps - steps // 20):
        with torch.no_grad():
            output = network(x, t).sample
            ours = denoiser(x, torch.tensor([t, t]))
        theirs = scheduler.step(output, t, x).pred_original_sample
        torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-4)


def test_each_picture_has_its_own_timestep(tmp_path: Path) -> None:
    denoiser = load_denoiser(save_denoiser(tmp_path, unet()), CPU).bind(None)
    x, t = noise(3), torch.tensor([10, 250, 500])
    together = denoiser(x, t)
    for k in range(3):
        torch.testing.assert_close(together[k : k + 1], denoiser(x[k : k + 1], t[k : k + 1]))


def test_lapped_patches_and_the_prompt_go_around_the_network(tmp_path: Path) -> None:
    network = unet(12, class_embed_type="identity")
    scheduler = diffusers.DDIMScheduler(prediction_type="sample")
    folder = save_denoiser(tmp_path, network, scheduler, EXTRAS)
    denoiser = load_denoiser(folder, CPU)
    assert denoiser.prompt_size == PROMPT_SIZE
    x, t, embedding = noise(h=20, w=28), torch.tensor([3, 700]), torch.randn(PROMPT_SIZE)
    transform = LappedTransform(2)
    output = network(transform.forward(x), t, 16 * embedding.repeat(2, 1)).sample
    scaled = output.unflatten(1, (3, 4)) * torch.tensor(SCALE)[:, None, None]
    torch.testing.assert_close(
        denoiser.bind(embedding)(x, t), transform.inverse(scaled.flatten(1, 2))
    )


def test_no_prompt_is_the_zero_vector_and_a_prompt_is_not(prompted: UNetDenoiser) -> None:
    x, t = noise(), torch.tensor([300, 300])
    without = prompted.bind(None)(x, t)
    torch.testing.assert_close(without, prompted.bind(torch.zeros(PROMPT_SIZE))(x, t))
    steered = prompted.bind(torch.ones(PROMPT_SIZE) / PROMPT_SIZE**0.5)(x, t)
    assert (steered - without).abs().max() > 1e-3


def test_each_picture_may_have_its_own_prompt(prompted: UNetDenoiser) -> None:
    x, t, embeddings = noise(), torch.tensor([300, 300]), torch.eye(2, PROMPT_SIZE)
    together = prompted.denoise(x, t, embeddings)
    for k in range(2):
        alone = prompted.bind(embeddings[k])(x[k : k + 1], t[:1])
        torch.testing.assert_close(together[k : k + 1], alone)


def test_a_network_without_a_prompt_ignores_one(tmp_path: Path) -> None:
    denoiser = load_denoiser(save_denoiser(tmp_path, unet()), CPU)
    assert denoiser.prompt_size is None
    x, t = noise(), torch.tensor([300, 300])
    assert torch.equal(denoiser.bind(torch.ones(7))(x, t), denoiser.bind(None)(x, t))


def test_no_prompt_is_as_wide_as_the_class_embedding(tmp_path: Path) -> None:
    network = unet(class_embed_type="identity", time_embedding_dim=20)
    folder = save_denoiser(tmp_path, network, extras={"prompt": {"scale": 1.0}})
    denoiser = load_denoiser(folder, CPU)
    assert denoiser.prompt_size == 20
    x, t = noise(), torch.tensor([300, 300])
    torch.testing.assert_close(denoiser.bind(None)(x, t), denoiser.bind(torch.zeros(20))(x, t))


def test_a_network_on_patches_takes_pictures_of_any_even_size(
    tmp_path: Path, prompted: UNetDenoiser
) -> None:
    """Two levels on patches of 2 px: their sides are multiples of 4, and 6 x 10 becomes 8 x 12."""
    assert size_multiple(FolderSource(str(tmp_path))) == 2
    x, t = noise(1, 6, 10), torch.tensor([300])
    filled = torch.cat([x[:, :, :1], x, x[:, :, -1:]], dim=2)
    filled = torch.cat([filled[..., :1], filled, filled[..., -1:]], dim=3)
    denoiser = prompted.bind(None)
    with torch.no_grad():
        torch.testing.assert_close(denoiser(x, t), denoiser(filled, t)[..., 1:-1, 1:-1])


def in_float64(denoiser: UNetDenoiser) -> UNetDenoiser:
    """`denoiser`, the fixture, exact enough for differences."""
    return UNetDenoiser(
        copy.deepcopy(denoiser.unet).double(),
        denoiser.schedule,
        prediction="epsilon",
        stem=lapped_stem(2, torch.tensor(SCALE)),
        prompt_scale=16.0,
    )


def test_the_estimate_is_differentiable_in_x(prompted: UNetDenoiser) -> None:
    exact = in_float64(prompted)
    x, t = noise().double().requires_grad_(), torch.tensor([300, 300])
    denoiser, direction = exact.bind(torch.ones(PROMPT_SIZE)), torch.randn_like(noise()).double()
    (gradient,) = torch.autograd.grad((denoiser(x, t) * direction).sum(), x)
    with torch.no_grad():
        step = 1e-5 * direction
        rise = ((denoiser(x + step, t) - denoiser(x - step, t)) * direction).sum() / 2e-5
    torch.testing.assert_close((gradient * direction).sum(), rise, rtol=1e-5, atol=0)


def save_earlier(folder: Path, network: UNet2DModel) -> Path:
    """A folder as diffusers wrote it at first: flat, a pickle, attention under other names."""
    network.save_config(folder)
    diffusers.DDPMScheduler().save_pretrained(folder)
    earlier = {"to_q": "query", "to_k": "key", "to_v": "value", "to_out.0": "proj_attn"}
    state = network.state_dict()
    for now, then in earlier.items():
        renamed = {name.replace(f".{now}.", f".{then}."): value for name, value in state.items()}
        assert renamed.keys() != state.keys()
        state = renamed
    torch.save(state, folder / "diffusion_pytorch_model.bin")
    return folder


def test_a_folder_of_earlier_days_holds_the_same_network(tmp_path: Path) -> None:
    network, x, t = unet(), noise(), torch.tensor([3, 700])
    today = load_denoiser(save_denoiser(tmp_path / "today", network), CPU)
    folder = save_earlier(tmp_path / "earlier", network)
    with torch.no_grad():
        expected = today.bind(None)(x, t)
        torch.testing.assert_close(load_denoiser(folder, CPU).bind(None)(x, t), expected)
    assert size_multiple(FolderSource(str(folder))) == 2
    assert "diffusion_pytorch_model.bin" in network_digests(folder, "")


def test_of_two_files_of_weights_the_safe_one_counts(tmp_path: Path) -> None:
    folder = save_denoiser(tmp_path, unet())
    (folder / "unet" / "diffusion_pytorch_model.bin").write_bytes(b"of no interest")
    load_denoiser(folder, CPU)
