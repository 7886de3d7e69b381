"""What the starter will not paint as its author may expect: words and sizes it never saw."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence

from keyframes.mistakes import Located
from pipeline.catalogue.prompt_readers import starter_tokenizer
from pipeline.catalogue.starter_facts import (
    LARGEST_AREA,
    LARGEST_SIDE,
    SMALLEST_SIDE,
    SUBJECTS,
    TRAINED_SIZES,
)
from pipeline.scene.schema import Scene
from pipeline.scene.sections import ShotRead
from pipeline.scene.starter_words import WordsRead, nearest_known, read_words
from pipeline.scene.written_prompts import sung_texts, written_texts
from pipeline.spec.sources import STARTER, NamedSource

_LISTED = 5
"""Unknown words that a warning names before it only counts them."""

_ALL = "docs/starter.md shows all that it knows"


def starter_warnings(part: ShotRead) -> Iterator[Located]:
    """What is to be said of a shot that the starter's denoiser paints."""
    scene = part.scene
    if scene.models.denoiser != NamedSource(STARTER):
        return
    yield from _size(scene)
    vocabulary = frozenset(starter_tokenizer().words)
    seen: set[str] = set()
    texts = written_texts(scene.prompts, part.data["prompts"])
    # Of a prompt with {lyric}, what stays where nothing is sung.
    unsung = sung_texts(scene.prompts, part.data["prompts"], ())
    for path, text in (*texts, *unsung):
        told = "" if text in seen else _told(read_words(text, vocabulary), vocabulary)
        seen.add(text)
        if told:
            yield Located(("prompts", *path), told)


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


def _told(read: WordsRead, vocabulary: Collection[str]) -> str:
    """What is to be said of the words of a prompt; empty where there is nothing."""
    return "; ".join([*_several(read.subjects), *_unknown(read, vocabulary)])


def _several(subjects: Sequence[str]) -> Iterator[str]:
    if len(subjects) > 1:
        yield f"the starter paints one subject, and not all in this prompt: {', '.join(subjects)}"


def _unknown(read: WordsRead, vocabulary: Collection[str]) -> Iterator[str]:
    hints = {word: nearest_known(word, vocabulary) for word in read.unknown}
    named = [f'"{word}"{hint}' for word, hint in hints.items()][:_LISTED]
    more = [f"{len(hints) - _LISTED} more"] if len(hints) > _LISTED else []
    words = ", ".join([*named, *more])
    if not read.lost and words:
        yield f"these words mean nothing to the starter: {words}; {_ALL}"
    elif words:
        known = "" if all(hints.values()) else f". It paints {', '.join(SUBJECTS)}, or a landscape"
        yield (
            f"the starter knows no subject in this prompt, and these words mean nothing to it: "
            f"{words}{known}; {_ALL}"
        )
