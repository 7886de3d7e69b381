"""Disco Diffusion's text and image prompts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipeline.scene.importers.draft import Draft
from pipeline.scene.importers.files_named import Folders, picture
from pipeline.scene.importers.moving import LARGEST
from pipeline.scene.importers.prompt_texts import EMPTY, is_long, written_prompts
from pipeline.scene.importers.source import Source


def put_prompts(source: Source, draft: Draft, folders: Folders, count: int) -> None:
    """Write the prompts of a video of `count` frames; of stills, frame 0's alone."""
    texts = _by_frame(source, draft, ("text_prompts", "text_prompts_100", "prompts"), count)
    images = _by_frame(source, draft, ("image_prompts",), count)
    made: dict[int, Any] = {}
    for frame in sorted({*texts, *images}):
        words = [_weighted(one, draft) for one in _latest(texts, frame)]
        if any(is_long(text) for text, _ in words):
            draft.put("models.truncate_prompts", True, "Disco stops at a prompt that is too long")
        like = list(_images(_latest(images, frame), folders, draft))
        written = written_prompts(words, "text_prompts", draft) if words or not like else []
        items = written if isinstance(written, list) else [written]
        made[frame] = [*items, *like] if like else written
    if not made:
        draft.differs("text_prompts", f'there are none: "{EMPTY}" in their place')
        made[0] = EMPTY
    draft.put("prompts", made if len(made) > 1 else next(iter(made.values())))


def _by_frame(
    source: Source, draft: Draft, names: tuple[str, ...], count: int
) -> dict[int, list[str]]:
    """The prompts of each frame that has any, within the video."""
    name, written = source.take(*names)
    if isinstance(written, str | list):
        written = {"0": written}
    if not isinstance(written, dict):
        return {}
    made: dict[int, list[str]] = {}
    for key, value in written.items():
        try:
            frame = int(float(key))
        except (ValueError, OverflowError):
            draft.differs(name, f'"{str(key)[:40]}" is no frame: its prompts are left out')
            continue
        listed = [str(one) for one in (value if isinstance(value, list) else [value])]
        if frame >= count:
            draft.slight(name, f"frame {frame} is behind the end: its prompts are never shown")
        else:
            made[max(frame, 0)] = listed
    return made


def _latest(sets: dict[int, list[str]], frame: int) -> list[str]:
    """The prompts that hold at a frame: before the first key, those of the first."""
    if not sets:
        return []
    before = [key for key in sets if key <= frame]
    return sets[max(before)] if before else sets[min(sets)]


def _weighted(text: str, draft: Draft) -> tuple[str, float]:
    """A text and its weight, which stands behind its last colon."""
    words, colon, number = text.rpartition(":")
    try:
        weight = float(number) if colon else 1.0
    except ValueError:
        return text, 1.0
    if not colon:
        return text, 1.0
    if not abs(weight) <= LARGEST:
        draft.differs("text_prompts", f"the weight {number.strip()} becomes 1")
        weight = 1.0
    return words, weight


def _images(written: list[str], folders: Folders, draft: Draft) -> Iterator[object]:
    for one in written:
        name, weight = _weighted(one, draft)
        if one.startswith(("http://", "https://")) and name in ("http", "https"):
            name, weight = one, 1.0
        found = picture(name, "image_prompts", folders, draft)
        if found is not None:
            yield {"image": found, "weight": weight} if weight != 1 else {"image": found}
