"""Prompts as directions: each different one encoded once a render, by each encoder that asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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
from pipeline.networks.bundle import Networks
from pipeline.protocols import Encoder

Vectors = Mapping[str, Tensor]
"""A prompt's text, or the path of its picture -> unit vector `(D,)`."""

_VIEWS = Cutouts(cut_overview=5, cut_innercut=15, cut_ic_pow=1.0, cut_icgray_p=0.0)
"""A quarter of them show the whole; more than four of those are all in colour."""


_LONGEST = 32
"""The longer side of a picture as it is looked at, in sides of the encoder's pictures."""


@dataclass(frozen=True, slots=True, eq=False)
class Embeddings:
    """The vectors of a render's prompts."""

    told: Vectors
    """What the denoiser is told; none for one that takes no prompts."""
    sought: Mapping[str, Vectors]
    """What the picture shall look like, by the name of each encoder."""


def embed_prompts(models: Networks, prompts: Iterable[Prompt]) -> Embeddings:
    """The vectors of all `prompts`, by each encoder.

    Raises:
        ModelError: a text is longer than an encoder reads.
        PictureError: a file is no picture.
    """
    texts = {prompt.text: prompt for prompt in prompts}
    wanted = [texts[text] for text in sorted(texts)]
    asked = [encoder for encoder in (models.prompt_encoder, *models.encoders.values()) if encoder]
    # One network may do both.
    networks = {id(encoder): encoder for encoder in asked}
    vectors = {key: embed(encoder, wanted) for key, encoder in networks.items()}
    return Embeddings(
        told=vectors.get(id(models.prompt_encoder), {}),
        sought={name: vectors[id(encoder)] for name, encoder in models.encoders.items()},
    )


def embed(encoder: Encoder, prompts: Iterable[Prompt]) -> Vectors:
    """A unit vector `(D,)` for each of `prompts`."""
    # One at a time: in a batch, the last bits of a vector depend on how many others there are, and
    # a render that continues has fewer texts left than one in a single go.
    return {
        prompt.text: seen(encoder, read_picture(Path(prompt.text)))
        if prompt.image
        else encoder.encode_texts([prompt.text])[0]
        for prompt in prompts
    }


@torch.no_grad()
def seen(encoder: Encoder, picture: Pixels) -> Tensor:
    """The unit vector `(D,)` in the middle of a picture's views: the whole of it, and its parts.

    They are cut as guidance cuts the picture in work, and scaled as the encoder wants them; the
    same ones each time.
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
