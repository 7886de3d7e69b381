"""Optical flow by RAFT, with the weights that torchvision publishes.

Teed and Deng 2020, "RAFT: Recurrent All-Pairs Field Transforms for Optical Flow" (ECCV, arXiv
2003.12039), in torchvision's architecture.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from types import MappingProxyType

import torch
from torch import Tensor, nn
from torch.nn.functional import pad
from torchvision.models.optical_flow import raft_large, raft_small

from pipeline.catalogue.outlines import OTHER_FLOW, raft_of
from pipeline.errors import Error
from pipeline.networks.files.checkpoint import read_checkpoint
from pipeline.networks.files.weights import built_light, fill
from pipeline.networks.flow.pair import check_pair
from pipeline.networks.memory.shortage import shortage_told

_UPDATES = 12
"""Times that the flow is refined, as the networks were trained."""
_MULTIPLE = 8
"""What the sides of RAFT's pictures are multiples of."""
_LEAST = 128
"""Shortest side whose correlations can be halved as often as RAFT does."""
_MOST_CORRELATIONS = 16e9
"""Bytes of the most correlations, of each place with each other one: 1440p has 13e9, 2160p 67e9."""

_ARCHITECTURES: Mapping[str, Callable[[], nn.Module]] = MappingProxyType(
    {"raft_large": raft_large, "raft_small": raft_small}
)


@dataclass(frozen=True, slots=True, eq=False)
class RaftFlow:
    """A `FlowEstimator`, in float32 on the device of its network."""

    network: nn.Module

    def __call__(self, first: Tensor, second: Tensor) -> Tensor:
        """As `FlowEstimator`, without gradients.

        Raises:
            ValueError: the pictures are not of one size.
            Error: they are too large for RAFT, or for the memory.
        """
        check_pair(first, second)
        *_, height, width = first.shape
        told = _too_large(height, width)
        if _correlations(height, width) > _MOST_CORRELATIONS:
            raise Error(told)
        device = next(self.network.parameters()).device
        with torch.no_grad(), shortage_told(told):
            *_, flow = self.network(
                *(_padded(one.to(device, torch.float32)) for one in (first, second)),
                num_flow_updates=_UPDATES,
            )
        cut: Tensor = flow[..., :height, :width]
        return cut.to(first.device)


def load_raft(path: Path, device: torch.device, architecture: str | None = None) -> RaftFlow:
    """RAFT on `device`, out of a file of torchvision's weights.

    `architecture` is `raft_large` or `raft_small`; None goes by what the file holds.

    Raises:
        ModelError: the file is missing, damaged, or of another network.
    """
    state = read_checkpoint(path)
    name = architecture or raft_of(state)
    network = built_light(_ARCHITECTURES[name])
    fill(
        network,
        state,
        path,
        device,
        architecture=f"{name} of torchvision",
        remedy=lambda: OTHER_FLOW,
    )
    return RaftFlow(network)


def _correlations(height: int, width: int) -> float:
    """Bytes of the correlations of all places of two pictures, whose sides RAFT divides by 8."""
    return 4.0 * (ceil(height / _MULTIPLE) * ceil(width / _MULTIPLE)) ** 2


def _too_large(height: int, width: int) -> str:
    return (
        f"RAFT cannot find the flow of {width}x{height} pixels: it compares every place with every "
        f"other, which takes more than {_correlations(height, width) / 1e9:.1f} GB of memory; "
        "write models: {flow: dis}, which needs hardly any, or a smaller video.size"
    )


def _padded(picture: Tensor) -> Tensor:
    """The picture, its last row and column repeated up to sides that RAFT can take."""
    *_, height, width = picture.shape
    right, below = (
        max(_LEAST, -(-side // _MULTIPLE) * _MULTIPLE) - side for side in (width, height)
    )
    return pad(picture, (0, right, 0, below), mode="replicate")
