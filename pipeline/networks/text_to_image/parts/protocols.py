"""What a text-to-image network is made of, as protocols; each family brings its own of each."""

from __future__ import annotations

from typing import Protocol, Self

from torch import Tensor

from keyframes.prompts import Prompt
from pipeline.networks.text_to_image.parts.condition import Condition


class Backbone(Protocol):
    """The U-Net or transformer that is asked at every step; differentiable in `x`."""

    def __call__(self, x: Tensor, t: Tensor, condition: Condition) -> Tensor:
        """What the network was trained to predict, `(N, C, h, w)`, without learned variances.

        `x`, `(N, C, h, w)`, is noised as the network's own training noised it; `t`, `(N,)`, float,
        are timesteps of that training; `condition` is `stacked`, with N prompts.
        """
        ...


class TextSide(Protocol):
    """The tokenizers and encoders of the prompts."""

    def __call__(self, prompt: Prompt) -> Condition:
        """One prompt, whatever its weight, encoded.

        Raises:
            ModelError: it is longer than the network reads, or is a picture and the network takes
                texts only.
            PictureError: its file is no picture.
        """
        ...

    def empty(self) -> Condition:
        """The empty prompt: what classifier-free guidance leads away from."""
        ...


class RereadingTexts(TextSide, Protocol):
    """A text side that keeps what it has read, and can forget it."""

    def anew(self) -> Self:
        """This text side, as if it had read no prompt yet: for encoders that have changed."""
        ...
