"""How well the CLIP model tells attributes apart: `python -m tools.train.zero_shot --clip DIR`.

For each held-out painting and attribute, one caption for every value of the attribute, the rest of
the picture told truly; the prediction is the caption that is nearest to the picture. Guidance asks
the same of the model: prefer the picture in which this word is right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from pipeline.diffusion.cut_schedule import Cutouts
from pipeline.diffusion.cutouts import make_cutouts
from pipeline.diffusion.image import to_tensor
from pipeline.networks.encoders.open_clip_folder import ClipEncoder, load_encoder
from tools.train.augment import soften_some
from tools.world.attributes import NONE, Attributes
from tools.world.captions import caption
from tools.world.editions import Edition
from tools.world.held_out import held_out, held_out_parser
from tools.world.paint import Painting

_ASKED_WHERE_TOLD = ("ground_colour", "subject_colour", "weather", "style")
OVERVIEW = Cutouts(cut_overview=1, cut_innercut=0, cut_ic_pow=1, cut_icgray_p=0)

Damage = Callable[[Tensor, torch.Generator], Tensor]
DAMAGES: Mapping[str, Damage] = {
    "clean": lambda pictures, generator: pictures,
    "blurred": lambda pictures, generator: soften_some(pictures, generator, share=1.0),
    "noise 0.3": lambda pictures, generator: (
        pictures + 0.3 * torch.randn(pictures.shape, generator=generator)
    ),
}


def accuracies(
    encoder: ClipEncoder, paintings: list[Painting], damage: Damage, edition: Edition
) -> Iterator[tuple[str, float]]:
    """Each attribute's name and the share of paintings whose value is recognised."""
    generator = torch.Generator().manual_seed(0)
    pictures = torch.cat([_view(painting, encoder.size, generator) for painting in paintings])
    with torch.no_grad():
        vectors = encoder.encode_pictures(damage(pictures, generator))
    for name in edition.values:
        hits = [
            _hit(encoder, vector, painting.attributes, name, edition, index)
            for index, (vector, painting) in enumerate(zip(vectors, paintings, strict=True))
            if _applies(painting.attributes, name)
        ]
        yield name, sum(hits) / len(hits)


def unknown_word_shift(
    encoder: ClipEncoder, paintings: list[Painting], edition: Edition
) -> tuple[float, float]:
    """Mean and largest change in cosine that three unknown words make to a painting's caption."""
    rng = np.random.default_rng(0)
    texts = [caption(rng, painting.attributes, edition) for painting in paintings]
    strange = [_with_strangers(text, rng) for text in texts]
    cosines = (encoder.encode_texts(texts) * encoder.encode_texts(strange)).sum(1)
    return float(1 - cosines.mean()), float(1 - cosines.min())


def _with_strangers(text: str, rng: np.random.Generator) -> str:
    parts = text.split(" ")
    for _ in range(3):
        letters = rng.choice(list("bcdfghjklmnpqrstvwxz"), 7)
        parts.insert(int(rng.integers(len(parts) + 1)), "".join(letters))
    return " ".join(parts)


def _view(painting: Painting, size: int, generator: torch.Generator) -> Tensor:
    picture = to_tensor(painting.picture)
    return make_cutouts(picture, size, OVERVIEW, generator, augment=False)


def _applies(attributes: Attributes, name: str) -> bool:
    """Whether attribute `name` is asked: no hour in space, no colour where none has no words."""
    if attributes.ground == "space" and name == "time":
        return False
    return name not in _ASKED_WHERE_TOLD or getattr(attributes, name) != NONE


def _hit(
    encoder: ClipEncoder,
    vector: Tensor,
    attributes: Attributes,
    name: str,
    edition: Edition,
    seed: int,
) -> bool:
    values = edition.values[name]
    # The same random caption for every value: only the word in question changes.
    texts = [
        caption(np.random.default_rng(seed), replace(attributes, **{name: value}), edition)
        for value in values
    ]
    nearest = int((encoder.encode_texts(texts) @ vector).argmax())
    # A caption may leave the attribute out; the same text for all values is no mistake.
    return texts[nearest] == texts[values.index(getattr(attributes, name))]


def main() -> None:
    """Print the table."""
    parser = held_out_parser(__doc__, 400)
    parser.add_argument("--clip", type=Path, required=True)
    options = parser.parse_args()
    encoder = load_encoder(options.clip, torch.device("cpu"))
    edition, paintings = held_out(options)
    for label, damage in DAMAGES.items():
        row = "  ".join(
            f"{name} {share:.3f}" for name, share in accuracies(encoder, paintings, damage, edition)
        )
        print(f"{label:>10}: {row}", flush=True)
    mean, most = unknown_word_shift(encoder, paintings, edition)
    print(f"three unknown words change a caption by {mean:.3f} in cosine, {most:.3f} at most")


if __name__ == "__main__":
    main()
