"""The published depth networks, MiDaS and DPT, from their own checkpoints.

The networks give relative inverse depth p >= 0, larger is nearer, up to a scale and a shift of each
picture's own (Ranftl et al. 2020, arXiv 1907.01341, sec. 5). `pipeline.networks.depth.scale` makes
depth of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate

from keyframes.nearest import nearest
from pipeline.catalogue.config import listed
from pipeline.errors import ModelError
from pipeline.networks.depth.architectures import (
    DEPTH_ARCHITECTURES,
    DepthArchitecture,
    InverseDepthNetwork,
)
from pipeline.networks.depth.input import DepthInput
from pipeline.networks.depth.midas_keys import is_used, published
from pipeline.networks.depth.scale import (
    FIELD,
    disco_depth,
    steady_depth,
    steady_disco_depth,
)
from pipeline.networks.files.checkpoint import read_checkpoint
from pipeline.networks.files.weights import check_finite, misfits, place


class MidasDepth:
    """A published network as a `DepthEstimator`.

    `to_depth` makes depth z of inverse depth p, both `(N, 1, H, W)`, and `to_disco_depth` makes it
    on Disco's scale: functions of `pipeline.networks.depth.scale`.
    """

    def __init__(
        self,
        network: InverseDepthNetwork,
        given: DepthInput,
        to_depth: Callable[[Tensor], Tensor],
        to_disco_depth: Callable[[Tensor], Tensor],
    ) -> None:
        self.network = network
        self._given = given
        self._to_depth = to_depth
        self._to_disco_depth = to_disco_depth
        self._dtype = next(network.parameters()).dtype

    @torch.no_grad()
    def inverse(self, picture: Tensor) -> Tensor:
        """Relative inverse depth, float32 `(N, 1, H, W)`, for `(N, 3, H, W)` of any size.

        The network's answer is brought to the picture's size with a bicubic kernel, which may put
        it a little below 0.
        """
        inverse = self.network(self._given(picture).to(self._dtype)).float()
        size = picture.shape[-2:]
        return interpolate(inverse, size=size, mode="bicubic", align_corners=False)

    def __call__(self, picture: Tensor) -> Tensor:
        """Depth z > 0, `(N, 1, H, W)`."""
        return self._to_depth(self.inverse(picture))

    def disco(self, picture: Tensor) -> Tensor:
        """Depth z > 0, `(N, 1, H, W)`, on Disco's scale."""
        return self._to_disco_depth(self.inverse(picture))


_DISCO: Mapping[str, Callable[[Tensor], Tensor]] = {"dpt_large": disco_depth}
"""From p to depth on Disco's scale: its own formula, for the network that it was fitted to."""


_STEADY = steady_depth(FIELD)


def load_midas(
    name: str,
    weights: Path,
    device: torch.device,
    *,
    to_depth: Callable[[Tensor], Tensor] = _STEADY,
    dtype: torch.dtype = torch.float32,
) -> MidasDepth:
    """The estimator of the architecture `name`, a key of `DEPTH_ARCHITECTURES`.

    `weights` is the published checkpoint (.pt), or the same tensors as safetensors. The network
    computes in `dtype`; its last layers, and what is resized before and after it, in float32.

    Raises:
        ModelError: the name is unknown, or the file is missing, damaged, or of another network.
    """
    if name not in DEPTH_ARCHITECTURES:
        raise ModelError(
            f'"{name}" is not a depth network{nearest(name, DEPTH_ARCHITECTURES)}; '
            f"allowed: {', '.join(DEPTH_ARCHITECTURES)}"
        )
    architecture = DEPTH_ARCHITECTURES[name]
    network = load_published(architecture, name, weights, device, dtype)
    to_disco_depth = _DISCO.get(name, steady_disco_depth(FIELD))
    return MidasDepth(network, architecture.given, to_depth, to_disco_depth)


def load_published(
    architecture: DepthArchitecture,
    name: str,
    weights: Path,
    device: torch.device,
    dtype: torch.dtype,
) -> InverseDepthNetwork:
    """The network with the weights of a checkpoint, for inference; errors call it `name`.

    Raises:
        ModelError: the file is missing, damaged, of another network, or a number in it is
            not finite.
    """
    # Meta tensors have shapes but no numbers: none are drawn to be overwritten.
    with torch.device("meta"):
        network = architecture.build().to(dtype)
        # The rounding of the last layers would be terraces in the depth.
        network.decoder.head.float()
    expected = {key: value for key, value in network.state_dict().items() if is_used(key)}
    theirs = {ours: published(ours, architecture.names) for ours in expected}
    found = {key: value for key, value in read_checkpoint(weights).items() if is_used(key)}
    _check({theirs[ours]: value for ours, value in expected.items()}, found, name, weights)
    check_finite(found, weights)
    _make_room(network, device)
    place(network, {ours: found.pop(key) for ours, key in theirs.items()}, weights, device)
    for module in network.modules():
        if timms := getattr(module, "init_non_persistent_buffers", None):
            timms()
    network.backbone.to(dtype)
    return network


def _make_room(network: nn.Module, device: torch.device) -> None:
    """Allocate on `device` the buffers that no checkpoint holds and timm computes."""
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.num_batches_tracked = None
        for name in module._non_persistent_buffers_set:
            if (buffer := module._buffers[name]) is not None:
                module._buffers[name] = torch.empty_like(buffer, device=device)


def _check(
    expected: Mapping[str, Tensor], found: Mapping[str, Tensor], name: str, weights: Path
) -> None:
    if faults := misfits(expected, found):
        raise ModelError(
            f"{weights}: does not fit the depth network {name}:\n{listed(faults)}\n"
            f"name the network that this file belongs to ({', '.join(DEPTH_ARCHITECTURES)}), "
            "or fetch the file again"
        )
