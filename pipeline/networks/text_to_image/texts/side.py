"""Text sides of any encoders: each prompt is encoded once, and what cannot be read is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self

from torch import Tensor

from keyframes.prompts import Prompt
from keyframes.quoting import quoted
from pipeline.errors import ModelError
from pipeline.networks.text_to_image.parts.condition import Condition
from pipeline.networks.text_to_image.parts.protocols import TextSide

Encode = Callable[[str], Condition]
"""A text to the condition of it. Raises ValueError where weights of its words make no sense, and
ModelError where it is too long."""


Fill = Callable[[], Tensor]
"""Gives what texts go on with beside longer ones, `(L, D)`, where it is not the empty prompt."""


class Texts:
    """A `TextSide` that asks the one `inside` once for each prompt."""

    def __init__(self, inside: TextSide, fill: Fill | None = None) -> None:
        self.inside = inside
        self._fill = fill
        self._filler: Tensor | None = None
        self._known: dict[tuple[str, bool], Condition] = {}
        self._nothing: Condition | None = None

    def __call__(self, prompt: Prompt) -> Condition:
        """The condition of one prompt, whatever its weight; raises what `inside` raises."""
        key = prompt.text, prompt.image
        if key not in self._known:
            self._known[key] = self._filled(self.inside(prompt))
        return self._known[key]

    def _filled(self, one: Condition) -> Condition:
        if self._fill is None:
            return one
        if self._filler is None:
            self._filler = self._fill()
        return replace(one, filler=self._filler)

    def empty(self) -> Condition:
        """The condition that classifier-free guidance leads away from."""
        if self._nothing is None:
            self._nothing = self.inside.empty()
        return self._nothing

    def anew(self) -> Self:
        """Texts without what was read of them: for encoders that have changed."""
        return type(self)(self.inside, self._fill)


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """A `TextSide` that `encode`s texts, and refuses pictures."""

    encode: Encode
    nothing: Callable[[], Condition] | None = None
    """The condition without a prompt; None for that of the empty text."""

    def __call__(self, prompt: Prompt) -> Condition:
        """The condition of one prompt, whatever its weight.

        Raises:
            ModelError: it is a picture, it is too long, or a weight of its words makes no sense.
        """
        if prompt.image:
            raise ModelError(
                f'the prompt "{quoted(prompt.text)}" is a picture, and this denoiser reads texts '
                "only; describe it in words, or let an encoder of models.encoders guide towards it"
            )
        try:
            return self.encode(prompt.text)
        except ValueError as error:
            raise ModelError(f"in a prompt {error}") from error

    def empty(self) -> Condition:
        """The condition that classifier-free guidance leads away from."""
        return self.encode("") if self.nothing is None else self.nothing()


def texts_by(
    encode: Encode, nothing: Callable[[], Condition] | None = None, fill: Fill | None = None
) -> Texts:
    """The text side of an encoder, which encodes each text once.

    `nothing` gives the condition without a prompt, where it is another than that of the empty text;
    `fill` then gives what texts go on with, as `nothing` follows no text.
    """
    return Texts(Encoded(encode, nothing), fill)
