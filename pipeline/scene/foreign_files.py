"""Settings files of other programs that are given where a scene is expected."""

from __future__ import annotations

from pathlib import Path

from keyframes.quoting import quoted_path
from pipeline.errors import Error
from pipeline.scene.reading.document import Document

_OWN = "video"
"""A section that a scene must have, and that no settings of another program have."""


def refuse_settings(path: Path, document: Document) -> None:
    """Raise Error if the file at `path` is JSON by which another program is known.

    Such a file is YAML too, and each of its settings would be told as a mistake.
    """
    written = document.data
    is_json = document.own_text.lstrip("\ufeff \t\r\n").startswith("{")
    if not is_json or not isinstance(written, dict) or _OWN in written:
        return
    from pipeline.scene.importers.kinds import TITLES, kind_of
    from pipeline.scene.starting.templates import command_word

    try:
        program = TITLES[kind_of({name: 0 for name in written if isinstance(name, str)})]
    except ValueError:
        return
    named = command_word(quoted_path(path))
    raise Error(
        f"{quoted_path(path)}: these are settings of {program}, and no scene; make one of them "
        f"with discoreel import {named} --output {command_word(f'{path.stem}.yaml')}"
    )
