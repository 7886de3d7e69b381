"""The line that is sung, in the words of a prompt: `a singer at sea, {lyric}, oil painting`.

Conventions:
    A line is in a prompt from the frame nearest to its start up to the one nearest to its end;
    between lines there is nothing in its place. Under a `blend` each line fades in from its start
    on, and a blend that is longer than the time to the next change is as long as that.

    What is sung is words, also where words have weights: `(Both:)` is a singer's cue, and
    `({lyric}:1.3)` weighs a line whatever is in it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import inf

from keyframes.mistakes import found
from keyframes.nearest import nearest
from keyframes.prompts import PromptKey, Prompts, PromptSchedule

LYRIC = "{lyric}"

_FIELD = re.compile(r"\{(\w[^{}]*|\s*)\}")
_EMPTY = re.compile(r"\s*,(?:\s*,)+")
_WEIGHED_ALONE = re.compile(rf"(?<!\\)\(\s*{re.escape(LYRIC)}\s*:[^()\\]*\)")
"""A weight of the line and nothing else, as in `({lyric}:1.3)`."""


@dataclass(frozen=True, slots=True)
class SungLine:
    """A line and the positions in frames between which it is sung; `end` may be infinite."""

    start: float
    end: float
    text: str


def check_fields(text: str, is_sung: bool) -> None:
    """Raises ValueError for a prompt with another field than `{lyric}`, or with that and no lyrics.

    Braces around anything but a word are left as they are.
    """
    if "{{" in text or "}}" in text:
        raise ValueError(f"found {found(text)}; braces are written once, as in {LYRIC}")
    for field in _FIELD.finditer(text):
        name = field[1].strip()
        if field[0] != LYRIC:
            hint = nearest(name, ["lyric"]).replace('"lyric"', f'"{LYRIC}"')
            raise ValueError(
                f"unknown field {found(field[0])}{hint}; a prompt can hold {LYRIC}, the line that "
                "is sung"
            )
        if not is_sung:
            raise ValueError(
                f"{LYRIC} is the line that is sung, and there are no lyrics; write music: "
                "{lyrics: song.lrc}"
            )


def with_line(text: str, line: str, *, weighs: bool = False) -> str:
    """The text with `line` for `{lyric}`; blanks and commas that an empty one leaves are tidied.

    `weighs` says whether words of a prompt have weights, `(red:1.3)`: those of the line have none,
    and a weight of an empty line alone is left out, too.
    """
    if weighs:
        # What most scenes need not wait for.
        from keyframes.word_weights import as_words

        text, line = text if line else _WEIGHED_ALONE.sub(LYRIC, text), as_words(line)
    filled = text.replace(LYRIC, line)
    if line or filled == text:
        return filled
    return " ".join(_EMPTY.sub(",", filled).split()).strip(" ,").replace(" ,", ",")


def with_lyrics(
    schedule: PromptSchedule, lines: Sequence[SungLine], *, weighs: bool = False
) -> PromptSchedule:
    """The schedule with the lines in the places of `{lyric}`.

    `lines` are in order and do not overlap; `weighs` is that of `with_line`. Raises ValueError
    where nothing is left of the prompts of a time at which no line is sung, or where their weights
    cancel.
    """
    if not any(_holds_lyric(prompts) for _, prompts in schedule.keys):
        return schedule
    keys = list(_expanded(schedule, lines, weighs))
    ends = [*(frame for (frame, _), _ in keys[1:]), inf]
    blends = [min(blend, end - frame) for ((frame, _), blend), end in zip(keys, ends, strict=True)]
    return PromptSchedule(tuple(key for key, _ in keys), tuple(blends))


def _expanded(
    schedule: PromptSchedule, lines: Sequence[SungLine], weighs: bool
) -> Iterator[tuple[PromptKey, float]]:
    """Every key of the schedule with its blend; where it holds `{lyric}`, one for each change."""
    changes = sorted({place for line in lines for place in (line.start, line.end)} - {inf})
    ends = [*(frame for frame, _ in schedule.keys[1:]), inf]
    for index, ((frame, prompts), blend, end) in enumerate(
        zip(schedule.keys, schedule.blends, ends, strict=True)
    ):
        if not _holds_lyric(prompts):
            yield (frame, prompts), blend
            continue
        # The first set also holds before its key.
        start = frame if index else min(frame, 0.0)
        inside = slice(bisect_right(changes, start), bisect_left(changes, end))
        for place in (start, *changes[inside]):
            fill = partial(with_line, line=_line_at(place, lines), weighs=weighs)
            yield (place, _filled(prompts, fill, place)), blend


def _line_at(frame: float, lines: Sequence[SungLine]) -> str:
    index = bisect_right(lines, frame, key=lambda line: line.start) - 1
    return lines[index].text if index >= 0 and frame < lines[index].end else ""


def _filled(prompts: Prompts, fill: Callable[[str], str], frame: float) -> Prompts:
    filled = [(prompt, fill(prompt.text)) for prompt in prompts if not prompt.image]
    texts = dict(filled)
    kept = tuple(
        prompt if prompt.image else replace(prompt, text=texts[prompt])
        for prompt in prompts
        if prompt.image or texts[prompt]
    )
    if not kept:
        raise ValueError(
            f"nothing is left of the prompts at frame {frame:.10g}, where no line is sung; write "
            f"words beside {LYRIC} that are always there"
        )
    return kept


def _holds_lyric(prompts: Prompts) -> bool:
    return any(LYRIC in prompt.text and not prompt.image for prompt in prompts)
