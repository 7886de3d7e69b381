"""Deforum's prompts, which change at frames: `"30": "a castle --neg fog"`."""

from __future__ import annotations

import re
from itertools import pairwise
from math import isfinite

import numpy as np

from keyframes.foreign_prompts import Weighted, prompt_parts
from keyframes.prompts import LARGEST_WEIGHT
from keyframes.quoting import quoted
from pipeline.scene.importers.draft import Draft
from pipeline.scene.importers.notes import Severity
from pipeline.scene.importers.numexpr import Numexpr
from pipeline.scene.importers.prompt_texts import (
    EMPTY,
    LONGEST,
    without_networks,
    written_prompts,
)
from pipeline.scene.importers.source import Source
from pipeline.scene.importers.stresses import explicit
from pipeline.scene.importers.translation import Course

_FORMULA = re.compile(r"`([^`]*)`")
_NEGATIVE = re.compile(r"\s*--neg\b\s*")
_BETWEEN = re.compile(r"\s*,\s*(?=\()")
_WEIGHED = re.compile(r"\(([^():]+):\s*([0-9]*\.?[0-9]+)\s*\)")
_AVOIDED = 0.9
"""What is to be avoided weighs so much beside what is wanted. At 1, where it would take the place
of the empty prompt wholly as it does there, the weights of a scene would cancel out."""
_NAMES = ("prompts", "animation_prompts")


def put_prompts(source: Source, draft: Draft, course: Course, mode: str) -> None:
    """Write the prompts, with what is to be avoided as texts of a negative weight."""
    name, written = source.take(*_NAMES)
    source.known(*_NAMES)
    texts = _by_frame(written, name, draft, course)
    before, behind = _for_all(source)
    made = {
        frame: _prompts(_merged(text, before, behind), frame, name, draft, course)
        for frame, text in sorted(texts.items())
    }
    if not made:
        draft.differs(name, f'there are none: "{EMPTY}" in their place')
        made = {0: EMPTY}
    if mode == "interpolation" and len(made) > 1:
        _put_fades(draft, name, made)
    else:
        first = next(iter(made.values()))
        draft.put("prompts", made if len(made) > 1 and mode != "none" else first)


def parts_of(
    text: str, frame: int, name: str, draft: Draft, course: Course, *, fades: bool = False
) -> list[Weighted]:
    """The weighted texts that a prompt means at a frame.

    With `fades`, as Parseq writes prompts of which one fades into the other,
    `(a sea:0.3), (a desert:0.7)` is two of them; else these are stressed words of one.
    """

    def number(match: re.Match[str]) -> str:
        draft.lost(name, f"`{quoted(match[1])}` stays as it is at frame {frame}: no words move")
        try:
            at = np.array([float(frame)])
            value = Numexpr.parse(match[1]).values(at, course.last, course.seed)[0]
        except ValueError:
            return "1"
        return f"{value:.4g}" if isfinite(value) else "1"

    text = without_networks(_FORMULA.sub(number, text[:LONGEST]), name, draft)
    wanted, *against = _NEGATIVE.split(text)
    apart = _weighed_apart(wanted) if fades else []
    if apart:
        text = f"--neg {' '.join(against)}" if against else ""
    parts = _balanced([*apart, *prompt_parts(text, stresses=False)])
    return [(explicit(words), weight) for words, weight in parts]


def _weighed_apart(text: str) -> list[Weighted]:
    """The texts of `(a sea:0.3), (a desert:0.7)` with their weights; none of any other text."""
    listed = [_WEIGHED.fullmatch(piece) for piece in _BETWEEN.split(text.strip().strip(","))]
    if len(listed) < 2 or not all(listed):
        return []
    return [(match[1].strip(), min(float(match[2]), LARGEST_WEIGHT)) for match in listed if match]


def _balanced(parts: list[Weighted]) -> list[Weighted]:
    """Parts of which those to avoid weigh nearly as much as the others together."""
    wanted = sum(weight for _, weight in parts if weight > 0)
    avoided = -sum(weight for _, weight in parts if weight < 0)
    if not (wanted and avoided):
        return parts
    scale = _AVOIDED * wanted / avoided
    return [(text, weight * scale if weight < 0 else weight) for text, weight in parts]


def _prompts(text: str, frame: int, name: str, draft: Draft, course: Course) -> object:
    parts = parts_of(text, frame, name, draft, course)
    if any(weight < 0 for _, weight in parts):
        draft.slight(name, "what is to be avoided counts nine tenths of what it does there")
    return written_prompts(parts, name, draft)


def _for_all(source: Source) -> tuple[str, str]:
    """What every prompt begins with, and what every one avoids.

    In files that name them `positive_prompts` and `negative_prompts` they stand in the prompts.
    """
    source.known("positive_prompts", "negative_prompts")
    before = source.text("animation_prompts_positive")
    behind = source.text("animation_prompts_negative")
    return before[:LONGEST], behind[:LONGEST]


def _merged(text: str, before: str, behind: str) -> str:
    wanted, *against = _NEGATIVE.split(text)
    avoided = " ".join(filter(None, (*against, behind)))
    words = " ".join(filter(None, (before, wanted)))
    return f"{words} --neg {avoided}" if avoided.strip() else words


def _by_frame(written: object, name: str, draft: Draft, course: Course) -> dict[int, str]:
    """The text of each frame that has one, within the video."""
    if isinstance(written, list):
        if len(written) > 1:
            draft.slight(name, "a list of prompts is for stills: the first one is taken")
        written = written[0] if written else None
    if isinstance(written, str):
        written = {"0": written}
    texts: dict[int, str] = {}
    for key, text in written.items() if isinstance(written, dict) else ():
        frame = _frame(str(key), course)
        if frame is None or not isinstance(text, str | int | float):
            draft.differs(name, f'"{quoted(key, 40)}" is left out: no frame, or no text')
        elif frame > course.last:
            draft.slight(name, f"frame {frame} is behind the end: its prompt is never shown")
        else:
            texts[max(frame, 0)] = str(text)
    return texts


def _frame(key: str, course: Course) -> int | None:
    try:
        bare = key.strip().strip("\"'")
        value = Numexpr.parse(bare.lstrip("0") or "0" if bare.isdigit() else bare)
        at = value.values(np.zeros(1), course.last, course.seed)[0]
    except ValueError:
        return None
    return int(at) if isfinite(at) else None


def _put_fades(draft: Draft, name: str, made: dict[int, object]) -> None:
    """Write prompts that fade from each key to the next, as far as one length can say it."""
    gaps = [after - before for before, after in pairwise(made)]
    length = max(min(gaps) - 1, 0)
    first, *others = made.items()
    keys: dict[object, object] = {first[0]: first[1]}
    keys.update((max(frame - length, first[0] + 1), prompt) for frame, prompt in others)
    keys["blend"] = length
    draft.put("prompts", keys, "each set fades in up to its own frame")
    severity = Severity.SLIGHT if min(gaps) == max(gaps) else Severity.DIFFERS
    what = f"fades last {length} frames, up to the key; there from key to key"
    draft.note(severity, name, what)
    signs = {_sign(prompt) for prompt in made.values()}
    if len(signs) > 1:
        keys["blend"] = 0
        draft.differs(name, "prompts that are avoided on the whole do not fade: hard cuts")


def _sign(prompt: object) -> bool:
    """Whether the weights of a set sum to more than 0."""
    listed = prompt if isinstance(prompt, list) else [prompt]
    weights = [one.get("weight", 1) if isinstance(one, dict) else 1 for one in listed]
    return sum(weights) > 0
