"""Colour changes as 3x3 matrices, through the YIQ space of colour television.

Convention:
    Y is the luma (ITU-R BT.601), I and Q the plane of chroma: hue is the angle in it, saturation
    the distance from its centre. Matrices act on columns (R, G, B).
"""

from __future__ import annotations

import torch
from torch import Tensor

LUMA = (0.299, 0.587, 0.114)
"""Weights of red, green and blue (ITU-R BT.601)."""

_RGB_TO_YIQ = (LUMA, (0.5959, -0.2746, -0.3213), (0.2115, -0.5227, 0.3112))


def luma(pictures: Tensor) -> Tensor:
    """The brightness that the eye sees, `(N, 1, H, W)`, in the range of `pictures`."""
    weights = torch.tensor(LUMA, device=pictures.device, dtype=pictures.dtype)
    return (pictures * weights.view(3, 1, 1)).sum(dim=1, keepdim=True)


def grey(pictures: Tensor) -> Tensor:
    """The pictures without colour, still `(N, 3, H, W)`."""
    return luma(pictures).expand_as(pictures)


def chroma_matrices(saturation: Tensor, hue: Tensor) -> Tensor:
    """Matrices `(N, 3, 3)` that scale chroma by `saturation`, `(N,)`, and turn it by `hue`, `(N,)`.

    The luma stays. `saturation` 0 is grey and 1 leaves the colours; `hue` is in turns, positive
    from I (orange) towards Q (purple).
    """
    to_yiq = torch.tensor(_RGB_TO_YIQ, dtype=saturation.dtype, device=saturation.device)
    c = saturation * torch.cos(2 * torch.pi * hue)
    s = saturation * torch.sin(2 * torch.pi * hue)
    one, zero = torch.ones_like(c), torch.zeros_like(c)
    change = torch.stack([one, zero, zero, zero, c, -s, zero, s, c], dim=-1).view(-1, 3, 3)
    from_yiq: Tensor = torch.linalg.inv(to_yiq)
    return from_yiq @ change @ to_yiq
