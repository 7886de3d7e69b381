"""Train the starter's CLIP: `python -m tools.train.clip --data DIR --out DIR`.

The contrastive loss (Radford et al. 2021) alone finds the colour of a picture and forgets its
subject, so one linear head for each attribute of the world reads the attribute from the picture's
embedding and from the text's: the two meet where the attributes are. And each picture has, besides
the captions of the others, a hard negative: its own caption with one attribute changed.

A training that goes on from a CLIP holds the embeddings of what that one could say where they were,
so that a denoiser that was trained with them still understands them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from open_clip.model import CLIP
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, normalize, softplus

from pipeline.catalogue.word_tokenizer import WordTokenizer
from pipeline.networks.encoders.ids import id_tensor
from tools.train.augment import add_some_noise, soften_some, square_views
from tools.train.clip_start import Held, keep_texts, start_from
from tools.train.data import mirror_some, pick
from tools.train.export import save_json, save_weights
from tools.train.loop import Training
from tools.train.options import Job, job_parser, read_job
from tools.train.precision import mixed_precision
from tools.train.unfinished import Unfinished, load_unfinished
from tools.world.attributes import NONE, Attributes, decode
from tools.world.captions import caption, words
from tools.world.editions import Edition

MEAN = STD = (0.5, 0.5, 0.5)


class ClipWithHeads(nn.Module):
    """A CLIP model and the attribute heads that only training uses."""

    def __init__(self, model_cfg: dict[str, Any], edition: Edition) -> None:
        super().__init__()
        self.clip = CLIP(**model_cfg)
        self._counts = list(edition.counts.values())
        self.heads = nn.Linear(model_cfg["embed_dim"], sum(self._counts))

    def forward(self, pictures: Tensor, ids: Tensor) -> tuple[Tensor, Tensor]:
        """Unit vectors `(N, D)` of the pictures and of the texts."""
        return (
            normalize(self.clip.encode_image(pictures).float(), dim=-1),
            normalize(self.clip.encode_text(ids).float(), dim=-1),
        )

    def attribute_loss(self, embeddings: Tensor, codes: Tensor, weights: Tensor) -> Tensor:
        """Weighted cross entropy of all attributes read from `embeddings`."""
        # Unit vectors are short for a linear head; the factor makes its logits usable.
        logits = self.heads(16 * embeddings).split(self._counts, dim=1)
        losses = [cross_entropy(values, codes[:, k]) for k, values in enumerate(logits)]
        return (torch.stack(losses) * weights).sum() / weights.sum()


class ClipLoss:
    """Draws pictures and captions, and says how far apart they are."""

    def __init__(
        self,
        model: ClipWithHeads,
        tokenizer: WordTokenizer,
        job: Job,
        *,
        held: Held | None = None,
        unfinished: Unfinished | None = None,
    ) -> None:
        self._model = model
        self._tokenizer = tokenizer
        self._held = held
        self._unfinished = unfinished
        self._worlds = job.worlds
        self._device = job.device
        config = job.config
        self._size = config["model"]["vision_cfg"]["image_size"]
        self._filler = config["filler"]
        self._shares: dict[str, float] = config["loss"]
        weights = [float(config["attribute_weights"].get(name, 1)) for name in job.edition.counts]
        self._weights = torch.tensor(weights, device=job.device)

    def __call__(self, batch: int, generator: torch.Generator) -> Tensor:
        world = pick(self._worlds, generator)
        indices = world.draw(batch, generator)
        codes = world.attributes[indices]
        pictures = self._damaged(world.pictures_at(indices), generator).to(self._device)
        rng = np.random.default_rng(int(torch.randint(2**31, (), generator=generator)))
        told = [decode(row) for row in codes]
        captions, lies = self._captions(told, world.edition, rng)
        differ = torch.tensor([a != b for a, b in zip(captions, lies, strict=True)])
        ids = self._ids([self._with_filler(text, rng) for text in captions] + lies)
        with mixed_precision(self._device):
            images, both = self._model(pictures, ids.to(self._device))
        texts, negatives = both.chunk(2)
        scale = self._model.clip.logit_scale.exp().clamp(max=100)
        truth = torch.from_numpy(codes).to(self._device)
        moved = self._held.moved(texts, captions, told) if self._held else 0.0
        return (
            self._shares["contrastive"] * _contrastive(images, texts, scale)
            + self._shares["hard"] * _hard(images, texts, negatives, scale, differ.to(self._device))
            + self._shares["pictures"] * self._model.attribute_loss(images, truth, self._weights)
            + self._shares["texts"] * self._model.attribute_loss(texts, truth, self._weights)
            + self._shares["kept"] * moved
        )

    def _damaged(self, pictures: Tensor, generator: torch.Generator) -> Tensor:
        pictures = mirror_some(pictures, generator)
        if self._unfinished:
            pictures = self._unfinished(pictures, generator)
        views = square_views(pictures, self._size, generator)
        return add_some_noise(soften_some(views, generator), generator)

    def _captions(
        self, truths: Sequence[Attributes], edition: Edition, rng: np.random.Generator
    ) -> tuple[list[str], list[str]]:
        """True captions, and false ones; where the false thing is left out the two are the same."""
        seeds = rng.integers(2**31, size=len(truths))
        lies = [_changed(truth, edition, rng) for truth in truths]
        true, false = (
            [
                caption(np.random.default_rng(seed), one, edition)
                for seed, one in zip(seeds, some, strict=True)
            ]
            for some in (truths, lies)
        )
        return true, false

    def _ids(self, texts: Sequence[str]) -> Tensor:
        rows = [self._tokenizer.row(text) for text in texts]
        return id_tensor(rows, self._tokenizer.context_length)

    def _with_filler(self, text: str, rng: np.random.Generator) -> str:
        """The text with, at times, words that mean nothing: they must come to change nothing."""
        if rng.random() > self._filler:
            return text
        parts = text.split(" ")
        for _ in range(rng.integers(1, 6)):
            parts.insert(int(rng.integers(len(parts) + 1)), f"x{rng.integers(10**6)}")
        return " ".join(parts)


def _changed(attributes: Attributes, edition: Edition, rng: np.random.Generator) -> Attributes:
    """`attributes` with one of them another; nothing but a subject is ever taken away.

    That there is no colour and no weather, no word says; that there is no subject, a landscape.
    """
    values = edition.values
    names = [name for name in values if name != "subject_colour" or attributes.subject != NONE]
    name = names[int(rng.integers(len(names)))]
    left_out = {getattr(attributes, name), *([] if name == "subject" else [NONE])}
    others = [value for value in values[name] if value not in left_out]
    return replace(attributes, **{name: others[int(rng.integers(len(others)))]})


def _contrastive(images: Tensor, texts: Tensor, scale: Tensor) -> Tensor:
    logits = scale * images @ texts.T
    labels = torch.arange(len(images), device=images.device)
    return (cross_entropy(logits, labels) + cross_entropy(logits.T, labels)) / 2


def _hard(
    images: Tensor, texts: Tensor, negatives: Tensor, scale: Tensor, differ: Tensor
) -> Tensor:
    """Loss of telling the true caption from its hard negative, where the two differ."""
    margin = scale * ((images * texts).sum(1) - (images * negatives).sum(1))
    return (softplus(-margin) * differ).sum() / differ.sum().clamp(min=1)


def export(
    model: ClipWithHeads, tokenizer: WordTokenizer, config: dict[str, Any], out: Path
) -> None:
    """Write the model as an open_clip folder."""
    save_weights(model.clip, out / "open_clip_model.safetensors")
    tokenizer.save(out / "vocabulary.json")
    save_json(
        {"model_cfg": config["model"], "preprocess_cfg": {"mean": MEAN, "std": STD}},
        out / "open_clip_config.json",
    )


def _tokenizer(job: Job) -> WordTokenizer:
    """The tokenizer of all that captions of the data can say."""
    return WordTokenizer(
        sorted(words(job.edition)),
        buckets=job.config["buckets"],
        context_length=job.config["model"]["text_cfg"]["context_length"],
    )


def _begun(job: Job, tokenizer: WordTokenizer) -> ClipWithHeads:
    """The model of a recipe, which is told here how many words there are, where it begins."""
    job.config["model"]["text_cfg"]["vocab_size"] = tokenizer.vocab_size
    model = ClipWithHeads(job.config["model"], job.edition)
    if job.start:
        start_from(model.clip, tokenizer, job.start)
    return model.to(job.device)


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, or go on training, and export."""
    parser = job_parser(__doc__, __file__)
    parser.add_argument(
        "--unfinished", type=Path, help="train on estimates of the denoiser in this folder too"
    )
    parser.add_argument(
        "--keep-texts",
        action="store_true",
        help="train pictures only: a denoiser that was trained with its texts keeps them",
    )
    options = parser.parse_args(arguments)
    job = read_job(options)
    tokenizer = _tokenizer(job)
    model = _begun(job, tokenizer)
    if options.keep_texts:
        keep_texts(model.clip)
    loss = ClipLoss(
        model,
        tokenizer,
        job,
        held=Held(job.start, job.device) if job.start and not options.keep_texts else None,
        unfinished=options.unfinished and load_unfinished(options.unfinished, job),
    )
    training = Training(model, loss, job.recipe, job.out)
    training.run(lambda average, seen: export(average, tokenizer, job.config, job.out / "clip"))


if __name__ == "__main__":
    main()
