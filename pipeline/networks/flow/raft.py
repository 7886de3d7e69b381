"""Optical flow by RAFT, with the weights that torchvision publishes.

Teed and Deng 2020, "RAFT: Recurrent All-Pairs Field Transforms for Optical Flow" (ECCV, arXiv
2003.12039), in torchvision's architecture.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import torch
from torch import Tensor, nn
from torch.nn.functional import pad
from torchvision.models.optical_flow import raft_large, raft_small

from pipeline.catalogue.outlines import OTHER_FLOW, raft_of
from pipeline.networks.files.checkpoint import read_checkpoint
from pipeline.networks.files.weights import built_light, fill

_UPDATES = 12
"""Times that the flow is refined, as the networks were trained."""
_MULTIPLE = 8
"""What the sides of RAFT's pictures are multiples of."""
_LEAST = 128
"""Shortest side whose correlations can be halved as often as RAFT does."""

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
        """
        if first.shape != second.shape:
            raise ValueError(
                f"expected pictures of one size, found {tuple(first.shape)} and "
                f"{tuple(second.shape)}"
            )
        *_, height, width = first.shape
        device = next(self.network.parameters()).device
        with torch.no_grad():
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


def _padded(picture: Tensor) -> Tensor:
    """The picture, its last row and column repeated up to sides that RAFT can take."""
    *_, height, width = picture.shape
    right, below = (
        max(_LEAST, -(-side // _MULTIPLE) * _MULTIPLE) - side for side in (width, height)
    )
    return pad(picture, (0, right, 0, below), mode="replicate")
