"""Train the starter's CLIP: `python -m tools.train.clip --data DIR --out DIR`.

The contrastive loss (Radford et al. 2021) alone finds the colour of a picture and forgets its
subject, so one linear head for each attribute of the world reads the attribute from the picture's
embedding and from the text's: the two meet where the attributes are.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import torch
import yaml
from open_clip.model import CLIP
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, normalize

from pipeline.models.tokenizer import WordTokenizer
from tools.train.augment import add_some_noise, soften_some, square_views
from tools.train.data import World, mirror_some, open_world
from tools.train.export import save_json, save_weights
from tools.train.loop import Recipe, Training
from tools.world.attributes import ATTRIBUTES, decode
from tools.world.captions import caption, words

MEAN = STD = (0.5, 0.5, 0.5)


class ClipWithHeads(nn.Module):
    """A CLIP model and the attribute heads that only training uses."""

    def __init__(self, model_cfg: dict[str, Any]) -> None:
        super().__init__()
        self.clip = CLIP(**model_cfg)
        self.heads = nn.Linear(model_cfg["embed_dim"], sum(map(len, ATTRIBUTES.values())))

    def forward(self, pictures: Tensor, ids: Tensor) -> tuple[Tensor, Tensor]:
        """Unit vectors `(N, D)` of the pictures and of the texts."""
        return (
            normalize(self.clip.encode_image(pictures).float(), dim=-1),
            normalize(self.clip.encode_text(ids).float(), dim=-1),
        )

    def attribute_loss(self, embeddings: Tensor, codes: Tensor, weights: Tensor) -> Tensor:
        """Weighted cross entropy of all attributes read from `embeddings`."""
        # Unit vectors are short for a linear head; the factor makes its logits usable.
        logits = self.heads(16 * embeddings).split([len(v) for v in ATTRIBUTES.values()], dim=1)
        losses = [cross_entropy(values, codes[:, k]) for k, values in enumerate(logits)]
        return (torch.stack(losses) * weights).sum() / weights.sum()


class ClipLoss:
    """Draws pictures and captions, and says how far apart they are."""

    def __init__(
        self, model: ClipWithHeads, tokenizer: WordTokenizer, world: World, config: dict[str, Any]
    ) -> None:
        self._model = model
        self._tokenizer = tokenizer
        self._world = world
        self._size = config["model"]["vision_cfg"]["image_size"]
        self._filler = config["filler"]
        self._shares: dict[str, float] = config["loss"]
        self._weights = torch.tensor(
            [float(config["attribute_weights"].get(name, 1)) for name in ATTRIBUTES]
        )

    def __call__(self, batch: int, generator: torch.Generator) -> Tensor:
        indices = self._world.draw(batch, generator)
        codes = self._world.attributes[indices]
        pictures = self._damaged(self._world.pictures_at(indices), generator)
        seed = int(torch.randint(2**31, (), generator=generator))
        ids = self._captions(codes, np.random.default_rng(seed))
        with torch.autocast("cpu", dtype=torch.bfloat16):
            seen, read = self._model(pictures, ids)
        labels = torch.arange(batch)
        logits = self._model.clip.logit_scale.exp().clamp(max=100) * seen @ read.T
        contrastive = (cross_entropy(logits, labels) + cross_entropy(logits.T, labels)) / 2
        truth = torch.from_numpy(codes)
        return (
            self._shares["contrastive"] * contrastive
            + self._shares["pictures"] * self._model.attribute_loss(seen, truth, self._weights)
            + self._shares["texts"] * self._model.attribute_loss(read, truth, self._weights)
        )

    def _damaged(self, pictures: Tensor, generator: torch.Generator) -> Tensor:
        views = square_views(mirror_some(pictures, generator), self._size, generator)
        return add_some_noise(soften_some(views, generator), generator)

    def _captions(self, codes: Any, rng: np.random.Generator) -> Tensor:
        texts = [caption(rng, decode(row)) for row in codes]
        return self._tokenizer([self._with_filler(text, rng) for text in texts])

    def _with_filler(self, text: str, rng: np.random.Generator) -> str:
        """The text with, at times, words that mean nothing: they must come to change nothing."""
        if rng.random() > self._filler:
            return text
        parts = text.split(" ")
        for _ in range(rng.integers(1, 6)):
            parts.insert(int(rng.integers(len(parts) + 1)), f"x{rng.integers(10**6)}")
        return " ".join(parts)


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


def main() -> None:
    """Train, or go on training, and export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, default=Path(__file__).with_suffix(".yaml"))
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    config = yaml.safe_load(options.config.read_text())
    torch.manual_seed(config["recipe"]["seed"])
    text_cfg = config["model"]["text_cfg"]
    tokenizer = WordTokenizer(
        sorted(words()), buckets=config["buckets"], context_length=text_cfg["context_length"]
    )
    text_cfg["vocab_size"] = tokenizer.vocab_size
    model = ClipWithHeads(config["model"])
    loss = ClipLoss(model, tokenizer, open_world(options.data), config)
    training = Training(model, loss, Recipe(**config["recipe"]), options.out)
    training.run(lambda average, seen: export(average, tokenizer, config, options.out / "clip"))


if __name__ == "__main__":
    main()
