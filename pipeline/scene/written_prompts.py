"""Where the texts of a scene's prompts stand in its file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from keyframes.lyrics import LYRIC, with_line
from keyframes.mistakes import Route
from keyframes.prompts import PromptSchedule


def written_texts(schedule: PromptSchedule, written: object) -> Iterator[tuple[Route, str]]:
    """The texts that the picture follows, each with its place in `written`, once for every place.

    `written` is what `schedule` was read from. A text without weight is never read by anything.
    """
    followed = {p.text for _, prompts in schedule.keys for p in prompts if not p.image}
    return ((path, text) for path, text in _texts(written, ()) if text in followed)


def sung_texts(
    schedule: PromptSchedule, written: object, lines: Sequence[str], *, weighs: bool = False
) -> Iterator[tuple[Route, str]]:
    """The texts that the picture follows with one of `lines`, or none, in the place of `{lyric}`.

    Each with the place where it is written with `{lyric}`; takes what `written_texts` does, and
    whether the denoiser `weighs` words.
    """
    followed = {p.text for _, prompts in schedule.keys for p in prompts if not p.image}
    for path, text in _texts(written, ()):
        if LYRIC in text:
            filled = dict.fromkeys(with_line(text, line, weighs=weighs) for line in ("", *lines))
            yield from ((path, one) for one in filled if one in followed)


def _texts(written: object, path: Route) -> Iterator[tuple[Route, str]]:
    if isinstance(written, str):
        yield path, written
    elif isinstance(written, list):
        for place, item in enumerate(written):
            yield from _texts(item, (*path, place))
    elif isinstance(written, dict) and "text" in written:
        yield from _texts(written["text"], (*path, "text"))
    elif isinstance(written, dict) and "image" not in written:
        for key, value in written.items():
            if key != "blend":
                yield from _texts(value, (*path, key))
