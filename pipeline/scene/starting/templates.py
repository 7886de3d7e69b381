"""Templates: commented scenes to begin with, which lie beside this file.

Each is a scene that `check` has nothing against. In its comments `SCENE` stands for the file's
name, and where it begins from a picture `PICTURE` for that one's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from keyframes.nearest import nearest
from keyframes.quoting import quoted
from pipeline.errors import Error

MUSIC = "music"
"""The template that a song makes shots of."""
USUAL = "flight"
"""The one that is taken when none is named."""

_PICTURE = "PICTURE"
_PLAIN = re.compile(r"[\w./-]+")
_COMMAND = re.compile(r"^#     (discoreel .+?)(?:  .*)?$", re.M)


@cache
def templates() -> Mapping[str, str]:
    """The text of each template, by name and in the order of the names."""
    beside = files("pipeline.scene.starting").iterdir()
    named = {one.name: one for one in beside if one.name.endswith(".yaml")}
    return {
        name.removesuffix(".yaml"): named[name].read_text(encoding="utf-8")
        for name in sorted(named)
    }


def summaries() -> Mapping[str, str]:
    """What each template makes, in one line."""
    return {name: text.partition("\n")[0].lstrip("# ") for name, text in templates().items()}


def template(name: str) -> str:
    """The text of one template; raises Error for a name that is none's."""
    known = templates()
    if name not in known:
        raise Error(
            f'there is no template "{quoted(name)}"{nearest(name, known)}; there are '
            f"{', '.join(known)}: discoreel new --list says what each makes"
        )
    return known[name]


def needs_picture(text: str) -> bool:
    """Whether a template begins from a picture."""
    return _PICTURE in text


def filled(text: str, scene: str, picture: str) -> str:
    """A template for a scene file of this name, and a picture of that name beside it."""
    return text.replace("SCENE", command_word(scene)).replace(_PICTURE, yaml_text(picture))


def next_commands(text: str) -> tuple[str, ...]:
    """The command lines that the head of a filled template names, in the order to give them in."""
    return tuple(_COMMAND.findall(text))


def command_word(name: str) -> str:
    """A file's name as a command line has it, in quotes where it needs them."""
    return name if _PLAIN.fullmatch(name) else f'"{name}"'


def yaml_text(text: str) -> str:
    """A text as YAML has it, in quotes unless it is plain."""
    return (
        text
        if _PLAIN.fullmatch(text) and text[0].isalpha()
        else json.dumps(text, ensure_ascii=False)
    )
