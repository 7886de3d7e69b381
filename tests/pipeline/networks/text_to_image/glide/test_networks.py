"""GLIDE's networks against the reference; tools/references has the reference's side."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor
from torch.nn.functional import interpolate

from pipeline.networks.text_to_image.glide.checkpoint import GlideCheckpoint, load_glide_checkpoint
from pipeline.networks.text_to_image.glide.parts import GlideBackbone
from pipeline.networks.text_to_image.parts.condition import stacked
from tests.pipeline.networks.denoisers.test_guided_unet import TOLERANCE, expected
from tests.pipeline.networks.published import CPU
from tests.pipeline.networks.text_to_image.glide.networks import (
    conditions,
    load_seeded,
    save_glide,
)
from tools.references.glide import FULL, FULL_FILE, REDUCED, REDUCED_FILE, Case
from tools.references.seeded import relative_error

BASE = REDUCED["base"]


def forward(network: GlideCheckpoint, case: Case, x: Tensor) -> Tensor:
    context, shift = network.text(case.ids())
    if case.config.super_res:
        x = torch.cat([x, interpolate(case.low(), scale_factor=4, mode="bilinear")], dim=1)
    output: Tensor = network.unet(x, torch.tensor(case.times), shift=shift, context=context)
    return output


@pytest.mark.parametrize("name", REDUCED)
def test_output_and_gradient_are_those_of_the_reference(tmp_path: Path, name: str) -> None:
    case, arrays = REDUCED[name], expected(REDUCED_FILE)
    network, x = load_seeded(tmp_path, case.config), case.pictures().requires_grad_()
    output = forward(network, case, x)
    (gradient,) = torch.autograd.grad((output * case.direction(output)).sum(), x)
    assert relative_error(arrays, f"{name}/output", output.detach()) < TOLERANCE
    assert relative_error(arrays, f"{name}/gradient", gradient) < TOLERANCE


@pytest.mark.slow
@pytest.mark.parametrize("name", FULL)
def test_the_published_widths_give_what_the_reference_gives(tmp_path: Path, name: str) -> None:
    case = FULL[name]
    network = load_seeded(tmp_path, case.config)
    for path in tmp_path.iterdir():
        path.unlink()
    with torch.no_grad():
        output = forward(network, case, case.pictures())
    assert relative_error(expected(FULL_FILE), f"{name}/output", output) < TOLERANCE


def test_the_backbone_gives_the_noise_without_its_variance(tmp_path: Path) -> None:
    network, x, times = load_seeded(tmp_path, BASE.config), BASE.pictures(), BASE.times
    both = conditions(network, BASE.ids())
    noise = GlideBackbone(network.unet)(x, torch.tensor(times), stacked(both, both[1]))
    assert noise.shape == x.shape
    torch.testing.assert_close(noise, forward(network, BASE, x)[:, :3])


def test_a_picture_that_cannot_be_halved_is_refused(tmp_path: Path) -> None:
    network = load_seeded(tmp_path, BASE.config)
    one, *_ = conditions(network, BASE.ids())
    with pytest.raises(ValueError) as error:
        GlideBackbone(network.unet)(BASE.pictures()[:1, :, :-1], torch.ones(1), stacked([one], one))
    assert str(error.value) == "a picture of 48x31; this network takes multiples of 8"


def test_every_token_counts_at_every_place(tmp_path: Path) -> None:
    text, ids = load_seeded(tmp_path, BASE.config).text, BASE.ids()[:1]
    sequence, vector = text(ids)
    assert sequence.shape == (1, 16, 48)
    assert vector.shape == (1, 128)
    changed = ids.clone()
    changed[0, 4] += 1
    others, other = text(changed)
    assert ((others - sequence).abs().amax(2) > 1e-4).all(), "earlier ones too"
    assert (other - vector).abs().max() > 1e-4


@pytest.mark.slow
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_in_half_precision_normalisation_and_time_keep_their_digits(
    tmp_path: Path, dtype: torch.dtype
) -> None:
    network = load_seeded(tmp_path, BASE.config, dtype)
    weights = network.unet.state_dict() | network.text.state_dict()
    halved = {name for name, value in weights.items() if value.dtype == dtype}
    assert {"middle_block.1.encoder_kv.weight", "transformer.resblocks.1.attn.c_qkv.bias"} <= halved
    assert {"token_embedding.weight", "padding_embedding", "transformer_proj.weight"} <= halved
    whole = weights.keys() - halved
    assert {"final_ln.weight", "transformer.resblocks.0.ln_2.bias", "time_embed.0.weight"} <= whole
    exact = forward(load_seeded(tmp_path, BASE.config), BASE, BASE.pictures())
    output = forward(network, BASE, BASE.pictures())
    assert output.dtype == torch.float32
    error = (output - exact).abs().max() / exact.abs().max()
    assert 1e-6 < error < 20 * torch.finfo(dtype).eps


@pytest.mark.slow
def test_a_checkpoint_in_half_precision_computes_in_what_is_asked(tmp_path: Path) -> None:
    path = save_glide(tmp_path, BASE.config, torch.float16)
    network = load_glide_checkpoint(path, BASE.config, CPU)
    weights = network.unet.state_dict() | network.text.state_dict()
    assert {value.dtype for value in weights.values()} == {torch.float32}
    exact = forward(load_seeded(tmp_path, BASE.config), BASE, BASE.pictures())
    error = (forward(network, BASE, BASE.pictures()) - exact).abs().max() / exact.abs().max()
    assert 1e-6 < error < 0.02, "rounded once, in the file"


def test_loaded_networks_are_frozen(tmp_path: Path) -> None:
    network = load_seeded(tmp_path, BASE.config)
    for module in (network.text, network.unet):
        assert not module.training
        assert not any(parameter.requires_grad for parameter in module.parameters())
