"""`discoreel import`: settings of Disco Diffusion, Deforum and Parseq as a scene."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from keyframes.quoting import quoted_path
from pipeline.cli.terminal import say, tell
from pipeline.cli.writing import is_there, writing
from pipeline.errors import Error


class SettingsKind(StrEnum):
    """The program that wrote a settings file."""

    DISCO = "disco"
    DEFORUM = "deforum"
    PARSEQ = "parseq"


SettingsFile = Annotated[
    Path,
    typer.Argument(metavar="FILE", help="Settings of Disco or Deforum, or a Parseq manifest."),
]
SceneOut = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="SCENE", help="Write the scene here, not to print it."),
]
WrittenBy = Annotated[
    SettingsKind | None, typer.Option("--kind", help="Which program wrote it; told by its content.")
]
Force = Annotated[bool, typer.Option("--force", help="Write over a scene that is there.")]


def import_(
    file: SettingsFile, output: SceneOut = None, kind: WrittenBy = None, force: Force = False
) -> None:
    """Make a scene of Disco's, Deforum's or Parseq's settings.

    What has no counterpart is told, the worst first.
    """
    from pipeline.scene.importers.kinds import import_settings

    if output is not None and is_there(output) and not force:
        raise Error(f"{quoted_path(output)}: this is there already; --force writes over it")
    folder = (Path.cwd() if output is None else output.absolute().parent).resolve()
    made = import_settings(file, folder, None if kind is None else kind.value)
    for note in made.notes:
        tell(f"{quoted_path(file)}: {note}")
    if output is None:
        say(made.text.rstrip("\n"))
        tell("the scene is printed; --output NAME.yaml writes it into a file")
        return
    schema = _write(made.text, output, file)
    named = quoted_path(output)
    say(f"wrote {named} and {quoted_path(schema)}; next: discoreel check {named}")


def _write(scene: str, path: Path, settings: Path) -> Path:
    """Write a scene made of `settings`, and the schema beside it, which it returns."""
    from pipeline.cli.schema_beside import schema_beside, write_schema
    from pipeline.files.atomic import write_atomically
    from pipeline.scene.schema_file import LINE

    schema = schema_beside(path)
    with writing(path, settings):
        write_atomically(path, f"{LINE}\n{scene}".encode())
    write_schema(schema)
    return schema
