"""What a prompt asks for, and in which frames the judge still sees it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pipeline.diffusion.image import to_tensor
from pipeline.spec.frame import FrameSpec
from tools.judge.network import Judge
from tools.stays.take import Take
from tools.world.attributes import NONE
from tools.world.editions import OF_TODAY
from tools.world.words import GROUNDS, SUBJECTS, TIME_ADJECTIVES, TIME_WORDS

LAST = 8
"""Frames at the end of a take that stand for it."""

_KNOWN = OF_TODAY.values
_WORDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "subject": {name: SUBJECTS[name] for name in _KNOWN["subject"] if name != NONE},
    "ground": {name: GROUNDS[name] for name in _KNOWN["ground"]},
    "time": {name: (*TIME_WORDS[name], *TIME_ADJECTIVES[name]) for name in _KNOWN["time"]},
}


def asked(text: str) -> dict[str, str]:
    """The subject, ground and hour that a prompt names; one that it names twice is left out."""
    found = {
        name: [value for value, words in values.items() if _says(text, words)]
        for name, values in _WORDS.items()
    }
    return {name: values[0] for name, values in found.items() if len(values) == 1}


def _says(text: str, words: Sequence[str]) -> bool:
    return any(re.search(rf"\b{re.escape(word)}\b", text.lower()) for word in words)


def kept(take: Take, judge: Judge) -> dict[str, float]:
    """For subject, ground and hour, the share of the last frames in which the judge sees it.

    What the prompts do not name is to stay what the first frame shows.
    """
    first = judge.verdict(to_tensor(take.frames[0]))
    wish = {name: getattr(first, name) for name in _WORDS} | asked(_main_prompt(take.specs))
    verdicts = [judge.verdict(to_tensor(frame)) for frame in take.frames[-LAST:]]
    return {
        name: sum(getattr(one, name) == value for one in verdicts) / len(verdicts)
        for name, value in wish.items()
    }


def _main_prompt(specs: Sequence[FrameSpec]) -> str:
    """The heaviest prompt of the last frame that is painted; empty if none is."""
    painted = [spec.denoise.prompts for spec in specs if spec.denoise is not None]
    texts = [one for one in painted[-1] if not one.image] if painted else []
    return max(texts, key=lambda one: one.weight).text if texts else ""
