"""The published depth networks as estimators: from the picture to its depth, files, errors."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from pipeline.camera.warp import NEAR
from pipeline.diffusion.image import to_tensor
from pipeline.errors import ModelError
from pipeline.networks.depth import midas_keys
from pipeline.networks.depth.midas import MidasDepth, load_midas
from pipeline.networks.depth.scale import (
    FIELD,
    Planes,
    disco_depth,
    steady_depth,
    steady_disco_depth,
)
from tests.pipeline.networks.seeded_depth import architecture, error, expected, seeded_checkpoint
from tests.pipeline.networks.tiny import CPU
from tools.references.depth import FRAME, kept
from tools.references.depth_weights import seeded_frame

NAME = "midas_v21_small"


def same(p: Tensor) -> Tensor:
    return p


@pytest.fixture(scope="module")
def state() -> dict[str, Tensor]:
    return seeded_checkpoint(NAME)


@pytest.fixture(scope="module")
def weights(state: dict[str, Tensor], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("midas") / "published.pt"
    torch.save(state, path)
    return path


@pytest.fixture(scope="module")
def small(weights: Path) -> MidasDepth:
    return load_midas(NAME, weights, CPU, to_depth=same)


@pytest.fixture(scope="module")
def frame() -> Tensor:
    return to_tensor(seeded_frame(*FRAME))


@pytest.mark.slow
def test_a_frame_is_seen_as_the_published_code_sees_it(small: MidasDepth, frame: Tensor) -> None:
    found, wanted = kept(small.inverse(frame)[0, 0].numpy()), expected("frame")
    assert {part: error(found[part], wanted[part]) < 1e-4 for part in wanted} == dict.fromkeys(
        ("middle", "rows", "columns"), True
    )


@pytest.mark.slow
@pytest.mark.parametrize(("h", "w"), [(64, 96), (33, 47), (9, 400)])
def test_any_size_is_estimated(small: MidasDepth, h: int, w: int) -> None:
    depth = small(torch.rand(2, 3, h, w) * 2 - 1)
    assert depth.shape == (2, 1, h, w)
    assert depth.isfinite().all() and not depth.requires_grad


@pytest.mark.slow
def test_pictures_of_a_batch_are_seen_apart(small: MidasDepth, frame: Tensor) -> None:
    together = small(torch.cat([frame, -frame]))
    torch.testing.assert_close(together, torch.cat([small(frame), small(-frame)]))
    assert (together[0] - together[1]).abs().max() > 0.1


@pytest.mark.slow
@pytest.mark.parametrize("to_depth", [disco_depth, steady_depth(Planes(0.8, 2.6))])
def test_inverse_depth_becomes_depth(weights: Path, frame: Tensor, to_depth: object) -> None:
    assert callable(to_depth)
    estimator = load_midas(NAME, weights, CPU, to_depth=to_depth)
    depth = estimator(frame)
    assert (depth > 0).all()
    assert torch.equal(depth, to_depth(estimator.inverse(frame)))


@pytest.mark.slow
def test_discos_scale_is_its_formula_for_its_network_only(small: MidasDepth, frame: Tensor) -> None:
    """Of other networks the numbers would lie anywhere, so that they are brought to its range."""
    z = small.disco(frame)
    torch.testing.assert_close(z, steady_disco_depth(FIELD)(small.inverse(frame)))
    ends = (z.min().item(), z.max().item())
    assert ends == pytest.approx((0.8, 2.6), rel=1e-6)


@pytest.mark.slow
def test_the_network_of_discos_formula_gets_it(
    frame: Tensor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, path = "dpt_large-reduced", tmp_path / "large.pt"
    torch.save(seeded_checkpoint(case), path)
    reduced = {"dpt_large": architecture(case)}
    monkeypatch.setattr("pipeline.networks.depth.midas.DEPTH_ARCHITECTURES", reduced)
    large = load_midas("dpt_large", path, CPU)
    p = large.inverse(frame)
    torch.testing.assert_close(large.disco(frame), ((50 - p) / 19).clamp(min=NEAR))
    assert torch.equal(large(frame), steady_depth(FIELD)(p))


@pytest.mark.slow
def test_a_network_of_less_precision(weights: Path, small: MidasDepth, frame: Tensor) -> None:
    half = load_midas(NAME, weights, CPU, to_depth=same, dtype=torch.bfloat16)(frame)
    whole = small(frame)
    assert half.dtype == torch.float32
    assert 0 < (half - whole).abs().max() < 0.05 * whole.max()


@pytest.mark.slow
def test_other_files_of_the_same_tensors(
    state: dict[str, Tensor], small: MidasDepth, frame: Tensor, tmp_path: Path
) -> None:
    save_file(state, tmp_path / "weights.safetensors")
    torch.save({"model": state, "optimizer": {"lr": 0.1}}, tmp_path / "training.pt")
    needed = {key: value for key, value in state.items() if midas_keys.is_used(key)}
    assert len(needed) < len(state)
    torch.save(needed, tmp_path / "needed.pt")
    for path in tmp_path.iterdir():
        assert torch.equal(load_midas(NAME, path, CPU, to_depth=same)(frame), small(frame)), path


def complaint(name: str, path: Path) -> str:
    """What is said about a file, with its folder taken off."""
    with pytest.raises(ModelError) as caught:
        load_midas(name, path, CPU, to_depth=same)
    return str(caught.value).removeprefix(f"{path.parent}/")


def test_an_unknown_name() -> None:
    assert complaint("dpt-large", Path("weights.pt")) == (
        '"dpt-large" is not a depth network (did you mean "dpt_large"?); allowed: '
        "midas_v21_small, midas_v21, dpt_large, dpt_hybrid, dpt_swin2_tiny_256"
    )


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    """The rest of what may be wrong with a checkpoint is `test_checkpoint`'s."""
    assert complaint(NAME, tmp_path / "none.pt") == "none.pt: no such file; fetch the model again"


def test_the_weights_of_another_network_are_named(weights: Path) -> None:
    lines = complaint("midas_v21", weights).splitlines()
    assert lines[:2] == [
        "published.pt: does not fit the depth network midas_v21:",
        "  pretrained.layer1.0.weight has shape (32, 3, 3, 3), expected (64, 3, 7, 7)",
    ]
    assert lines[-1] == (
        "name the network that this file belongs to (midas_v21_small, midas_v21, dpt_large, "
        "dpt_hybrid, dpt_swin2_tiny_256), or fetch the file again"
    )


@pytest.mark.slow
def test_what_is_missing_and_what_is_left_over(state: dict[str, Tensor], tmp_path: Path) -> None:
    changed = dict(state)
    changed["scratch.extra.weight"] = changed.pop("scratch.output_conv.4.bias")
    torch.save(changed, tmp_path / "changed.pt")
    assert complaint(NAME, tmp_path / "changed.pt").splitlines()[1:3] == [
        "  scratch.extra.weight is not part of the network",
        "  scratch.output_conv.4.bias is missing",
    ]


@pytest.mark.slow
def test_a_number_that_is_not_finite_is_named(state: dict[str, Tensor], tmp_path: Path) -> None:
    bias = torch.full_like(state["scratch.output_conv.4.bias"], float("nan"))
    torch.save({**state, "scratch.output_conv.4.bias": bias}, tmp_path / "nan.pt")
    assert complaint(NAME, tmp_path / "nan.pt").startswith(
        "nan.pt: scratch.output_conv.4.bias holds numbers that are infinite or none (NaN); "
    )
