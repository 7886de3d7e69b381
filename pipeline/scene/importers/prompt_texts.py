"""Prompts of other tools as a scene writes them: texts with their weights."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import ceil

from keyframes.foreign_prompts import Weighted, foreign_prompt
from keyframes.lyrics import check_fields
from keyframes.prompts import LARGEST_WEIGHT, cancels
from pipeline.scene.importers.draft import Draft, cleaned

LONGEST = 4000
"""Characters of one prompt that are read."""
MANY = 68
"""Pieces of a text beyond which an encoder may not read all of it: CLIP reads 75."""
EMPTY = "a painting"
"""What stands for a prompt without words."""

_WEB = re.compile(r"<(?:lora|lyco|hypernet)[^<>]*>", re.IGNORECASE)
_PIECE = re.compile(r"[A-Za-z]+|[^\sA-Za-z]")


def written_prompts(parts: Sequence[Weighted], name: str, draft: Draft) -> object:
    """Weighted texts as the prompts of one time: a text, or a list of texts and weights."""
    summed: dict[str, float] = {}
    for text, weight in parts:
        words = _words(text, name, draft)
        if words and weight:
            summed[words] = summed.get(words, 0.0) + weight
    weights: Mapping[str, float]
    weights = {text: weight for text, weight in summed.items() if weight} or {EMPTY: 1.0}
    if EMPTY in weights and not any(cleaned(text) for text, _ in parts):
        draft.differs(name, f'a prompt without words: "{EMPTY}" in its place')
    if len(weights) == 1:
        # Only ratios count, and there is none of one text.
        weights = {text: 1.0 if weight > 0 else -1.0 for text, weight in weights.items()}
    weights = _summable(_in_range(weights), name, draft)
    items = [_item(text, weight) for text, weight in weights.items()]
    return items[0] if len(items) == 1 and isinstance(items[0], str) else items


def is_long(text: str) -> bool:
    """Whether CLIP may not read a text to its end."""
    pieces = _PIECE.findall(text)
    return sum(ceil(len(one) / 4) if one.isascii() else len(one.encode()) for one in pieces) > MANY


def without_networks(text: str, name: str, draft: Draft) -> str:
    """A prompt without the names of small networks, `<lora:x:0.8>`, which are told."""
    for tag in dict.fromkeys(_WEB.findall(text)):
        remedy = "loras: {FILE: 0.8} names one for all frames" if "lora" in tag.lower() else ""
        draft.lost(name, f"{tag} is left out; {remedy or 'it has no counterpart'}")
    return _WEB.sub(" ", text)


def _words(text: str, name: str, draft: Draft) -> str:
    """A text that a scene takes as words."""
    if len(text) > LONGEST:
        draft.differs(name, f"a prompt of {len(text)} characters: cut after {LONGEST}")
    words = cleaned(text[:LONGEST])
    try:
        check_fields(words, is_sung=False)
    except ValueError:
        words = words.replace("{", "(").replace("}", ")")
        draft.slight(name, "braces in a prompt are written as round brackets")
    return words


def _in_range(weights: Mapping[str, float]) -> Mapping[str, float]:
    """Weights of which none is larger than a scene allows: only their ratios count."""
    largest = max(map(abs, weights.values()))
    scale = LARGEST_WEIGHT / largest if largest > LARGEST_WEIGHT else 1.0
    return {text: float(f"{weight * scale:.6g}") for text, weight in weights.items()}


def _summable(weights: Mapping[str, float], name: str, draft: Draft) -> Mapping[str, float]:
    """Weights whose sum is not 0, as no picture could be painted by those."""
    if not cancels([*weights.values()]):
        return weights
    draft.differs(name, "weights that cancel out: what is to be avoided counts half")
    halved = {text: weight / 2 if weight < 0 else weight for text, weight in weights.items()}
    return {EMPTY: 1.0} if cancels([*halved.values()]) else halved


def _item(text: str, weight: float) -> object:
    if weight == 1 and foreign_prompt(text) is None:
        return text
    shown: dict[str, object] = {"text": text}
    if weight != 1:
        shown["weight"] = int(weight) if weight == int(weight) else weight
    return shown
