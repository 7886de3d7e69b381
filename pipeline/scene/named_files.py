"""The files and folders that the text of a scene may name, whether they are there or not.

A scene with a mistake is no `Scene`, and a song that is put where it was missing mends one: so what
is looked at is every text that could be the name of a file, not only those that are one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path

from pipeline.scene.reading.paths import FILES_BY_KEYS, path_from
from pipeline.scene.reading.yaml_source import read_yaml
from pipeline.scene.written_words import texts

MOST = 300
"""Most files that are looked at."""
_NAME = re.compile(r"[^\n]{0,300}(?:\.\w{1,11}|[/\\][^\n]{0,200})\Z")
"""A text with the ending of a file, or with folders in it."""


def named_files(source: str, folder: Path) -> tuple[Path, ...]:
    """The places that the texts in `source`, the YAML of a scene in `folder`, may mean."""
    return files_in(read_yaml(source).data, folder)


def files_in(written: object, folder: Path) -> tuple[Path, ...]:
    """The places that the texts in what was written in a scene in `folder` may mean."""
    found: dict[Path, None] = {}
    for text in chain(texts(written), _keys(written)):
        if len(found) == MOST:
            break
        if _NAME.fullmatch(text):
            try:
                found[path_from(folder, text)] = None
            except (ValueError, OSError, RuntimeError):  # no name of a file, or an unknown ~user
                continue
    return tuple(found)


def _keys(written: object) -> Iterator[str]:
    """The keys of the settings that name files by them, also in a profile."""
    if isinstance(written, list):
        for item in written:
            yield from _keys(item)
    elif isinstance(written, Mapping):
        for name, value in written.items():
            if name in FILES_BY_KEYS and isinstance(value, Mapping):
                yield from (key for key in value if isinstance(key, str))
            yield from _keys(value)
