"""The guided-diffusion U-Net against the reference; tools/references has the reference's side."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from pipeline.catalogue.guided_config import CONFIGURATIONS, GuidedDiffusionConfig
from pipeline.networks.denoisers.guided_blocks import Norm, timestep_embedding
from pipeline.networks.denoisers.guided_unet import GuidedUNet
from pipeline.networks.memory import recompute
from pipeline.networks.memory.offload import loaded_on
from tests.pipeline.networks.published import EXPECTED, TINY, load_seeded
from tools.references.guided_diffusion import FULL, FULL_FILE, REDUCED, REDUCED_FILE, Case
from tools.references.seeded import relative_error, seeded_noise, seeded_state

TOLERANCE = 1e-5
"""Both compute in float32; what is left are different orders of summation."""


def expected(file: str) -> Mapping[str, np.ndarray]:
    with np.load(EXPECTED / file) as arrays:
        return dict(arrays)


def unet(folder: Path, config: GuidedDiffusionConfig = TINY) -> GuidedUNet:
    return load_seeded(folder, config).unet


def forward(network: GuidedUNet, case: Case, x: Tensor) -> Tensor:
    labels = None if case.labels is None else torch.tensor(case.labels)
    output: Tensor = network(x, torch.tensor(case.times), labels)
    return output


@pytest.mark.slow
@pytest.mark.parametrize("name", REDUCED)
def test_output_and_gradient_are_those_of_the_reference(tmp_path: Path, name: str) -> None:
    case, arrays = REDUCED[name], expected(REDUCED_FILE)
    network, x = unet(tmp_path, case.config), case.pictures().requires_grad_()
    output = forward(network, case, x)
    (gradient,) = torch.autograd.grad((output * case.direction(output)).sum(), x)
    assert relative_error(arrays, f"{name}/output", output.detach()) < TOLERANCE
    assert relative_error(arrays, f"{name}/gradient", gradient) < TOLERANCE


@pytest.mark.slow
@pytest.mark.parametrize("name", FULL)
def test_the_published_widths_give_what_the_reference_gives(tmp_path: Path, name: str) -> None:
    case = FULL[name]
    network = unet(tmp_path, case.config)
    (tmp_path / "network.pt").unlink()
    with torch.no_grad():
        output = forward(network, case, case.pictures())
    assert relative_error(expected(FULL_FILE), f"{name}/output", output) < TOLERANCE


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "millions"),
    [("512-finetune", 557.97), ("256-uncond", 552.81), ("portrait", 139.58), ("pixelart", 113.68)],
)
def test_the_published_networks_have_their_size(name: str, millions: float) -> None:
    with torch.device("meta"):
        network = GuidedUNet(CONFIGURATIONS[name])
    count = sum(parameter.numel() for parameter in network.parameters())
    assert count / 1e6 == pytest.approx(millions, abs=0.005)


def test_the_positions_of_times() -> None:
    positions = timestep_embedding(torch.tensor([0.0, 1000.0]), 4)
    frequencies = 1, 0.01
    angles = [1000 * frequency for frequency in frequencies]
    torch.testing.assert_close(positions[0], torch.tensor([1.0, 1.0, 0.0, 0.0]))
    torch.testing.assert_close(
        positions[1], torch.tensor([*np.cos(angles), *np.sin(angles)], dtype=torch.float32)
    )


def test_without_a_label_the_network_takes_the_average_of_the_classes(tmp_path: Path) -> None:
    config = TINY.model_copy(update={"class_cond": True, "num_classes": 3})
    network = unet(tmp_path, config)
    x, times = seeded_noise("pictures", (1, 3, 8, 8)), torch.tensor([400.0])
    assert network.label_emb is not None
    average = network.label_emb.weight.mean(0)
    without = network(x, times)
    labelled = network(x, times, torch.tensor([1]))
    assert (without - labelled).abs().max() > 1e-4
    network.label_emb.weight.copy_(average.expand(3, -1))
    torch.testing.assert_close(network(x, times, torch.tensor([1])), without)


def kept_bytes(network: GuidedUNet, x: Tensor) -> tuple[int, Tensor]:
    """The bytes that a forward pass keeps for the gradient, and the gradient."""
    sizes: list[int] = []

    def pack(tensor: Tensor) -> Tensor:
        sizes.append(tensor.nbytes)
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        output = network(x, torch.tensor([400.0]))
    kept = sum(sizes)
    (gradient,) = torch.autograd.grad(output.square().sum(), x)
    return kept, gradient


@pytest.mark.slow
def test_checkpoints_save_memory_and_keep_the_gradient(tmp_path: Path) -> None:
    x = seeded_noise("pictures", (1, 3, 32, 32)).requires_grad_()
    kept, gradient = kept_bytes(unet(tmp_path), x)
    kept_less, same = kept_bytes(
        unet(tmp_path, TINY.model_copy(update={"use_checkpoint": True})), x
    )
    assert kept_less < 0.5 * kept
    torch.testing.assert_close(same, gradient)


@pytest.mark.parametrize("conv_resample", [True, False])
def test_checkpoints_find_the_weights_after_the_network_has_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, conv_resample: bool
) -> None:
    updates = {"use_checkpoint": True, "resblock_updown": False, "conv_resample": conv_resample}
    network = unet(tmp_path, TINY.model_copy(update=updates))
    x, times = seeded_noise("pictures", (1, 3, 16, 16)).requires_grad_(), torch.tensor([400.0])
    (expected,) = torch.autograd.grad(network(x, times).square().sum(), x)
    # There may be no other device here: another number format stands in, which a stage does not
    # survive where its input is of this one.
    away, copied = torch.device("meta"), torch.Tensor.to
    monkeypatch.setattr(torch.Tensor, "to", lambda tensor, _: copied(tensor, torch.float32))
    monkeypatch.setattr(recompute, "loaded_on", lambda stage, device: loaded_on(stage, away))
    network.double()
    with loaded_on(network, away):
        output = network(x, times).square().sum()
    assert network.input_blocks[0][0].weight.dtype == torch.float64
    (found,) = torch.autograd.grad(output, x)
    torch.testing.assert_close(found, expected)


@pytest.mark.slow
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_in_half_precision_only_convolutions_lose_digits(
    tmp_path: Path, dtype: torch.dtype
) -> None:
    network = load_seeded(tmp_path, TINY, dtype).unet
    halved = {name for name, value in network.state_dict().items() if value.dtype == dtype}
    assert {"input_blocks.0.0.weight", "middle_block.1.qkv.bias"} <= halved
    assert not [name for name in halved if name.startswith(("time_embed", "out."))]
    assert not [name for name in halved if "norm" in name or "emb_layers" in name]
    x = seeded_noise("pictures", (1, 3, 16, 16)).requires_grad_()
    times, exact = torch.tensor([400.0]), unet(tmp_path)
    output = network(x, times)
    assert output.dtype == torch.float32
    error = (output - exact(x, times)).abs().max() / exact(x, times).abs().max()
    assert 1e-6 < error < 20 * torch.finfo(dtype).eps
    (gradient,) = torch.autograd.grad(output.sum(), x)
    (exact_gradient,) = torch.autograd.grad(exact(x, times).sum(), x)
    cosine = torch.cosine_similarity(gradient.flatten(), exact_gradient.flatten(), dim=0)
    assert cosine > 0.999


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_normalisation_rounds_once_at_its_end(dtype: torch.dtype) -> None:
    norm = Norm(64)
    norm.load_state_dict(seeded_state(norm.state_dict()))
    h = seeded_noise("features", (1, 64, 8, 8)).to(dtype)
    assert torch.equal(norm(h), norm(h.float()).to(dtype))
