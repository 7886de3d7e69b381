"""RAFT out of torchvision's files: the same network, pictures of any size, and other files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import pad
from torchvision.models.optical_flow import raft_large, raft_small

from pipeline.errors import Error, ModelError
from pipeline.networks.flow.raft import RaftFlow, load_raft

CPU = torch.device("cpu")
BUILDS = {"raft_large": raft_large, "raft_small": raft_small}


def seeded(build: Callable[[], nn.Module]) -> nn.Module:
    """torchvision's own network with random weights; its normalisation has random statistics."""
    torch.manual_seed(3)
    network = build()
    for name, value in network.state_dict().items():
        if name.endswith("running_mean"):
            value.normal_(0, 0.1)
        if name.endswith("running_var"):
            value.uniform_(0.5, 1.5)
    return network.eval()


def saved(network: nn.Module, path: Path) -> Path:
    """As torchvision publishes it: the names and their tensors, pickled."""
    torch.save(network.state_dict(), path)
    return path


def pictures(height: int, width: int) -> tuple[Tensor, Tensor]:
    one, other = torch.rand(
        2, 1, 3, height, width, generator=torch.Generator().manual_seed(0)
    ) * 2 - 1  # fmt: skip
    return one, other


@pytest.mark.parametrize("name", BUILDS)
def test_it_holds_the_weights_of_torchvisions_network(name: str, tmp_path: Path) -> None:
    theirs = seeded(BUILDS[name])
    ours = load_raft(saved(theirs, tmp_path / f"{name}.pth"), CPU).network
    assert type(ours) is type(theirs) and not ours.training
    expected, found = theirs.state_dict(), ours.state_dict()
    assert found.keys() == expected.keys()
    assert all(torch.equal(found[key], value) for key, value in expected.items())


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return saved(seeded(raft_small), tmp_path_factory.mktemp("raft") / "small.pth")


def test_flow_is_that_of_torchvisions_network(small: Path) -> None:
    first, second = pictures(128, 136)
    with torch.no_grad():
        expected = seeded(raft_small)(first, second)[-1]
    found = load_raft(small, CPU)(first, second)
    assert expected.abs().max() > 0.1
    assert torch.equal(found, expected)
    assert not found.requires_grad


class Shown(nn.Module):
    """A network whose flow is the first two channels of the first picture, each time it is asked.

    It keeps the pictures that it was shown.
    """

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1))
        self.seen: list[Tensor] = []

    def forward(self, first: Tensor, second: Tensor, num_flow_updates: int) -> list[Tensor]:
        self.seen += [first, second]
        return [first[:, :2]] * num_flow_updates


@pytest.mark.parametrize(
    ("height", "width", "taken"),
    [(131, 150, (136, 152)), (128, 129, (128, 136)), (50, 70, (128, 128))],
)
def test_odd_sizes_are_padded_and_cut_to_where_they_were(
    height: int, width: int, taken: tuple[int, int]
) -> None:
    network, (first, second) = Shown(), pictures(height, width)
    found = RaftFlow(network)(first, second)
    assert torch.equal(found, first[:, :2])
    sides = (0, taken[1] - width, 0, taken[0] - height)
    for seen, picture in zip(network.seen, (first, second), strict=True):
        assert seen.shape[2:] == taken
        assert torch.equal(seen, pad(picture, sides, mode="replicate"))


def test_half_pictures_have_whole_flow(small: Path) -> None:
    first, second = (one.half() for one in pictures(128, 128))
    assert load_raft(small, CPU)(first, second).dtype == torch.float32


class Refusing(nn.Module):
    """A network on a device without memory."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1))

    def forward(self, first: Tensor, second: Tensor, num_flow_updates: int) -> list[Tensor]:
        raise torch.OutOfMemoryError("CUDA out of memory.")


@pytest.mark.parametrize(
    ("height", "width", "told"),
    [(2160, 3840, "3840x2160 pixels: it compares"), (1080, 1920, "takes more than 4.2 GB of m")],
)
def test_too_little_memory_is_answered_by_flow_that_needs_less(
    height: int, width: int, told: str
) -> None:
    """The first is refused before the network is asked, the second by its device."""
    picture = torch.zeros(1, 3, 1, 1).expand(1, 3, height, width)
    with pytest.raises(Error) as caught:
        RaftFlow(Refusing())(picture, picture)
    assert told in str(caught.value)
    assert "write models: {flow: dis}, which needs hardly any" in str(caught.value)


def test_pictures_of_two_sizes_are_refused(small: Path) -> None:
    with pytest.raises(ValueError, match=r"one size, found \(1, 3, 8, 8\) and \(1, 3, 8, 9\)"):
        load_raft(small, CPU)(torch.zeros(1, 3, 8, 8), torch.zeros(1, 3, 8, 9))


def test_another_network_is_told(tmp_path: Path, small: Path) -> None:
    other = tmp_path / "other.pth"
    torch.save({"fnet.conv1.weight": torch.zeros(3)}, other)
    with pytest.raises(ModelError) as caught:
        load_raft(other, CPU)
    message = str(caught.value)
    assert message.startswith(f"{other}: ")
    assert "the raft_small of torchvision" in message
    assert "use a file of torchvision's RAFT, or write models: {flow: dis}" in message
    with pytest.raises(ModelError, match="the raft_large of torchvision"):
        load_raft(small, CPU, "raft_large")
