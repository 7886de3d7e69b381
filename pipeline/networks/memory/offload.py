"""Offload of a network's weights: always on the device, or only while the network works."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TypeVar

import torch
from torch import Tensor, nn

Result = TypeVar("Result")

Placement = Callable[[], AbstractContextManager[None]]
"""The context of each use of a network."""


def in_place() -> AbstractContextManager[None]:
    """The `Placement` of a network that stays where it is."""
    return nullcontext()


@contextmanager
def loaded_on(module: nn.Module, device: torch.device) -> Iterator[None]:
    """Copies of the weights of `module` on `device` while the body runs; the originals after that.

    The originals are never touched, as nobody trains here. A graph that the body leaves behind
    keeps the copies that it needs until it is gone. Where the weights are on `device` already, or
    there are none, this does nothing.
    """
    weight = next(module.parameters(), None)
    if weight is None or weight.device.type == device.type:
        yield
        return
    own = [(part, dict(part._parameters), dict(part._buffers)) for part in module.modules()]
    try:
        for part, parameters, buffers in own:
            for name, weight in parameters.items():
                if weight is not None:
                    copy = weight.detach().to(device)
                    part._parameters[name] = nn.Parameter(copy, requires_grad=False)
            for name, buffer in buffers.items():
                part._buffers[name] = None if buffer is None else buffer.to(device)
        yield
    finally:
        for part, parameters, buffers in own:
            part._parameters.update(parameters)
            part._buffers.update(buffers)


def offloaded(
    call: Callable[..., Result], module: nn.Module, device: torch.device
) -> Callable[..., Result]:
    """`call`, whose network is `module`, with its weights on `device` while it runs."""

    def run(*tensors: Tensor) -> Result:
        with loaded_on(module, device):
            return call(*tensors)

    return run
