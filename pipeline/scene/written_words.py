"""The texts of a scene's file in which formulas and times can stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipeline.scene.variables import VARS

_PROMPTS = "prompts"
_NUMBERS = ("weight", "blend")
"""What stands within prompts and is no text for the picture to follow."""


def words_in(data: Mapping[object, object]) -> Iterator[str]:
    """Every text of `data`, what the author wrote, but for those of prompts and variables."""
    for name, written in data.items():
        if name == _PROMPTS:
            yield from _numbers(written)
        elif name != VARS:
            yield from texts(written)


def texts(written: object) -> Iterator[str]:
    """Every text in what was written, that of no key."""
    if isinstance(written, str):
        yield written
    elif isinstance(written, Mapping):
        for value in written.values():
            yield from texts(value)
    elif isinstance(written, list):
        for value in written:
            yield from texts(value)


def _numbers(prompts: object) -> Iterator[str]:
    if isinstance(prompts, Mapping):
        for name, value in prompts.items():
            yield from texts(value) if name in _NUMBERS else _numbers(value)
    elif isinstance(prompts, list):
        for value in prompts:
            yield from _numbers(value)
