"""What the starter will not paint as its author may expect: subjects and sizes it never saw."""

from __future__ import annotations

import math
from collections.abc import Iterator

from keyframes.mistakes import Located
from keyframes.nearest import nearest
from pipeline.catalogue.prompt_readers import starter_tokenizer
from pipeline.catalogue.starter_facts import (
    CONNECTING,
    LARGEST_AREA,
    LARGEST_SIDE,
    SMALLEST_SIDE,
    SUBJECTS,
    TRAINED_SIZES,
)
from pipeline.catalogue.word_tokenizer import WordTokenizer, words_of
from pipeline.scene.schema import Scene
from pipeline.scene.sections import ShotRead
from pipeline.scene.written_prompts import sung_texts, written_texts
from pipeline.spec.sources import STARTER, NamedSource

_LISTED = 5
"""Unknown words that a warning names before it only counts them."""


def starter_warnings(part: ShotRead) -> Iterator[Located]:
    """What is to be said of a shot that the starter's denoiser paints."""
    scene = part.scene
    if scene.models.denoiser != NamedSource(STARTER):
        return
    yield from _size(scene)
    tokenizer = starter_tokenizer()
    seen: set[str] = set()
    texts = written_texts(scene.prompts, part.data["prompts"])
    # Of a prompt with {lyric}, what stays where nothing is sung.
    unsung = sung_texts(scene.prompts, part.data["prompts"], ())
    for path, text in (*texts, *unsung):
        words = _unknown_words(text, tokenizer)
        if words and text not in seen:
            seen.add(text)
            yield Located(("prompts", *path), _no_subject(words))


def _size(scene: Scene) -> Iterator[Located]:
    width, height = size = scene.video.size
    shows = _shows(size)
    # What lies all around holds more than one thing.
    if not shows or (scene.sampler.seamless and shows == _SEVERAL):
        return
    *others, last = map(_by, TRAINED_SIZES)
    fitting = min(TRAINED_SIZES, key=lambda one: abs(math.log(one[0] / one[1] * height / width)))
    yield Located(
        ("video", "size"),
        f"the starter was trained on {', '.join(others)} and {last} pixels, and a picture of "
        f"{_by(size)} may show {shows}; write size: {list(fitting)}, and give the video "
        "another size with output: {size: ...}",
    )


_SEVERAL = "its subject several times"


def _shows(size: tuple[int, int]) -> str:
    """What becomes of a subject in a picture of another size; empty where nothing does."""
    if min(size) < SMALLEST_SIDE:
        return "only a part of its subject, or none"
    if max(size) > LARGEST_SIDE or math.prod(size) > LARGEST_AREA:
        return _SEVERAL
    return ""


def _by(size: tuple[int, int]) -> str:
    width, height = size
    return f"{width} x {height}"


def _unknown_words(text: str, tokenizer: WordTokenizer) -> list[str]:
    """The words that mean nothing to the starter, of a text in which it knows no subject."""
    if not set(words_of(text)).isdisjoint(SUBJECTS):
        return []
    words = dict.fromkeys(tokenizer.unknown(text))
    return [word for word in words if word not in CONNECTING and not word.isdigit()]


def _no_subject(words: list[str]) -> str:
    named = [f'"{word}"{nearest(word, SUBJECTS)}' for word in words[:_LISTED]]
    more = [f"{len(words) - _LISTED} more"] if len(words) > _LISTED else []
    return (
        f"the starter knows no subject in this prompt, and these words mean nothing to it: "
        f"{', '.join([*named, *more])}. What it paints: lighthouse, castle, ship, tree, house, "
        "pyramid, or a landscape; docs/starter.md says more"
    )
