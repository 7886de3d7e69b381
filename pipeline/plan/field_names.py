"""The names of a scene's settings as they are asked for on a command line, and the near ones."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from difflib import get_close_matches

from keyframes.nearest import LONGEST_WORD
from keyframes.quoting import quoted
from pipeline.errors import Error

_MOST = 3
"""Most names that are proposed."""


def chosen_fields(text: str, known: Collection[str]) -> tuple[str, ...]:
    """The names that a list such as `camera.zoom, guidance.repaint, prompts` asks for, each once.

    A section stands for all of its settings. Raises Error, with the near names, for one that is not
    `known`.
    """
    names = (name.strip() for name in text.split(","))
    return tuple(dict.fromkeys(one for name in names for one in _meant(name, known)))


def _meant(name: str, known: Collection[str]) -> Iterator[str]:
    if name in known:
        yield name
        return
    inside = [one for one in known if one.startswith(f"{name.removesuffix('.')}.")]
    if not name or not inside:
        raise Error(unknown_field(name, known))
    yield from inside


def unknown_field(name: str, known: Collection[str]) -> str:
    """The message about a setting that is not `known`, with those that it may have meant."""
    near = _near(name, known)
    listed = " or ".join(f'"{one}"' for one in near)
    hint = f" (did you mean {listed}?)" if near else ""
    sections = ", ".join(dict.fromkeys(one.partition(".")[0] for one in known))
    return (
        f'there is no setting "{quoted(name)}"{hint}; names are those of the scene, with dots, '
        f"such as camera.zoom; the sections are {sections}"
    )


def _near(name: str, known: Collection[str]) -> list[str]:
    """The known names that end as this one does, or look like it."""
    if not name or len(name) > LONGEST_WORD:
        return []
    same = [one for one in known if one.rpartition(".")[2] == name.rpartition(".")[2]]
    if same:
        return same[:_MOST]
    if "." in name:
        return get_close_matches(name.lower(), known, n=_MOST, cutoff=0.7)
    # Of names that end alike the shortest one is meant.
    lasts = {one.rpartition(".")[2]: one for one in sorted(known, key=lambda one: -one.count("."))}
    return [lasts[last] for last in get_close_matches(name.lower(), lasts, n=_MOST, cutoff=0.7)]
