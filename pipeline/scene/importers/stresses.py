r"""Stressed words in prompts of Stable Diffusion's web interfaces, as a scene writes them.

Convention:
    There `(red)` counts 1.1 times, `[red]` 1 / 1.1 times, `(red:1.3)` 1.3 times, brackets inside
    others multiply, and what is never closed holds to the end. A scene has the last form alone:
    `((red)) [old] barn` is `(red:1.21) (old:0.91) barn`. `\(` and `\)` are text in both.
"""

from __future__ import annotations

import re
from itertools import groupby

from keyframes.word_weights import LARGEST_STRESS

_STRESS = 1.1
"""What a pair of brackets multiplies by."""
_SIGN = re.compile(r"\\.|[(\[\])]|:\s*(?P<number>[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))\s*\)")


def explicit(text: str) -> str:
    """The text with its stresses as numbers, of which each is from 0 to LARGEST_STRESS."""
    weighed = (
        (words, min(max(round(weight, 2), 0.0), LARGEST_STRESS)) for words, weight in _runs(text)
    )
    return "".join(
        _written("".join(words for words, _ in alike), weight)
        for weight, alike in groupby(weighed, key=lambda run: run[1])
    )


def _runs(text: str) -> list[tuple[str, float]]:
    """The words in their order, each with the product of the stresses around it."""
    words: list[str] = []
    weights: list[float] = []
    opened: dict[str, list[int]] = {"(": [], "[": []}

    def close(kind: str, factor: float) -> None:
        for place in range(opened[kind].pop(), len(weights)):
            weights[place] *= factor

    def say(piece: str) -> None:
        words.append(piece)
        weights.append(1.0)

    place = 0
    for sign in _SIGN.finditer(text):
        say(text[place : sign.start()])
        place = sign.end()
        if sign[0] in opened:
            opened[sign[0]].append(len(words))
        elif sign[0].endswith(")") and sign[0] != r"\)" and opened["("]:
            close("(", float(sign["number"] or _STRESS))
        elif sign[0] == "]" and opened["["]:
            close("[", 1 / _STRESS)
        else:
            say(sign[0])
    say(text[place:])
    for kind, factor in (("(", _STRESS), ("[", 1 / _STRESS)):
        while opened[kind]:
            close(kind, factor)
    return list(zip(words, weights, strict=True))


def _written(words: str, weight: float) -> str:
    bare = words.strip()
    # A number alone would be read as a time or a ratio.
    if weight == 1 or not any(map(str.isalpha, bare)):
        return words
    before, _, behind = words.partition(bare)
    return f"{before}({bare}:{weight}){behind}"
