"""Tensors that lie elsewhere than on the CPU, on a machine that has nothing else.

A tensor here claims the device `ELSEWHERE` and computes on the CPU. As on a GPU, it meets no tensor
of the CPU but numbers and what is copied: an operation on both raises RuntimeError.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten, tree_map

ELSEWHERE = torch.device("meta")
"""The only device beside the CPU that every build of torch can name in a call."""

_COPIES = ("aten::_to_copy", "aten::copy_")
_ANSWERS = ("aten::_local_scalar_dense", "aten::equal")


class Far(Tensor):
    """A tensor that claims to lie elsewhere."""

    near: Tensor

    @staticmethod
    def __new__(cls, near: Tensor) -> Far:
        """The tensor whose numbers are those of `near`."""
        made: Far = torch.Tensor._make_wrapper_subclass(  # type: ignore[attr-defined]
            cls, near.shape, strides=near.stride(), dtype=near.dtype, device=ELSEWHERE
        )
        made.near = near
        return made

    def tolist(self) -> Any:
        """As of a tensor that lies on the CPU."""
        return self.near.tolist()

    @classmethod
    def __torch_dispatch__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """As `elsewhere` has it."""
        return _computed(func, args, kwargs or {})


class _Elsewhere(TorchDispatchMode):
    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return _computed(func, args, kwargs or {})


@contextmanager
def elsewhere() -> Iterator[None]:
    """While it lasts, tensors can be made at and brought to `ELSEWHERE`."""
    made, taken = torch.tensor, torch.as_tensor

    # These three make their tensors without asking anyone.
    def tensor(data: Any, *, device: Any = None, **how: Any) -> Tensor:
        return Far(made(data, **how)) if device == ELSEWHERE else made(data, **how)

    def as_tensor(data: Any, *, device: Any = None, **how: Any) -> Tensor:
        return taken(data, **how).to(device) if device == ELSEWHERE else taken(data, **how)

    def new_tensor(self: Tensor, data: Any) -> Tensor:
        return tensor(data, dtype=self.dtype, device=self.device)

    with (
        patch.object(torch, "tensor", tensor),
        patch.object(torch, "as_tensor", as_tensor),
        patch.object(Tensor, "new_tensor", new_tensor),
        _Elsewhere(),
    ):
        yield


def _computed(func: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """What an operation gives, where its tensors lie; RuntimeError if they lie apart."""
    name, device = func.name(), kwargs.get("device")
    tensors = [one for one in tree_flatten((args, kwargs))[0] if isinstance(one, Tensor)]
    far = [one for one in tensors if isinstance(one, Far)]
    _check(name, args, far, [one for one in tensors if not isinstance(one, Far)])
    near_args, near_kwargs = tree_map(_near, (list(args), dict(kwargs)))
    goes_far = bool(far)
    if device is not None:
        goes_far, near_kwargs["device"] = torch.device(device) == ELSEWHERE, "cpu"
    result = func(*near_args, **near_kwargs)
    if name in _ANSWERS or not goes_far:
        return result
    if "empty" in name:
        # On a device without numbers, which this name is of, torch saves itself filling zeros in.
        result.zero_()
    known = {id(one.near): one for one in far}
    return tree_map(_maker(known), result)


def _check(name: str, args: Sequence[Any], far: Sequence[Tensor], near: Sequence[Tensor]) -> None:
    assert not any(one.is_meta for one in near), f"{name}: a tensor that was made unseen"
    # Indices may lie on the CPU, and so may single numbers.
    takes_indices = name.startswith("aten::index") and isinstance(args[0], Far)
    if name.startswith(_COPIES) or takes_indices or not far:
        return
    if apart := [tuple(one.shape) for one in near if one.dim()]:
        raise RuntimeError(f"{name}: tensors of shapes {apart} lie on the CPU, others elsewhere")


def _near(one: Any) -> Any:
    return one.near if isinstance(one, Far) else one


def _maker(known: Mapping[int, Far]) -> Callable[[Any], Any]:
    def far(one: Any) -> Any:
        if not isinstance(one, Tensor):
            return one
        return known[id(one)] if id(one) in known else Far(one)

    return far
