"""Prompts, texts and pictures alike, as embeddings of an encoder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from torch import Tensor
from torch.nn.functional import normalize

from keyframes.prompts import Prompt
from pipeline.diffusion.cut_schedule import Cutouts
from pipeline.diffusion.cutouts import make_cutouts
from pipeline.diffusion.image import to_tensor
from pipeline.files.pictures import fit, read_picture
from pipeline.files.png import Pixels
from pipeline.protocols import Encoder

_VIEWS = Cutouts(cut_overview=5, cut_innercut=15, cut_ic_pow=1.0, cut_icgray_p=0.0)
"""Views of a picture prompt: a quarter are overviews; more than four of those are in colour."""

_LONGEST = 32
"""Most sides of the encoder's input along the longer side of a picture prompt."""


class PromptEncoder:
    """An encoder that embeds each prompt once and keeps the embedding.

    `words` makes what the encoder reads of a prompt's text: beside a denoiser that knows weights of
    words, `(red:1.3)`, the plain text; beside others the text as it is written.
    """

    def __init__(self, encoder: Encoder, words: Callable[[str], str] = str) -> None:
        self.encoder = encoder
        self._words = words
        self._embeddings: dict[tuple[str, bool], Tensor] = {}

    def __call__(self, prompt: Prompt) -> Tensor:
        """The unit vector `(D,)` of a prompt, whatever its weight.

        Raises:
            ModelError: its text is longer than the encoder reads.
            PictureError: its file is no picture.
        """
        key = prompt.text, prompt.image
        if key not in self._embeddings:
            self._embeddings[key] = self._embedded(prompt)
        return self._embeddings[key]

    def direction(self, prompts: Sequence[Prompt]) -> Tensor:
        """The unit vector `(D,)` in the direction of the weighted sum of the prompts."""
        weighted = [prompt.weight * self(prompt) for prompt in prompts]
        return normalize(torch.stack(weighted).sum(0), dim=0)

    def _embedded(self, prompt: Prompt) -> Tensor:
        if prompt.image:
            return seen(self.encoder, read_picture(Path(prompt.text)))
        # One at a time: in a batch, the last bits of a vector depend on how many others there are,
        # and a render that continues has fewer texts left than one in a single go.
        return self.encoder.encode_texts([self._words(prompt.text)])[0]


@torch.no_grad()
def seen(encoder: Encoder, picture: Pixels) -> Tensor:
    """The unit vector `(D,)` in the middle of a picture's views: the whole of it, and its parts.

    The views are cut as guidance cuts the picture in work, at the encoder's size, and are the
    same each time.
    """
    height, width, _ = picture.shape
    # The smallest parts are as large as the encoder's pictures: in a large photograph, a detail. Of
    # a narrow strip the length counts, as its square takes memory.
    sides = min(2 * encoder.size / min(height, width), _LONGEST * encoder.size / max(height, width))
    across, down = (max(1, round(min(1.0, sides) * side)) for side in (width, height))
    whole = to_tensor(fit(picture, across, down))
    cuts = make_cutouts(
        whole, encoder.size, _VIEWS, torch.Generator().manual_seed(0), augment=False
    )
    return normalize(encoder.encode_pictures(cuts).mean(0), dim=0)
