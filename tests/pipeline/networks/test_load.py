"""The networks of a render: loaded together, from wherever they come."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import nn
from torchvision.models.optical_flow import raft_small

from keyframes.prompts import Prompt
from pipeline.catalogue.located import LpipsFiles, NetworkFiles
from pipeline.errors import Error, ModelError
from pipeline.networks.denoisers.guided_unet import GuidedUNet
from pipeline.networks.denoisers.secondary import SecondaryNetwork
from pipeline.networks.flow.dis import DisFlow
from pipeline.networks.flow.raft import load_raft
from pipeline.networks.load import load_networks
from pipeline.networks.lpips import load_lpips
from pipeline.spec.denoise import SamplerSpec
from tests.pipeline.networks.located import networks, own_depth
from tests.pipeline.networks.published import TINY, save_lpips, save_seeded
from tests.pipeline.networks.tiny import CPU, clip, save_word_clip

T = torch.tensor([9])
PICTURE = torch.zeros(1, 3, 32, 32)
CASTLE = Prompt("a castle")


def test_models_fit_together(tmp_path: Path) -> None:
    tiny = replace(networks(tmp_path), depth=(own_depth(tmp_path / "z"),))
    models = load_networks(tiny, CPU)
    told = models.denoiser.condition([CASTLE])
    picture = models.denoiser.bind(told)(PICTURE, T)
    assert picture.shape == PICTURE.shape
    assert models.depth is not None and models.depth(picture).shape == (1, 1, 32, 32)
    assert models.device == CPU


def test_one_network_may_both_guide_and_tell(tmp_path: Path) -> None:
    models = load_networks(networks(tmp_path), CPU)
    assert models.denoiser.text is models.encoders["own"]
    told, sought = models.denoiser.condition([CASTLE]), models.encoders["own"](CASTLE)
    torch.testing.assert_close(told, sought)


def test_an_encoder_of_ones_own_guides_and_that_of_the_denoiser_tells(tmp_path: Path) -> None:
    other = NetworkFiles(save_word_clip(tmp_path / "other", clip()))
    models = load_networks(replace(networks(tmp_path), prompt_encoder=other), CPU)
    told, sought = models.denoiser.condition([CASTLE]), models.encoders["own"](CASTLE)
    assert not torch.allclose(told, sought)


def test_what_no_frame_needs_is_not_there(tmp_path: Path) -> None:
    models = load_networks(networks(tmp_path, prompt_size=None), CPU)
    assert models.depth is models.secondary is models.lpips is None
    assert models.denoiser.condition([CASTLE]) is None


def test_a_denoiser_may_be_a_guided_diffusion_checkpoint(tmp_path: Path) -> None:
    path = save_seeded(tmp_path / "net.pt", lambda: GuidedUNet(TINY))
    tiny = replace(networks(tmp_path, None), denoiser=NetworkFiles(path, TINY))
    models = load_networks(tiny, CPU)
    assert models.denoiser.bind(None)(PICTURE, T).isfinite().all()
    # Its timesteps go by the number of steps, as guided-diffusion has it.
    schedule = models.denoiser.for_sampling(SamplerSpec("ddim", 250), (64, 64)).bind(None).schedule
    assert len(schedule) == 1000


def test_the_secondary_model_is_read(tmp_path: Path) -> None:
    path = save_seeded(tmp_path / "secondary.pth", SecondaryNetwork)
    models = load_networks(replace(networks(tmp_path), secondary=NetworkFiles(path)), CPU)
    alpha = sigma = torch.full((1, 1, 1, 1), 0.5**0.5)
    assert models.secondary is not None
    assert models.secondary(PICTURE, alpha, sigma).shape == PICTURE.shape


@pytest.mark.parametrize("low_memory", [False, True])
def test_the_flow_network_is_read(tmp_path: Path, low_memory: bool) -> None:
    path = save_seeded(tmp_path / "raft.pth", raft_small)
    tiny = replace(networks(tmp_path), flow=NetworkFiles(path))
    models = load_networks(tiny, CPU, low_memory=low_memory)
    expected = load_raft(path, CPU)(PICTURE, PICTURE)
    assert torch.equal(models.flow(PICTURE, PICTURE), expected)
    assert load_networks(networks(tmp_path), CPU).flow == DisFlow()


@pytest.mark.slow
@pytest.mark.parametrize("low_memory", [False, True])
def test_lpips_is_read_from_its_two_files(tmp_path: Path, low_memory: bool) -> None:
    files = save_lpips(tmp_path)
    tiny = replace(networks(tmp_path), lpips=LpipsFiles(*map(NetworkFiles, files)))
    models = load_networks(tiny, CPU, low_memory=low_memory)
    assert models.lpips is not None
    expected = load_lpips(*files, CPU)(PICTURE)
    for level, own in zip(models.lpips(PICTURE), expected, strict=True):
        assert torch.equal(level, own)


@pytest.mark.parametrize("kind", ["diffusers", "guided-diffusion"])
def test_the_precision_reaches_denoiser_and_encoder(tmp_path: Path, kind: str) -> None:
    tiny = networks(tmp_path, None)
    if kind == "guided-diffusion":
        path = save_seeded(tmp_path / "net.pt", lambda: GuidedUNet(TINY))
        tiny = replace(tiny, denoiser=NetworkFiles(path, TINY))
    whole, half = (load_networks(tiny, CPU, dtype) for dtype in (torch.float32, torch.bfloat16))
    x = torch.randn(1, 3, 32, 32)
    painted = [models.denoiser.bind(None)(x, T) for models in (whole, half)]
    seen = [models.encoders["own"].encoder.encode_pictures(x) for models in (whole, half)]
    for full, rough in (painted, seen):
        assert rough.dtype == torch.float32
        assert 0 < (full - rough).abs().max() < 0.1 * full.abs().max()


@pytest.mark.parametrize("truncate", [False, True])
def test_long_prompts_are_refused_unless_they_may_be_cut(tmp_path: Path, truncate: bool) -> None:
    models = load_networks(replace(networks(tmp_path), truncate_prompts=truncate), CPU)
    texts = ["sea " * 30]
    if truncate:
        assert models.encoders["own"].encoder.encode_texts(texts).shape == (1, 24)
    else:
        with pytest.raises(ModelError, match="longer than the encoder"):
            models.encoders["own"].encoder.encode_texts(texts)


def test_a_denoiser_of_other_embeddings_is_named(tmp_path: Path) -> None:
    tiny = networks(tmp_path, prompt_size=20)
    with pytest.raises(ModelError) as caught:
        load_networks(tiny, CPU)
    assert tiny.prompt_encoder is not None
    assert str(caught.value) == (
        f"{tiny.denoiser.path}: listens to embeddings of 20 numbers, but the encoder "
        f"{tiny.prompt_encoder.path} gives 24; the two are trained together: "
        "use the encoder that came with this denoiser"
    )


def test_with_little_memory_networks_are_on_the_device_only_while_they_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A device of shapes without numbers stands in for a card."""
    visited: list[str] = []

    @contextmanager
    def watched(module: nn.Module, device: torch.device) -> Iterator[None]:
        visited.append(type(module).__name__)
        assert device.type == "meta"
        assert next(module.parameters()).device == CPU
        yield

    monkeypatch.setattr("pipeline.networks.load.loaded_on", watched)
    monkeypatch.setattr("pipeline.networks.memory.offload.loaded_on", watched)
    tiny = replace(networks(tmp_path), depth=(own_depth(tmp_path / "z"),))
    models = load_networks(tiny, torch.device("meta"), low_memory=True)
    visited.clear()
    assert models.depth is not None
    models.denoiser.bind(None)(PICTURE, T)
    models.depth(PICTURE)
    models.encoders["own"].encoder.encode_texts(["a castle"])
    models.encoders["own"].encoder.encode_pictures(torch.zeros(5, 3, 32, 32))
    assert visited == [
        *("UNet2DModel", "DepthNetwork", "CLIP"),
        *["VisionTransformer"] * 3,  # around all chunks, and in it around each
    ]


