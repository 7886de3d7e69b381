"""A text side of any encoders: each prompt is encoded once, and what cannot be read is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Self

from keyframes.prompts import Prompt
from keyframes.quoting import quoted
from pipeline.errors import ModelError
from pipeline.networks.text_to_image.parts.condition import Condition

Encode = Callable[[str], Condition]
"""A text to the condition of it. Raises ValueError where weights of its words make no sense, and
ModelError where it is too long."""


class Texts:
    """A `TextSide` that keeps what `encode` makes of each prompt.

    `empty` is the condition without a prompt, where it is another than that of the empty text.
    """

    def __init__(self, encode: Encode, empty: Callable[[], Condition] | None = None) -> None:
        self._encode = encode
        self._nothing = empty
        self._known: dict[str, Condition] = {}

    def __call__(self, prompt: Prompt) -> Condition:
        """The condition of one prompt, whatever its weight."""
        if prompt.image:
            raise ModelError(
                f'the prompt "{quoted(prompt.text)}" is a picture, and this denoiser reads texts '
                "only; describe it in words, or let an encoder of models.encoders guide towards it"
            )
        return self._read(prompt.text)

    def empty(self) -> Condition:
        """The condition that classifier-free guidance leads away from."""
        return self._read("") if self._nothing is None else self._nothing()

    def anew(self) -> Self:
        """This text side, as if it had read no prompt yet: for encoders that have changed."""
        return type(self)(self._encode, self._nothing)

    def _read(self, text: str) -> Condition:
        if text not in self._known:
            try:
                self._known[text] = self._encode(text)
            except ValueError as error:
                raise ModelError(f"in a prompt {error}") from error
        return self._known[text]
