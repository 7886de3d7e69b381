"""Depth estimators: planes, sizes, files."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from pipeline.errors import ModelError
from pipeline.networks.depth.folder import DepthNetwork, NetworkDepth, load_depth
from tests.pipeline.networks.tiny import (
    CPU,
    DEPTH,
    change_json,
    depth_network,
    save_depth,
    write_json,
)


def test_inverse_depth_becomes_depth_between_the_planes() -> None:
    inverse = torch.linspace(0, 1, 101, dtype=torch.float64).view(1, 1, 1, -1)
    depth = NetworkDepth(lambda picture: inverse, near=0.5, far=4.0)(torch.zeros(1, 3, 1, 101))
    assert depth[..., 0].item() == pytest.approx(4.0)
    assert depth[..., -1].item() == pytest.approx(0.5)
    assert (depth.diff() < 0).all()
    # Half way in inverse depth: the harmonic mean of the planes.
    assert depth[..., 50].item() == pytest.approx(2 / (1 / 0.5 + 1 / 4.0))


def test_on_discos_scale_depth_is_even_in_inverse_depth() -> None:
    inverse = torch.linspace(0, 1, 101).view(1, 1, 1, -1)
    depth = NetworkDepth(lambda picture: inverse, near=0.5, far=4.0).disco(torch.zeros(1, 3, 1, 1))
    torch.testing.assert_close(depth.flatten(), torch.linspace(4.0, 0.5, 101))


@pytest.mark.parametrize(("h", "w"), [(64, 96), (33, 47), (31, 64), (9, 5), (1, 1)])
def test_any_size_is_estimated(tmp_path: Path, h: int, w: int) -> None:
    depth = load_depth(save_depth(tmp_path), CPU)(torch.rand(2, 3, h, w) * 2 - 1)
    assert depth.shape == (2, 1, h, w)
    assert depth.min() >= 0.5 and depth.max() <= 4.0
    assert not depth.requires_grad


@pytest.mark.parametrize("levels", [[0], [1, 3], [0, 1, 2, 3]])
def test_any_levels_of_the_backbone_make_a_network(levels: list[int]) -> None:
    inverse = DepthNetwork("resnet10t", levels, 4).eval()(torch.zeros(1, 3, 17, 22))
    assert inverse.shape == (1, 1, 17, 22)
    assert inverse.min() >= 0 and inverse.max() <= 1


def test_a_saved_network_loads_as_it_was(tmp_path: Path) -> None:
    network = depth_network()
    # Running statistics of its own, not those of a new network.
    network.train()(torch.randn(4, 3, 32, 32))
    loaded = load_depth(save_depth(tmp_path, network.eval()), CPU)
    picture = torch.rand(1, 3, 40, 24) * 2 - 1
    expected = NetworkDepth(network, near=0.5, far=4.0)(picture)
    assert expected.std() > 0.1
    torch.testing.assert_close(loaded(picture), expected)


def complaint(folder: Path) -> str:
    """What is said about `folder`, with its name taken off."""
    with pytest.raises(ModelError) as caught:
        load_depth(folder, CPU)
    return str(caught.value).removeprefix(f"{folder}/")


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"backbone": ...}, "backbone: is missing"),
        ({"backbone": 10}, "backbone: found 10; it should be a valid string"),
        (
            {"backbone": "resnet10tt"},
            'backbone: "resnet10tt" is not an architecture of timm (did you mean "resnet10t"?)',
        ),
        (
            {"backbone": "hf-hub:someone/something-of-theirs"},
            'backbone: "hf-hub:someone/something-of-theirs" is not an architecture of timm',
        ),
        (
            {"levels": []},
            "levels: found a list; Tuple should have at least 1 item after validation, not 0",
        ),
        ({"levels": [0, -1]}, "levels.1: found -1; it should be greater than or equal to 0"),
        ({"levels": [2, 1]}, "levels: found [2, 1]; levels go from fine to coarse, so they rise"),
        ({"channels": 0}, "channels: found 0; it should be greater than or equal to 1"),
        ({"near": 0}, "near: found 0; it should be greater than 0"),
        ({"near": 4.0}, "near is 4.0 and far 4.0; far lies behind near"),
        ({"planes": 2}, "planes: unknown key; allowed: backbone, levels, channels, near, far"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(
    tmp_path: Path, changes: dict[str, object], fault: str
) -> None:
    change_json(write_json(tmp_path / "config.json", DEPTH), **changes)
    assert complaint(tmp_path) == (
        f"config.json: this configuration cannot be used:\n  {fault}\n"
        "restore the file, or use another model"
    )


def test_levels_that_the_backbone_lacks_are_named(tmp_path: Path) -> None:
    change_json(save_depth(tmp_path) / "config.json", levels=[0, 9])
    said = complaint(tmp_path)
    # In brackets stands what timm makes of it.
    assert said.startswith("config.json: no network can be built from this configuration (")
    assert said.endswith("); restore the file, or use another model")


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    save_depth(tmp_path, DepthNetwork("resnet10t", [0, 1, 2], 8))
    first, fault, *_ = complaint(tmp_path).splitlines()
    assert first == (
        "depth.safetensors: does not fit the DepthNetwork that the model's configuration describes:"
    )
    assert fault == "  fusions.0.coarse.bias has shape (8,), expected (4,)"


def test_the_network_knows_up_from_down() -> None:
    torch.manual_seed(0)
    network = DepthNetwork("resnet10t", [0, 1], 4).eval()
    inverse = network(torch.zeros(1, 3, 64, 64))
    rows = inverse[0, 0, 24:40, 32]
    assert (rows.diff().abs() > 1e-6).all()