@pytest.mark.parametrize(("low", "at_once"), [(False, None), (True, 4)])
def test_little_memory_is_few_cutouts_at_once(
    tmp_path: Path, low: bool, at_once: int | None
) -> None:
    models = load_networks(networks(tmp_path), CPU, low_memory=low)
    assert models.cuts.at_once == at_once


def test_too_little_memory_for_the_networks_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The weights of the denoiser do not fit."""
    refusal = RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9")

    def refuse(*_: object) -> None:
        raise refusal

    monkeypatch.setattr("pipeline.networks.files.weights.place", refuse)
    with pytest.raises(Error, match=r"^there is not enough memory to load the networks") as caught:
        load_networks(networks(tmp_path), CPU)
    assert type(caught.value) is Error and caught.value.__cause__ is refusal


def test_networks_of_low_precision_load_themselves_once_more_to_compute_in_float32(
    tmp_path: Path,
) -> None:
    tiny = networks(tmp_path)
    halves = load_networks(tiny, CPU, torch.bfloat16)
    assert halves.in_fp32 is not None
    again = halves.in_fp32()
    assert halves.in_fp32() is again and again.in_fp32 is None
    exact, x = load_networks(tiny, CPU), torch.randn(1, 3, 32, 32)
    seen, other, low = (
        one.denoiser.bind(one.denoiser.condition([CASTLE]))(x, T) for one in (exact, again, halves)
    )
    assert torch.equal(seen, other) and not torch.equal(seen, low)
